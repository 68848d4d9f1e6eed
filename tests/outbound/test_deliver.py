import re

from posting import TEXT, community, deliverer, post, rows
from sink import Sink

from mailer.mail.parse import parse
from mailer.store.db import Store

MEMBERS = [f"m{n:02d}@acme.example" for n in range(20)]


async def test_each_member_gets_one_mail_with_a_return_path_and_a_way_out_of_their_own(store: Store) -> None:
    post(store, community(store, MEMBERS))
    async with Sink() as sink:
        sender = deliverer(sink, store)
        assert await sender.drain() == 20
        assert await sender.drain() == 0
        await sender.stop()
    assert sorted(mail.rcpts for mail in sink.mails) == [(email,) for email in MEMBERS]
    assert len({mail.mail_from for mail in sink.mails}) == 20
    assert all(re.fullmatch(r"wells-b-[a-z2-7]{20,30}@cop\.example", mail.mail_from) for mail in sink.mails)
    messages = [parse(mail.raw) for mail in sink.mails]
    assert len({message.headers.get("list-unsubscribe") for message in messages}) == 20
    assert {message.message_id for message in messages} == {"post1@cop.example"}
    assert {message.text for message in messages} == {TEXT}
    assert rows(store) == dict.fromkeys(MEMBERS, ("sent", 1))
