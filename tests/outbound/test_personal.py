from posting import KEYS

from mailer.mail import addressing, tokens
from mailer.mail.parse import parse
from mailer.mail.writing.lint import lint
from mailer.outbound.personal import Place, leave_fields, return_path, stamp

PLACE = Place(KEYS, "cop.example", "-", "")
WEB = Place(KEYS, "cop.example", "-", "https://cop.example/lists/")


def test_a_return_path_names_its_delivery_and_is_the_same_at_every_try() -> None:
    wells = stamp(PLACE, "wells")
    path = return_path(wells, 4711)
    assert path == return_path(wells, 4711) != return_path(wells, 4712)
    local = addressing.split(path.decode().partition("@")[0], {"wells"})
    assert local and (local.community, local.verb) == ("wells", "bounces")
    assert tokens.unseal(KEYS, "bounce", local.token) == (4711,)


def test_without_a_community_or_with_a_long_name_the_house_takes_the_bounce() -> None:
    for name in ("", "x" * 60):
        path = return_path(stamp(PLACE, name), 1)
        assert path.startswith(b"mailer-b-") and path.endswith(b"@cop.example")


def test_every_token_fits_in_an_address() -> None:
    for community in ("wells", "x" * 24, "x" * 25, "x" * 40):
        for number in (0, 127, 2**35 - 1, 2**40 - 1):
            one = stamp(WEB, community)
            assert addressing.address(return_path(one, number).decode())
            assert addressing.address(
                parse(leave_fields(one, number, number))
                .headers.all("list-unsubscribe")[0]
                .split("mailto:")[1]
                .split("?")[0]
            )


def test_the_way_out_is_a_mail_and_with_a_web_door_one_click() -> None:
    raw = b"From: a@b.example\r\nDate: x\r\nMessage-ID: <a@b>\r\n\r\nHello\r\n"
    for place, fields in ((PLACE, 1), (WEB, 2)):
        head = leave_fields(stamp(place, "wells"), 3, 99)
        assert lint(head + raw) == []
        headers = parse(head + raw).headers
        assert len([name for name in headers.names() if name.startswith("list-")]) == fields
    ways = headers.get("list-unsubscribe")
    assert headers.get("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
    url, mail = (way.strip(" <>") for way in ways.split(","))
    token = url.removeprefix("https://cop.example/lists/u/")
    assert tokens.unseal(KEYS, "leave", token) == (99, 3)
    assert mail == f"mailto:wells-leave-{token}@cop.example?subject=stop"
