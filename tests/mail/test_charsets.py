"""Octets become text whatever their label says."""

import pytest

from mailer.mail.parts.charsets import codec, decode, line_clean, lines_clean

WRITTEN = [
    ("iso-8859-1", "cp1252", "Grüße aus Köln – „bald“ 5 €"),
    ("ISO-8859-2", "iso8859-2", "Příliš žluťoučký kůň úpěl"),
    ("iso-8859-7", "iso8859-7", "Καλημέρα σε όλους"),
    ("ISO-8859-8-I", "iso8859-8", "שלום לכולם"),
    ("iso-8859-9", "cp1254", "İstanbul'da görüşürüz, ağabey"),
    ("windows-1251", "cp1251", "Добрый день, коллеги"),
    ("KOI8-R", "koi8-r", "Доброе утро, коллеги"),
    ("koi8-u", "koi8-u", "Доброго ранку, їжаче"),
    ("windows-1256", "cp1256", "السلام عليكم جميعا"),
    ("windows-1257", "cp1257", "Labdien, draugi, ąčęėįšųū"),
    ("tis-620", "cp874", "สวัสดีครับทุกคน"),
    ("shift_jis", "cp932", "こんにちは、髙橋です①"),
    ("euc-jp", "euc_jp", "日本語のメール"),
    ("ISO-2022-JP", "iso2022_jp", "日本語のメール"),
    ("gb2312", "gb18030", "中文邮件，朱镕基"),
    ("big5", "big5", "繁體中文信件"),
    ("ks_c_5601-1987", "cp949", "한국어 메일입니다 똠방"),
    ("iso-2022-kr", "iso2022_kr", "한국어 메일"),
    ("hz-gb-2312", "hz", "中文邮件"),
    ("utf-8", "utf-8", "हिन्दी, தமிழ், አማርኛ, ქართული 🌍"),
    ("macintosh", "mac_roman", "Café über œuvre"),
]


@pytest.mark.parametrize(("label", "used", "text"), WRITTEN, ids=[label for label, _, _ in WRITTEN])
def test_text_in_a_named_charset_is_read(label: str, used: str, text: str) -> None:
    assert decode(text.encode(used), label) == text


@pytest.mark.parametrize(
    "label", ["", "us-ascii", "iso-8859-1", "x-unknown", "klingon", "utf-7", "windows-1252", "zlib"]
)
def test_utf8_is_read_under_a_label_that_is_wrong(label: str) -> None:
    assert decode("Größe, 日本語".encode(), label) == "Größe, 日本語"


@pytest.mark.parametrize("label", ["gb2312", "windows-1251", "shift_jis", "iso-8859-15", "euc-kr"])
def test_utf8_is_read_under_the_label_of_another_script(label: str) -> None:
    assert decode("Добрый день всем".encode(), label) == "Добрый день всем"


def test_a_short_word_is_what_its_label_says() -> None:
    assert decode("联通".encode("gbk"), "gb2312") == "联通"


@pytest.mark.parametrize("label", ["", "utf-8", "us-ascii"])
def test_stray_octets_among_utf8_are_read_as_windows_1252(label: str) -> None:
    assert decode("日本 ".encode() + b"caf\xe9 \x93ok\x94", label) == "日本 café “ok”"


def test_letters_of_japanese_makers_are_read_in_iso_2022_jp() -> None:
    assert decode(b"\x1b$B2q5D-!$O-j|bEg20$G!#\x1b(B ok", "iso-2022-jp") == "会議①は㈱髙島屋で。 ok"


def test_octets_that_are_no_letters_of_iso_2022_jp_are_dropped() -> None:
    assert decode(b"\x1b$B2q\xff\xff\x00\x00\x1b(B ok\x1b$B", "iso-2022-jp") == "会 ok"


UNNAMED = [
    ("gb18030", "这是一封退信通知，您的邮件无法投递"),
    ("big5", "您的郵件無法投遞，請檢查地址是否正確"),
    ("euc_jp", "メールを配信できませんでした"),
    ("cp932", "メールを配信できませんでした。アドレスをご確認ください"),
    ("cp949", "메일을 전송할 수 없습니다 주소를 확인하세요"),
    ("cp1251", "Здравствуйте, коллеги! Письмо не доставлено"),
    ("koi8-r", "Здравствуйте, коллеги! Письмо не доставлено"),
    ("cp1252", "Déjà là, où êtes-vous? Ça où naïve, “œuvre” – öäüß"),
    ("cp1252", "Ægir på fjället, åtta ål – smörgås"),
    ("cp1252", "mañana ¿qué? ¡olé! años"),
]


@pytest.mark.parametrize("label", ["", "x-unknown", "iso-8859-1"])
@pytest.mark.parametrize(("used", "text"), UNNAMED, ids=[used for used, _ in UNNAMED])
def test_a_charset_that_is_not_named_is_told_by_its_shape(used: str, text: str, label: str) -> None:
    assert decode(text.encode(used), label) == text


def test_unlabelled_iso_2022_jp_is_recognised() -> None:
    assert decode("会議の件".encode("iso2022_jp")) == "会議の件"


@pytest.mark.parametrize(
    "name", ["utf-7", "zlib", "rot13", "idna", "punycode", "unicode_escape", "base64", "\0", "", "utf-16-"]
)
def test_no_codec_outside_the_list_is_used(name: str) -> None:
    assert decode(b"+ADw-script+AD4- \\u0041", name) == "+ADw-script+AD4- \\u0041"


def test_utf16_is_believed_only_with_its_mark() -> None:
    assert decode("\ufeffhé".encode("utf-16"), "utf-16") == "hé"
    assert decode(b"plain text", "utf-16") == "plain text"


@pytest.mark.parametrize("label", ["cp1252", "UTF-8", '"Windows-1252"', "x-sjis", "CP-932", "cswindows31j", "latin1"])
def test_labels_are_known_in_any_spelling(label: str) -> None:
    assert codec(label) != ""


def test_body_lines_lose_controls_and_keep_directions() -> None:
    assert lines_clean("a\r\nb\rc\x0cd\u2028e\x00\x1b[31m\tשלום\u200f\u202b") == "a\nb\nc\nd\ne[31m\tשלום\u200f\u202b"


def test_a_header_line_stays_one_line() -> None:
    assert line_clean(" a\r\nBcc: x\x00\u2028y\x85z\t!\x7f ") == "a Bcc: xy z !".replace("xy", "x y")


@pytest.mark.parametrize(
    ("label", "used"), [("iso-2022-jp", "cp932"), ("hz-gb-2312", "gb18030"), ("iso-2022-kr", "cp949")]
)
def test_octets_above_127_are_not_of_a_charset_that_shifts(label: str, used: str) -> None:
    text = {"cp932": "先週のガスケットは漏れました", "gb18030": "上周的垫片漏水了", "cp949": "지난주 밸브가 샙니다"}[
        used
    ]
    assert decode(text.encode(used), label) == text
