from datetime import datetime, timedelta

from mailer.store.db import Store
from mailer.store.record import ledger
from mailer.store.society import people


def test_thanks_are_found_between_two_moments(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells, kilns = (people.add_community(conn, name, now) for name in ("wells", "kilns"))
        ana, bo = (people.add_person(conn, f"{name}@acme.example", now).id for name in ("ana", "bo"))
        hour = timedelta(hours=1)
        ledger.record(conn, "thanked", at=now - hour, community_id=wells, person_id=ana, other_id=bo)
        kept = ledger.record(conn, "thanked", at=now, community_id=wells, person_id=ana, other_id=bo)
        ledger.record(conn, "thanked", at=now, community_id=wells, person_id=ana, detail="the whole thread")
        ledger.record(conn, "thanked", at=now, community_id=kilns, person_id=ana, other_id=bo)
        ledger.record(conn, "posted", at=now, community_id=wells, person_id=ana)
        ledger.record(conn, "thanked", at=now + hour, community_id=wells, person_id=bo, other_id=ana)
        found = ledger.thanks_between(conn, wells, now, now + hour)
        assert [(entry.id, entry.person_id, entry.other_id, entry.at) for entry in found] == [(kept, ana, bo, now)]
        assert [entry.what for entry in ledger.entries(conn, wells, "posted", now, now + hour)] == ["posted"]


def test_what_a_mail_came_to_is_told_in_order(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        query = (
            "insert into inbox (id, raw, recipients, mail_from, peer, trusted, received_at, state, tries, fingerprint"
        )
        for id in (7, 8):
            conn.exec_driver_sql(
                f"{query}, trouble) values ({id}, '', '[]', '', '', false, '{now}', 'done', 1, '', '')"
            )
        ledger.record(conn, "posted", at=now, inbox_id=7)
        ledger.record(conn, "joined", at=now, inbox_id=8)
        ledger.record(conn, "lesson kept", at=now, inbox_id=7, detail="T-1")
        assert [(entry.what, entry.detail) for entry in ledger.outcomes_of(conn, 7)] == [
            ("posted", ""),
            ("lesson kept", "T-1"),
        ]
        assert ledger.outcomes_of(conn, 9) == []
