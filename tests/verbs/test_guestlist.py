"""`mailer member invite`: a file is sorted, the clock asks, nobody is added."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner
from printing import lend, press

from mailer import config
from mailer.__main__ import verbs
from mailer.app import furnish
from mailer.jobs import clock
from mailer.jobs.asking import ASKING
from mailer.store.society import people
from mailer.store.tables import delivery
from mailer.verbs.doorway import ready_store


def run(*words: str) -> str:
    result = CliRunner().invoke(verbs, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_file_is_asked_in_slices_and_told_apart(tmp_path: Path) -> None:
    lend(tmp_path)
    run("init", str(tmp_path), "--domain", "cop.example")
    at = ("--community", "wells", "-c", str(tmp_path / "mailer.toml"))
    run("community", "add", "wells", *at[2:])
    run("member", "add", "ana@acme.example", "--facilitator", *at)
    rows = "\n".join(f"p{n}@crowd.example;Person P" for n in range(70))
    (tmp_path / "list.csv").write_text(f"Courriel;Nom\n{rows}\nana@acme.example;Ana\nnobody;Nemo\n", "latin-1")
    said = run("member", "invite", "eve@east.example", "--csv", str(tmp_path / "list.csv"), *at)
    assert said.splitlines() == ["71 will be asked by the service", "1 a member already", "no address: nobody;Nemo"]
    settings = config.load(tmp_path / "mailer.toml")
    house, store = furnish(settings, press=press()), ready_store(settings)
    with store.reading() as conn:
        now = datetime.now(UTC) + timedelta(minutes=1)
        home = people.communities(conn)[0]
        turns = clock.not_run(conn, home, clock.come(conn, ASKING, home, now))
    assert len(turns) == 2
    for turn in turns:
        with store.writing() as conn:
            clock.perform(conn, house, turn, now)
    with store.reading() as conn:
        assert len(set(conn.scalars(delivery.select().with_only_columns(delivery.c.email)))) == 71
        assert people.count_members(conn, people.communities(conn)[0].id) == 1
    store.close()
    assert run("member", "invite", "eve@east.example", *at) == "0 will be asked by the service\n1 asked before\n"
