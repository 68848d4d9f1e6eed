"""Whatever is wrong around a verb ends it with one line that says what to do, and never with a traceback."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mailer.__main__ import said, verbs

MAIL = b"From ana@acme.example Tue Mar  3 09:00:00 2026\nFrom: a@acme.example\nMessage-ID: <%d@acme.example>\n\nHi\n\n"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    place = tmp_path / "house"
    assert run("init", place).exit_code == 0
    assert run("community", "add", "wells", "-c", place / "mailer.toml").exit_code == 0
    return place


def run(*words: object) -> Result:
    return CliRunner().invoke(verbs, [str(word) for word in words])


def trouble(*words: object) -> tuple[str, int]:
    """What `main` says of it, and its status."""
    error = run(*words).exception
    assert isinstance(error, Exception)
    found = said(error)
    assert found and "\n" not in found[0]
    return found


def foreign(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE theirs (x)")


def newer(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")


def tables(file: Path) -> object:
    try:
        with sqlite3.connect(file) as db:
            return db.execute("SELECT name FROM sqlite_master ORDER BY 1").fetchall()
    except sqlite3.DatabaseError:
        return file.read_bytes()


@pytest.mark.parametrize(
    ("spoil", "says", "status"),
    [
        (foreign, "it holds the tables of something else; name an empty database, or a new file", 78),
        (newer, "it is at 9999, and this version knows", 78),
        (lambda file: file.write_bytes(b"no database " * 999), "the database: file is not a database", 75),
    ],
)
def test_a_database_that_is_not_ours_is_left_as_it_is(house: Path, spoil: object, says: str, status: int) -> None:
    file = house / "mailer.db"
    for beside in house.glob("mailer.db-*"):
        beside.unlink()
    spoil(file)  # type: ignore[operator]
    before = tables(file)
    line, code = trouble("queue", "-c", house / "mailer.toml")
    assert (says in line, code) == (True, status), line
    checked = run("check", "-c", house / "mailer.toml").output
    assert "mend database: " in checked and "brings it there" not in checked
    assert tables(file) == before


@pytest.mark.parametrize(
    ("url", "says", "status"),
    [
        ("mysql://x/y", 'a URL is wanted, like "sqlite:///mailer.db" or "postgresql+psycopg://user@host/name"', 78),
        ("gibberish", 'a URL is wanted, like "sqlite:///mailer.db"', 78),
        ("sqlite:////nowhere/at/all.db", "unable to open database file", 75),
        ("postgresql+psycopg://u:secret@127.0.0.1:1/x", "Connection refused", 75),
    ],
)
def test_a_database_that_cannot_be_reached(house: Path, url: str, says: str, status: int) -> None:
    settings = house / "mailer.toml"
    settings.write_text(settings.read_text().replace("[database]", f'[database]\nurl = "{url}"'))
    line, code = trouble("queue", "-c", settings)
    assert (says in line, "secret" in line, code) == (True, False, status), line


def test_a_place_that_cannot_be_written(house: Path) -> None:
    inside = house / "mailer.db" / "x"
    assert trouble("init", inside) == (f"{inside}: Not a directory", 74)
    assert trouble("export", inside, "--community", "wells", "-c", house / "mailer.toml")[1] == 74


def test_init_makes_the_key_that_is_missing_and_changes_nothing_else(house: Path) -> None:
    kept = (house / "mailer.toml").read_bytes()
    (house / "secret.key").unlink()
    assert "mailer init" in trouble("serve", "-c", house / "mailer.toml")[0]
    assert run("init", house).exit_code == 0
    assert (len((house / "secret.key").read_text()), (house / "mailer.toml").read_bytes()) == (65, kept)
    assert trouble("init", house) == (f"{house / 'mailer.toml'} is there already; nothing was changed", 78)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("digest_hour=25", "digest_hour=25: a number from 0 to 23 is wanted"),
        ("digest_hour=-1", "digest_hour=-1: a number from 0 to 23 is wanted"),
        ("rota=weakly", "rota=weakly: one of all, weekly is wanted; did you mean weekly?"),
        ("archive=perhaps", "archive=perhaps: one of true, false is wanted"),
        ("language=xx", "language 'xx': the mails speak ar, de, en, es, fr, ja, pt, sw"),
    ],
)
def test_a_choice_that_cannot_be(house: Path, choice: str, said: str) -> None:
    assert trouble("community", "set", "wells", choice, "-c", house / "mailer.toml") == (said, 78)
    assert run("community", "set", "wells", "digest_hour=8", "archive=True", "-c", house / "mailer.toml").exit_code == 0


def test_a_list_of_members_from_any_spreadsheet(house: Path, tmp_path: Path) -> None:
    settings, file = house / "mailer.toml", tmp_path / "m.csv"

    def took(octets: bytes) -> tuple[int, list[str]]:
        file.write_bytes(octets)
        taken = run("member", "import", file, "--community", "wells", "-c", settings)
        listed = run("member", "list", "--community", "wells", "-c", settings).output.splitlines()
        return taken.output.count("not taken"), listed

    assert took("Email;Name;Mode\r\nana@acme.example;Ana Müller;weekly\r\n".encode("cp1252")) == (
        0, ["ana@acme.example\tAna Müller\t\tmember\tweekly"]
    )  # fmt: skip
    assert took(b"address,role,mode\nana@acme.example,Facilitator,\nbob@acme.example,boss,\ncy@x.no,,hourly\n") == (
        2, ["ana@acme.example\tAna Müller\t\tfacilitator\tweekly"]
    )  # fmt: skip
    file.write_bytes(b"who are they\nana\n")
    line, code = trouble("member", "import", file, "--community", "wells", "-c", settings)
    assert code == 78 and "its first line names the columns" in line


def test_an_archive_that_ends_in_the_middle_gives_what_is_whole_and_says_so(house: Path, tmp_path: Path) -> None:
    import gzip

    file, settings = tmp_path / "old.mbox.gz", house / "mailer.toml"
    whole = gzip.compress(b"".join(MAIL % n for n in range(2000)), 1)
    file.write_bytes(whole[: len(whole) // 2])
    first = run("import", file, "--community", "wells", "-c", settings)
    assert isinstance(first.exception, Exception)
    assert said(first.exception) == (f"{file} is damaged or ends in the middle; get a whole one and run this again", 78)
    assert "new posts" in first.output
    file.write_bytes(whole)
    assert "2,000 mails: " in run("import", file, "--community", "wells", "-c", settings).output
    listed = run("threads", "--tsv", "--community", "wells", "-c", settings).output.splitlines()
    assert len(listed) == 2000
    file.write_bytes(b"nothing of the sort")
    assert trouble("import", file, "--community", "wells", "-c", settings) == (
        f"no mails in {file}: is it an mbox?",
        78,
    )


def test_the_dump_that_is_named_has_no_password_in_it_and_no_stars_for_one(house: Path) -> None:
    settings = house / "mailer.toml"
    url = "postgresql+psycopg://mailer:secret@db.example/mailer"
    settings.write_text(settings.read_text().replace("[database]", f'[database]\nurl = "{url}"'))
    said = run("backup", "x.dump", "-c", settings)
    assert said.stdout == "pg_dump --format=custom --file=x.dump postgresql://mailer@db.example/mailer\n"
    assert "~/.pgpass" in said.stderr


def test_what_names_nothing_is_asked_back(house: Path) -> None:
    settings = house / "mailer.toml"
    assert trouble("serve", "--only", "", "-c", settings)[0].startswith("--only '': the parts are listen, read")
    assert trouble("serve", "--only", "web,lisp", "-c", settings)[0].startswith("--only lisp: the parts are listen")
    assert trouble("member", "invite", "--community", "wells", "-c", settings)[0].startswith("say whom to ask")
    assert "did you mean member-digest?" in run("preview", "member-digst").stderr
