"""M52: each person's own way of getting mail, changed by one word and answered by one line."""

import pytest
from world import World

from mailer.community.policy import Policy
from mailer.store.society import people


async def test_one_word_changes_how_mail_comes(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "One", "First.")
    await world.reply(bob, world.new(bob)[0], "weekly")
    [said] = world.new(bob)
    assert "from now on you get one mail a week" in said.text
    await world.write(ana, "wells@cop.example", "Two", "Second.")
    assert world.new(bob) == []
    await world.reply(bob, said, "each")
    world.new(bob)
    await world.write(ana, "wells@cop.example", "Three", "Third.")
    assert [mail.subject for mail in world.new(bob)] == ["Three"]


async def test_an_address_shows_the_settings_and_takes_words(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-me@cop.example", "", "please")
    [settings] = world.new(bob)
    assert "You get: each post as it comes." in settings.text
    await world.write(bob, "wells-me@cop.example", "", "daily")
    assert "from now on you get one mail a day" in world.new(bob)[0].text


async def test_a_thread_can_be_silenced_and_followed_again(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(ana, "wells@cop.example", "Long talk", "Begin.")
    [post] = world.new(bob)
    await world.reply(bob, post, "mute")
    [muted] = world.new(bob)
    await world.reply(cleo, world.new(cleo)[0], "More of it.")
    assert world.new(bob) == []
    await world.reply(bob, muted, "follow")
    world.new(bob)
    await world.reply(cleo, world.box(cleo)[0], "And coarse ones after that.")
    assert world.outcomes() == ["posted", "set", "posted", "set", "posted"]
    assert [mail.subject for mail in world.new(bob)] == ["Re: Long talk"]


async def test_a_near_miss_is_asked_back_and_nothing_is_done(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "Something.")
    await world.reply(bob, world.new(bob)[0], "unsubcribe pls")
    [asked] = world.new(bob)
    assert "unsubcribe pls" in asked.text and "“leave”" in asked.text
    assert len(world.new(cleo)) == 1  # the post, and nothing of Bob's
    await world.reply(bob, asked, "leave")
    assert [mail.subject for mail in world.new(bob)] == ["You have left Wells"]


async def test_attachments_stay_until_someone_wants_them(world: World, ana: str, bob: str) -> None:
    raw = (
        b"From: Bob <bob@nord.example>\r\nMessage-ID: <a@nord.example>\r\nSubject: The recipe\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nSee the sheet.\r\n'
        b'--x\r\nContent-Type: application/pdf; name="pill.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        b"JVBERi0=\r\n--x--\r\n"
    )
    await world.hand_in(bob, "wells@cop.example", raw)
    [post] = world.new(ana)
    assert "Attached: pill.pdf" in post.text and post.message.attachments == ()
    await world.reply(ana, post, "files")
    [sent] = world.new(ana)
    assert [(one.name, one.content) for one in sent.message.attachments] == [("pill.pdf", b"%PDF-")]


async def test_everyone_reads_the_footer_in_their_own_language(world: World, ana: str, bob: str) -> None:
    claire = world.member("claire@atlas.example", "Claire Dubois", language="fr")
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    assert "merci" in world.new(claire)[0].text and "thanks" in world.new(ana)[0].text
    assert [mail.subject for mail in world.box(claire)] == ["Losses"]
    await world.reply(claire, world.box(claire)[0], "merci")
    assert world.outcomes() == ["posted", "thanked"]


# --- one line changes one setting, and is answered by one line ------------------------------------------------------


async def tell(world: World, who: str, line: str) -> str:
    """Say one line to `wells-me@`; what comes back, as one line."""
    await world.write(who, "wells-me@cop.example", "", line)
    [mail] = world.new(who)
    return " ".join(mail.text.split())


async def test_a_weekly_digest_comes_on_the_day_one_chooses(world: World, ana: str, bob: str) -> None:
    claire = world.member("claire@atlas.example", "Claire Dubois", language="fr")
    marta = world.member("marta@sur.example", "Marta Ruiz", language="es")
    await world.wait(minutes=1)
    assert "one mail a week, on Friday" in await tell(world, bob, "weekly friday")
    assert "un mail par semaine, le mercredi" in await tell(world, claire, "hebdo le mercredi")
    assert "un correo a la semana, el lunes" in await tell(world, marta, "semanal")
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses at the shoe?")
    await world.until("2026-03-04 08:00", "Europe/Oslo")
    assert [len(world.new(who)) for who in (claire, bob, marta)] == [1, 0, 0]
    await world.until("2026-03-06 08:00", "Europe/Oslo")
    assert [len(world.new(who)) for who in (claire, bob, marta)] == [0, 1, 0]
    await world.until("2026-03-09 08:00", "Europe/Oslo")
    assert [len(world.new(who)) for who in (claire, bob, marta)] == [0, 0, 1]
    await world.write(ana, "wells@cop.example", "Pumps", "Which seals last?")
    await world.until("2026-03-13 08:00", "Europe/Oslo")
    [digest] = world.new(bob)
    assert "Pumps" in digest.text and "Losses" not in digest.text


async def test_only_the_tags_one_names(world: World, ana: str, bob: str, cleo: str) -> None:
    assert "conversations tagged #cementing #ppg" in await tell(world, bob, "tags #cementing #ppg")
    assert "sujets" not in await tell(world, cleo, "mute #ppg")
    await world.write(ana, "wells@cop.example", "Pumps", "Which seals last?")
    await world.write(ana, "wells@cop.example", "Fracture gradient #ppg", "What do you use?")
    await world.write(ana, "wells@cop.example", "Slurry", "Which one?\n\n#cementing")
    assert [mail.subject for mail in world.new(bob)] == ["Fracture gradient #ppg", "Slurry"]
    [pumps, slurry] = world.new(cleo)
    assert (pumps.subject, slurry.subject) == ("Pumps", "Slurry")
    await world.reply(cleo, slurry, "Class G.")  # the conversation is about it, whatever its answers say
    assert [mail.subject for mail in world.new(bob)] == ["Re: Slurry"]
    await world.reply(bob, world.box(bob)[-1], "mute")
    world.new(bob)
    await world.reply(ana, world.box(ana)[-1], "With silica?")
    assert world.new(bob) == []


async def test_a_tag_is_followed_whatever_else_comes(world: World, ana: str, bob: str) -> None:
    await tell(world, bob, "daily")
    assert "each post of conversations tagged #ppg" in await tell(world, bob, "follow #ppg")
    await world.write(ana, "wells@cop.example", "Fracture gradient #ppg", "What do you use?")
    await world.write(ana, "wells@cop.example", "Pumps", "Which seals last?")
    assert [mail.subject for mail in world.new(bob)] == ["Fracture gradient #ppg"]


async def test_nothing_until_the_day_they_are_back_and_then_what_was_said(
    world: World, ana: str, bob: str, cleo: str
) -> None:
    claire = world.member("claire@atlas.example", "Claire Dubois", language="fr", zone="Europe/Paris")
    ken = world.member("kenji@nihon.example", "佐藤 健二", language="ja", zone="Asia/Tokyo")
    assert "waits until Friday 6 March 2026" in await tell(world, bob, "away until 6 March")
    assert "attend jusqu'au vendredi 6 mars 2026" in await tell(world, claire, "absente jusqu'au 6 mars")
    assert "Monday 16 March 2026" in await tell(world, ken, "休暇 3月16日まで")
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses at the shoe?")
    await world.until("2026-03-05 12:00", "Europe/Oslo")
    assert len(world.new(cleo)) == 1
    assert world.new(bob) == world.new(claire) == world.new(ken) == []
    await world.until("2026-03-06 08:00", "Europe/Oslo")
    [bobs], [claires] = world.new(bob), world.new(claire)
    assert "While you were away" in bobs.text and "Losses" in bobs.text
    assert "Pendant votre absence" in claires.text
    await world.reply(bob, bobs, "1: We did, with ceramic.")
    assert [mail.subject for mail in world.new(claire)] == ["Re: Losses"] and world.new(ken) == []
    assert [mail.subject for mail in world.new(bob)] == ["Your post: Losses"]
    await world.until("2026-03-07 08:00", "Europe/Oslo")
    assert world.new(bob) == []


async def test_back_sooner_than_they_said(world: World, ana: str, bob: str) -> None:
    world.community("pumps")
    assert "waits until Monday 16 March 2026" in await tell(world, bob, "pause until 2 weeks")
    assert "Welcome back" in await tell(world, bob, "back")
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses?")
    assert [mail.subject for mail in world.new(bob)] == ["Losses"]


async def test_a_day_that_cannot_be_read_is_asked_for(world: World, bob: str) -> None:
    assert "Until when? We could not read a day in “soon”" in await tell(world, bob, "away until soon")
    assert "That day has passed" in await tell(world, bob, "away until 2026-01-05")
    assert "several" in await tell(world, bob, "away until 5 March or 6 March")
    assert "That wants a little more. Say it like this: “away until 3 March”" in await tell(world, bob, "away")
    assert world.outcomes() == ["asked"] * 4


async def test_so_many_a_day_and_the_rest_in_the_evening(world: World, ana: str, bob: str, cleo: str) -> None:
    claire = world.member("claire@atlas.example", "Claire Dubois", language="fr")
    await world.wait(minutes=1)
    assert "at most 2 posts a day" in await tell(world, bob, "at most 2 a day")
    assert "au plus 1 message par jour" in await tell(world, claire, "au plus 1 par jour")
    for subject in ("One", "Two", "Three"):
        await world.write(ana, "wells@cop.example", subject, "Words.")
    assert [mail.subject for mail in world.new(bob)] == ["One", "Two"]
    assert [mail.subject for mail in world.new(claire)] == ["One"]
    assert len(world.new(cleo)) == 3
    await world.until("2026-03-02 18:30", "Europe/Oslo")
    [bobs], [claires] = world.new(bob), world.new(claire)
    assert "Three" in bobs.text and "Two" not in bobs.text and "beyond the posts you had" in bobs.text
    assert "Three" in claires.text and "Two" in claires.text and "One" not in claires.text
    await world.reply(bob, bobs, "2: More words.")
    assert [mail.subject for mail in world.new(cleo)] == ["Re: Three"]
    world.new(bob)
    await world.until("2026-03-03 09:00", "Europe/Oslo")
    await world.write(ana, "wells@cop.example", "Four", "Words.")
    assert [mail.subject for mail in world.new(bob)] == ["Four"]
    assert "as many as there are" in await tell(world, bob, "at most off")


async def test_own_posts_receipts_and_text_only(world: World, ana: str, bob: str, cleo: str) -> None:
    assert "your own posts come back" in await tell(world, bob, "own posts on")
    assert "you hear what became of each mail" in await tell(world, bob, "receipts on")
    assert "text only" in await tell(world, bob, "text only")
    assert "no receipts" in await tell(world, cleo, "receipts off")
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    got = world.new(bob)
    assert sorted(mail.subject for mail in got) == ["Losses", "Your post: Losses"]
    assert all(b"text/html" not in mail.raw for mail in got)
    assert b"text/html" in world.new(ana)[0].raw
    await world.reply(cleo, world.new(cleo)[0], "We did.")  # her first post, and no word of it to her
    assert world.new(cleo) == []
    assert "2 people will see your post" in " ".join(
        next(mail.text for mail in got if "Your post" in mail.subject).split()
    )


async def test_text_only_is_one_more_variant_and_not_a_mail_each(world: World, ana: str, bob: str) -> None:
    for n in range(5):
        world.member(f"p{n}@acme.example", plain=n > 0)
    await world.write(ana, "wells@cop.example", "Losses", "Who has cured losses?")
    raws = {mail.raw.partition(b"Subject:")[2] for n in range(5) for mail in world.box(f"p{n}@acme.example")}
    assert len(raws) == 2


async def test_who_one_is_and_where(world: World, ana: str, bob: str) -> None:
    assert "nous vous écrivons en français" in " ".join((await tell(world, bob, "language français")).split())
    assert "C'est fait : les heures sont celles de Europe/Paris" in await tell(world, bob, "fuseau Paris")
    assert "nous vous appelons Robert Berg" in await tell(world, bob, "nom Robert Berg")
    assert "votre organisation est Nord" in await tell(world, bob, "organisation Nord")
    assert "Nous ne connaissons pas de lieu « Pariss »" in await tell(world, bob, "fuseau Pariss")
    assert "Nous ne parlons pas encore « klingon »" in await tell(world, bob, "langue klingon")
    screen = await tell(world, bob, "réglages")
    for line in ("Robert Berg", "Langue : français", "Fuseau horaire : Europe/Paris", "Organisation : Nord"):
        assert line in screen
    await world.write(bob, "wells@cop.example", "Pertes", "Qui a guéri des pertes ?")
    assert world.new(ana)[0].message.senders[0].name == "Robert Berg (Nord) via Wells"


async def test_everything_that_is_set_stands_on_one_screen(world: World, ana: str, bob: str) -> None:
    for line in ("weekly friday", "follow #ppg", "mute #pumps", "away until 6 March", "at most 5", "own posts on"):
        await tell(world, bob, line)
    for line in ("receipts off", "text only", "quiet", "zone Europe/Oslo"):
        await tell(world, bob, line)
    await world.write(bob, "wells-me@cop.example")
    [screen] = world.new(bob)
    text = " ".join(screen.text.split())
    for shown in (
        *("one mail a week, on Friday", "follows #ppg; not #pumps", "until Friday 6 March 2026", "at most 5"),
        *("Your own posts: come back to you", "Receipts: none", "Form: text only", "Named when we thank: no"),
        *("Language: English", "Time zone: Europe/Oslo", "Name: Bob Berg", "Organisation: Nord Drilling", bob),
    ):
        assert shown in text
    assert len(screen.text.splitlines()) <= 36
    await world.reply(bob, screen, "own posts off")
    assert "your own posts do not come back" in world.new(bob)[0].text


async def test_a_setting_in_arabic(world: World, ana: str) -> None:
    omar = world.member("omar@nile.example", "عمر حسن", language="ar")
    await tell(world, omar, "أسبوعي يوم الجمعة")
    await tell(world, omar, "على الأكثر ٥")
    await tell(world, omar, "غائب حتى ٦ مارس")
    screen = await tell(world, omar, "الإعدادات")
    for shown in ("at most 5", "العربية", "one mail a week"):
        assert shown in screen


async def test_a_change_is_taken_back_with_undo(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-me@cop.example", "", "mute #ppg")
    await world.reply(bob, world.new(bob)[0], "undo")
    await world.write(bob, "wells-me@cop.example", "", "weekly friday")
    await world.reply(bob, world.new(bob)[-1], "undo")
    await world.write(bob, "wells-me@cop.example", "", "away until 6 March")
    await world.reply(bob, world.new(bob)[-1], "undo")
    world.new(bob)
    await world.write(ana, "wells@cop.example", "Fracture gradient #ppg", "What do you use?")
    assert [mail.subject for mail in world.new(bob)] == ["Fracture gradient #ppg"]


@pytest.mark.parametrize(("line", "meant"), [("weekly fryday", "weekly Friday"), ("mute ppg", "mute #ppg")])
async def test_what_all_but_fits_is_asked_back(
    world: World, ana: str, bob: str, cleo: str, line: str, meant: str
) -> None:
    await world.write(ana, "wells@cop.example", "News", "Something.")
    await world.reply(bob, world.new(bob)[0], line)
    [asked] = world.new(bob)
    assert f"Did you mean “{meant}”" in asked.text
    await world.reply(bob, asked, meant)
    assert "Done:" in world.new(bob)[0].text
    assert len(world.new(cleo)) == 1


async def test_files_come_in_as_many_mails_as_they_need(world: World, ana: str, bob: str) -> None:
    part = (
        '--x\r\nContent-Type: application/octet-stream; name="core{n}.dat"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n" + "QUJD" * 200_000 + "\r\n"
    )
    raw = (
        "From: Bob <bob@nord.example>\r\nMessage-ID: <c@nord.example>\r\nSubject: Cores\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nAll three.\r\n'
        + "".join(part.format(n=n) for n in (1, 2, 3))
        + "--x--\r\n"
    )
    with world.app.store.writing() as conn:
        wells = people.community_named(conn, "wells")
        assert wells
        people.change_community(conn, wells.id, policy=Policy(files_size=1))
    await world.hand_in(bob, "wells@cop.example", raw.encode())
    [post] = world.new(ana)
    await world.reply(ana, post, "files")
    sent = world.new(ana)
    assert [[one.name for one in mail.message.attachments] for mail in sent] == [
        ["core1.dat"],
        ["core2.dat"],
        ["core3.dat"],
    ]
    assert [f"part {n} of 3" in mail.text for n, mail in enumerate(sent, 1)] == [True] * 3
