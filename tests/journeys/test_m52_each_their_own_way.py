"""M52: each person's own way of getting mail, changed by one word and answered by one line."""

from world import World


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
