"""What never happens, and what always does: no page is asked for, no program run; From is ours."""

import ast
from pathlib import Path

from world import World

import mailer

from .hostile import ANA, BOB, CLEO, mail

PACKAGE = Path(mailer.__file__).parent
REACHES = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "subprocess", "pickle"}
ALLOWED = {"surroundings.py": {"urllib.request"}}  # `mailer check` looks whether a port is our own, by its /health


def imported(file: Path) -> set[str]:
    """Modules that a file brings in."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_nothing_asks_for_a_page() -> None:
    files = list(PACKAGE.rglob("*.py"))
    assert len(files) > 100
    assert [
        (one.name, imported(one) & REACHES) for one in files if imported(one) & REACHES - ALLOWED.get(one.name, set())
    ] == []


async def test_what_goes_out_is_from_us(world: World) -> None:
    border = b"Authentication-Results: mx.cop.example; dmarc=pass (p=reject) header.from=nord.example\r\n"
    await world.hand_in(BOB, "wells@cop.example", border + mail("A question."), verified=False)
    for who in (ANA, CLEO):
        [post] = world.new(who)
        [author] = post.message.senders
        assert author.address == "wells@cop.example" and author.name.startswith("Bob Berg")
        assert post.mail_from.endswith("@cop.example") and BOB not in post.raw.decode()
