from posting import KEYS

from mailer.mail import addressing, tokens
from mailer.mail.lint import lint
from mailer.mail.parse import parse
from mailer.outbound.personal import Place, leave_fields, return_path

PLACE = Place(KEYS, "cop.example", "-", "")
WEB = Place(KEYS, "cop.example", "-", "https://cop.example/lists/")


def test_a_return_path_names_its_delivery_and_is_the_same_at_every_try() -> None:
    path = return_path(PLACE, "wells", 4711)
    assert path == return_path(PLACE, "wells", 4711) != return_path(PLACE, "wells", 4712)
    local = addressing.split(path.partition("@")[0], {"wells"})
    assert local and (local.community, local.verb) == ("wells", "bounces")
    assert tokens.unseal(KEYS, "bounce", local.token) == (4711,)


def test_without_a_community_or_with_a_long_name_the_house_takes_the_bounce() -> None:
    assert return_path(PLACE, "", 1).startswith("mailer-b-")
    assert return_path(PLACE, "x" * 60, 1).startswith("mailer-b-")


def test_the_way_out_is_a_mail_and_with_a_web_door_one_click() -> None:
    raw = b"From: a@b.example\r\nDate: x\r\nMessage-ID: <a@b>\r\n\r\nHello\r\n"
    for place, fields in ((PLACE, 1), (WEB, 2)):
        head = leave_fields(place, "wells", 3, 99)
        assert lint(head + raw) == []
        headers = parse(head + raw).headers
        assert len([name for name in headers.names() if name.startswith("list-")]) == fields
    ways = headers.get("list-unsubscribe")
    assert headers.get("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
    url, mail = (way.strip(" <>") for way in ways.split(","))
    token = url.removeprefix("https://cop.example/lists/u/")
    assert tokens.unseal(KEYS, "leave", token) == (99, 3)
    assert mail == f"mailto:wells-leave-{token}@cop.example?subject=stop"
