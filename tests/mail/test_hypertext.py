"""HTML becomes the text a person would read."""

import pytest

from mailer.mail.parts.hypertext import to_text
from mailer.mail.parts.markup import TAG_LIMIT, tokens

CASES = {
    "paragraphs": ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
    "divs": ("<div>One</div><div>Two</div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"),
    "white space": ("<p>One\n   two\t three </p>", "One two three"),
    "no-break space": ("a&nbsp;&nbsp;b<p>&nbsp;</p>c", "a  b\n\nc"),
    "Outlook's lines": (
        "<p class=MsoNormal>One<o:p></o:p></p><p class=MsoNormal>Two</p><p class=Mso>&nbsp;</p><p class=Mso>Three",
        "One\nTwo\n\nThree",
    ),
    "tight paragraphs": ('<p style="margin:0">One</p><p style="margin: 0px;">Two</p>', "One\nTwo"),
    "headings": ("<h1>Title</h1>text<h2>Next</h2>more", "Title\n\ntext\n\nNext\n\nmore"),
    "bullets": ("<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>end", "- one\n- two\n  - deep\n\nend"),
    "numbers": ("<ol start=3><li>three<li>four</ol>", "3. three\n4. four"),
    "lines of an item": ("<ul><li>one<br>more</ul>", "- one\n  more"),
    "a table": (
        "<table><tr><th>Name</th><th>Hours</th></tr><tr><td>Ada</td><td>4</td></tr></table>",
        "Name | Hours\nAda | 4",
    ),
    "a table that is layout": (
        "<table><tr><td><p>Left one</p><p>Left two</p></td><td>Right</td></tr></table>",
        "Left one\n\nLeft two\n\nRight",
    ),
    "cells never closed": ("<table><tr><td>a<td>b<tr><td>c<td>d</table>e", "a | b\nc | d\ne"),
    "tables in tables": ("<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>", "a | b"),
    "a quote": ("<p>New</p><blockquote type=cite>old<br>words</blockquote>", "New\n\n> old\n> words"),
    "a quote in a quote": (
        "<blockquote>one<blockquote>two</blockquote>three</blockquote>four",
        "> one\n>\n>> two\n>\n> three\n\nfour",
    ),
    "indentation is no quote": ('<blockquote style="margin:0 0 0 40px;border:none;padding:0">in</blockquote>', "in"),
    "Outlook's blue line": ("<div style='border:none;border-left:solid blue 1.5pt'>old</div>new", "> old\n\nnew"),
    "a link": (
        'see <a href="https://example.org/x?a=1&amp;b=2">the notes</a>.',
        "see the notes <https://example.org/x?a=1&b=2>.",
    ),
    "a link that shows itself": (
        '<a href="https://example.org/">example.org</a> <a href="mailto:a@b.org">a@b.org</a>',
        "example.org a@b.org",
    ),
    "links that lead nowhere": (
        '<a href="#top">up</a> <a href="javascript:x()">do</a> <a name=x>here</a>',
        "up do here",
    ),
    "a picture": ('<img src="x.png" alt="A boat"> <img alt="🎉" src=y> <img src=z>', "[A boat] 🎉"),
    "a tracker": ('text<img width="1" height="1" alt="open" src="https://t.example/1.gif">', "text"),
    "a rule": ("one<hr>two", f"one\n{'_' * 32}\ntwo"),
    "preformatted": ("<pre>def f():\n    return 1</pre>", "def f():\n    return 1"),
    "a signature mark": ("text<br>-- <br>Jane", "text\n-- \nJane"),
    "scripts and styles": ("<style>p{}</style><script>if (a<b) x('</p>')</script>text<title>t</title>", "text"),
    "the head": ("<html><head><title>T</title><meta charset=utf-8></head><body>text</body></html>", "text"),
    "a head never closed": ("<head><meta charset=utf-8><body>text", "text"),
    "comments": ("a<!-- b -->c<!--[if mso]><p>outlook</p><![endif]-->d<![if !mso]>e<![endif]>", "acde"),
    "a comment never closed": ("a<!-- b <b>c</b>", "ac"),
    "entities": ("&lt;b&gt; &amp;amp; &eacute; &#8364; &#x1F600; &unknown; &copy", "<b> &amp; é € 😀 &unknown; ©"),
    "a huge reference": (f"a&#{'9' * 5000};b", "a\ufffdb"),
    "a preheader": ('<div style="display: none !important; max-height:0">Secret</div><p>Shown</p>', "Shown"),
    "an invisible span": ('a<span style="opacity:0">b<span>c</span></span>d', "ad"),
    "hidden by attribute": ("<p hidden>no</p>yes", "yes"),
    "hidden and never closed": ('<div style="display:none">all the words', "all the words"),
    "visible children of size nought": (
        '<td style="font-size:0px"><div style="font-size:13px">shown</div></td>',
        "shown",
    ),
    "padding of preheaders": ("Hi&zwnj;&nbsp;\u200b\u200b\u034f&#847; &zwnj;&nbsp;<p>there", "Hi\n\nthere"),
    "Khmer and Persian": (
        "<p>ស្វាគមន៍\u200bមក</p><p>می\u200cخواهم 👩\u200d🔧</p>",
        "ស្វាគមន៍\u200bមក\n\nمی\u200cخواهم 👩\u200d🔧",
    ),
    "Hebrew": ('<div dir="rtl"><b>שלום</b> לכולם, <i>abc</i> 12</div>', "שלום לכולם, abc 12"),
    "Arabic marks": ("<p>السلام\u200f عليكم</p>", "السلام\u200f عليكم"),
    "Japanese": ("<p>今日は<br/>良い天気ですね。</p>", "今日は\n良い天気ですね。"),
    "Thai and Hindi": ("<p>สวัสดี</p><p>नमस्ते</p>", "สวัสดี\n\nनमस्ते"),
    "unquoted markup": ("a < b and c > d <3", "a < b and c > d <3"),
    "tags in capitals": ("<P>One<BR>two</P><UL><LI>x</UL>", "One\ntwo\n\n- x"),
    "a quote inside a value": ('<a href="https://x.org/a>b" title=\'"\'>t</a>', "t <https://x.org/a>b>"),
    "a quote never closed": ('<p class="x>One</p><p>Two</p>', "One\n\nTwo"),
    "an apostrophe in a tag": ("<p class=it's>One</p>", "One"),
    "nothing": ("", ""),
    "no markup": ("only words", "only words"),
}


@pytest.mark.parametrize(("source", "text"), CASES.values(), ids=CASES.keys())
def test_the_text_of_html(source: str, text: str) -> None:
    assert to_text(source) == text


@pytest.mark.parametrize(
    "piece", ["<", "<a ", '<a ="', "<!--", "<b>", "<div>", "<table><tr><td>x", "<ul><li>", "&#", "<script>"]
)
def test_endless_markup_has_an_end(piece: str) -> None:
    assert isinstance(to_text(piece * 3000), str)


def test_behind_the_last_tag_that_is_read_words_remain() -> None:
    assert to_text("<b>" * (TAG_LIMIT + 10) + "last <i>words</i>").split() == ["last", "words"]


def test_attributes_are_read_in_any_form() -> None:
    (token,) = tokens("<a HREF = 'x y' b=\"&quot;\" c=d e f=>")
    assert token.attributes() == {"href": "x y", "b": '"', "c": "d", "e": "", "f": ""}
