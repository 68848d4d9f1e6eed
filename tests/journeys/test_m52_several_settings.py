"""M52: several settings in one mail to `wells-me@`, a line each: all of them act, and one answer tells of each."""

from world import World

from mailer.store.society import people


def standing(world: World, who: str) -> tuple[people.Person, people.Membership]:
    with world.app.store.reading() as conn:
        person = people.by_email(conn, who)
        community = people.community_named(conn, "wells")
        assert person and community
        member = people.membership_of(conn, person.id, community.id)
        assert member
        return person, member


async def one_answer(world: World, who: str, text: str, subject: str = "") -> str:
    await world.write(who, "wells-me@cop.example", subject, text)
    [mail] = world.new(who)
    return " ".join(mail.text.partition("\n---")[0].split())


async def test_three_lines_three_settings_one_answer(world: World, ana: str, bob: str) -> None:
    said = await one_answer(world, bob, "digest weekly\nat most 5\naway until 3 April\n")
    assert said == (
        "Done: from now on you get one mail a week, on Monday. Done: at most 5 posts a day. The rest comes in one mail "
        "in the evening. Done: your mail waits until Friday 3 April 2026. That morning one mail tells you what was "
        "said meanwhile. Until then you get only invitations, and answers to what you write. Back sooner? Reply “back”."
    )
    _, member = standing(world, bob)
    assert (member.mode, member.cap, member.away_until is not None) == ("weekly", 5, True)
    assert world.outcomes() == ["set"]


async def test_the_answer_comes_in_the_language_just_chosen(world: World, ana: str, bob: str) -> None:
    said = await one_answer(
        world, bob, "Hello,\n\n- language fr\n- name Robert Berg\n\nBest regards\nBob Berg\nNord Drilling\n"
    )
    assert said == "C'est fait : nous vous écrivons en français. C'est fait : nous vous appelons Robert Berg."
    person, _ = standing(world, bob)
    assert (person.language, person.name) == ("fr", "Robert Berg")


async def test_several_lines_in_french_with_one_that_nobody_knows(world: World, ana: str) -> None:
    claire = world.member("claire@atlas.example", "Claire Dubois", language="fr")
    lines = "Bonjour,\nhebdo le vendredi\nla météo de demain\nfuseau Paris\nmes données"
    text = f"{lines}\n\nCordialement,\nClaire Dubois\nTél. 01 23"
    said = await one_answer(world, claire, text)
    assert "un mail par semaine, le vendredi." in said and "Europe/Paris" in said
    assert "« la météo de demain » : nous n'avons pas compris cette ligne" in said
    assert "« mes données » : pas fait. Envoyez cette ligne dans un mail à part." in said
    assert "Cordialement" not in said and "Tél" not in said and "Bonjour" not in said
    person, member = standing(world, claire)
    assert (member.mode, member.digest_day, person.zone) == ("weekly", "friday", "Europe/Paris")


async def test_several_lines_in_spanish_above_a_quote_and_all_taken_back(world: World, ana: str) -> None:
    marta = world.member("marta@sur.example", "Marta Ruiz", language="es")
    await world.write(marta, "wells-me@cop.example", "", "ajustes")
    [screen] = world.new(marta)
    await world.reply(marta, screen, "diario\nsin mi nombre\nnombre Marta Ruiz Gil")
    [told] = world.new(marta)
    assert told.text.count("Hecho:") == 3
    person, member = standing(world, marta)
    assert (member.mode, person.quiet, person.name) == ("daily", True, "Marta Ruiz Gil")
    await world.reply(marta, told, "deshacer")
    person, member = standing(world, marta)
    assert (member.mode, person.quiet, person.name) == ("each", False, "Marta Ruiz")


async def test_the_same_setting_twice_is_taken_back_to_what_it_was(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-me@cop.example", "", "daily\nweekly friday\nquiet\nname me")
    [told] = world.new(bob)
    _, member = standing(world, bob)
    assert (member.mode, member.digest_day) == ("weekly", "friday")
    await world.reply(bob, told, "undo")
    _, member = standing(world, bob)
    assert (member.mode, member.digest_day) == ("each", "")


async def test_a_word_in_the_subject_is_enough(world: World, ana: str, bob: str) -> None:
    assert "one mail a day" in await one_answer(world, bob, "", "daily")
    assert "each post as it comes" in await one_answer(world, bob, "\n\n-- \nBob Berg\nNord Drilling", "each")


async def test_nothing_is_set_for_whoever_is_not_proven(world: World, ana: str, bob: str) -> None:
    await world.write(bob, "wells-me@cop.example", "", "weekly\nname Mallory", verified=False)
    [asked] = world.new(bob)
    assert "Was this you?" in asked.subject
    assert standing(world, bob)[1].mode == "each"
    await world.reply(bob, asked, "yes")
    person, member = standing(world, bob)
    assert (member.mode, person.name) == ("weekly", "Mallory")


async def test_going_is_never_one_line_among_others(world: World, ana: str, bob: str) -> None:
    said = await one_answer(world, bob, "daily\nleave\nerase me")
    assert "“leave”: not done. Please send that line in a mail of its own." in said
    assert standing(world, bob)[1].state == "active"


async def test_never_named_and_named_again(world: World, ana: str, bob: str) -> None:
    assert "will not name you" in await one_answer(world, bob, "quiet")
    assert "Named when we thank: no. “name me”" in await one_answer(world, bob, "settings")
    assert "may name you again" in await one_answer(world, bob, "name me")
    assert not standing(world, bob)[0].quiet
