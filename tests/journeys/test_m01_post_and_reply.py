"""M01: solve problems for each other. A question to all, answers in its thread, thanks to one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from world import START, World

from mailer.store.society import people
from mailer.store.tables import thread
from mailer.store.talk import posts

END = START + timedelta(days=1)


async def test_a_question_reaches_everyone_and_the_answers_stay_in_its_thread(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    id = await world.write(bob, "wells@cop.example", "Losses at the shoe?", "Who has cured losses at 2,300 m?")
    [post] = world.new(cleo)
    assert post.subject == "Losses at the shoe?"
    assert post.message.message_id == id
    assert post.message.senders[0].name == "Bob Berg (Nord Drilling) via Wells"
    assert post.message.senders[0].address == post.back == "wells@cop.example"
    assert "Who has cured losses at 2,300 m?" in post.text
    assert post.text.rstrip().splitlines()[-1].startswith("thanks · private · mute · weekly · help [#")
    [receipt] = world.new(bob)
    assert "2 people will see your post" in receipt.text

    await world.reply(cleo, post, "Ceramic beads did it for us.")
    answer = world.new(bob)[0]
    assert answer.subject == "Re: Losses at the shoe?"
    assert "Ceramic beads did it for us." in answer.text
    assert "Who has cured losses" not in answer.text  # the quote is folded
    with world.app.store.reading() as conn:
        wells = people.communities(conn)[0].id
        asked = posts.by_message_id(conn, wells, id)
        assert asked
        assert [one.author for one in posts.posts_of(conn, asked.thread_id)] == ["Bob Berg", "Cleo Diaz"]
    assert world.outcomes() == ["posted", "posted"]


async def test_each_gets_every_post_once_with_a_return_path_of_its_own(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await world.write(ana, "wells@cop.example", "One", "First.")
    await world.write(ana, "wells@cop.example", "Two", "Second.")
    posts = [mail for who in (bob, cleo) for mail in world.box(who)]
    assert [mail.subject for mail in posts] == ["One", "Two", "One", "Two"]
    assert len({mail.mail_from for mail in posts}) == 4
    assert all(mail.mail_from.startswith("wells-b-") for mail in posts)
    leave = {mail.message.headers.get("list-unsubscribe") for mail in world.box(bob)}
    assert len(leave) == 1 and leave != {mail.message.headers.get("list-unsubscribe") for mail in world.box(cleo)}


async def test_thanks_is_one_word_to_one_person(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Beads", "Use ceramic beads.")
    [post] = world.new(cleo)
    world.new(ana), world.new(bob)
    await world.reply(cleo, post, "Thanks!")
    await world.reply(cleo, post, "thank you")
    assert world.new(ana) == world.new(bob) == world.new(cleo) == []
    assert world.outcomes() == ["posted", "thanked", "ignored"]


async def test_the_same_mail_handed_over_twice_is_posted_once(world: World, ana: str, bob: str) -> None:
    raw = b"From: Bob <bob@nord.example>\r\nMessage-ID: <x@nord.example>\r\nSubject: Hi\r\n\r\nOnce.\r\n"
    await world.hand_in(bob, "wells@cop.example", raw)
    await world.hand_in(bob, "wells@cop.example", b"Received: from elsewhere\r\n" + raw)
    assert [mail.subject for mail in world.new(ana)] == ["Hi"]
    assert world.outcomes() == ["posted", "duplicate"]


async def test_a_restart_in_the_middle_loses_nothing(world: World, ana: str, bob: str) -> None:
    await world.app.stop()
    await world.open()
    await world.write(bob, "wells@cop.example", "After", "Still here.")
    await world.restart()
    await world.settle()
    assert [mail.subject for mail in world.new(ana)] == ["After"]


async def test_a_phone_that_writes_only_html_answers_in_few_words(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses at 2,300 m?")
    [post] = world.new(cleo)
    html = (
        "<html><body><div dir=auto>Ceramic beads &amp; patience.</div><br><div class=gmail_quote>"
        "<div dir=ltr class=gmail_attr>On Mon, Mar 2, 2026 at 10:00 AM Bob Berg (Nord Drilling) via Wells &lt;"
        "<a href='mailto:wells@cop.example'>wells@cop.example</a>&gt; wrote:<br></div>"
        "<blockquote class=gmail_quote style='margin:0 0 0 .8ex'>Who has cured losses at 2,300 m?</blockquote>"
        "</div></body></html>"
    )
    named = f"In-Reply-To: <{post.message.message_id}>"
    await world.write(cleo, post.back, "Re: Losses", html=html, headers=named)
    [answer] = [mail for mail in world.new(bob) if mail.subject == "Re: Losses"]
    assert "Ceramic beads & patience." in answer.text
    assert "Who has cured" not in answer.text
    assert answer.message.in_reply_to == (post.message.message_id,)


async def test_a_word_without_its_headers_is_known_by_the_code_at_the_foot(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    await world.write(bob, "wells@cop.example", "Beads", "Use ceramic beads.")
    [post] = world.new(cleo)
    foot = post.text.rstrip().splitlines()[-1]
    quoted = f"\n\n> Use ceramic beads.\n>\n> ---\n> {foot}"
    world.new(ana), world.new(bob)
    await world.write(cleo, "wells@cop.example", "Re: Beads", f"thanks{quoted}")
    assert world.new(ana) == world.new(bob) == []
    code = foot[foot.index("[#") :]
    await world.write(cleo, "wells@cop.example", f"Some new subject {code}", "They held for a year.")
    with world.app.store.reading() as conn:
        wells = people.communities(conn)[0].id
        [thread] = {posts.thread(conn, post.thread_id) for post in posts.posts_since(conn, wells, world.now, END)}
        assert thread and thread.subject == "Beads"
    assert world.outcomes() == ["posted", "thanked", "posted"]


async def test_one_mail_to_two_of_our_addresses_does_what_each_is_for(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    world.community("hills")
    hanna = world.member("hanna@peak.example", "Hanna Roth", "hills")
    world.member(bob, "Bob Berg", "hills")
    await world.write(ana, "wells@cop.example", "Ceramic beads", "They hold.")
    world.new(bob)
    await world.write(
        bob, "wells-find@cop.example wells@cop.example hills@cop.example", "ceramic beads", "Who has any?"
    )
    assert [mail.subject for mail in world.new(hanna)] == ["ceramic beads"]
    assert [mail.subject for mail in world.new(cleo)] == ["Ceramic beads", "ceramic beads"]
    found, *receipts = world.new(bob)
    assert "Ceramic beads" in found.text and "Ana Lima" in found.text
    assert [mail.subject for mail in receipts] == ["Your post: ceramic beads"] * 2
    assert world.outcomes() == ["posted", "found", "posted", "posted"]


@pytest.mark.parametrize(
    ("who", "said", "state"),
    [("bob", "solved", "open"), ("ana", "Thanks Cleo!", "answered"), ("ana", "solved", "answered")],
)
async def test_whoever_has_asked_says_whether_it_is_answered(
    world: World, ana: str, bob: str, cleo: str, who: str, said: str, state: str
) -> None:
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses at the shoe?")
    await world.reply(cleo, world.new(cleo)[0], "We used ceramic beads.")
    reader = {"ana": ana, "bob": bob}[who]
    await world.reply(reader, world.new(reader)[-1], said)
    with world.app.store.reading() as conn:
        assert list(conn.scalars(sa.select(thread.c.state))) == [state]
    assert world.outcomes()[-1] == "thanked"
