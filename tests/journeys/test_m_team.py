"""M42, M44: the facilitator's job by mail: who is here, who is what, what the community has chosen, undo for a day."""

from datetime import timedelta

import clients
import pytest
from clients import exchange, iphone
from world import Mail, World

from mailer.store.society import belonging, people

TEAM = "wells-team@cop.example"


def standing(world: World, address: str) -> tuple[str, str]:
    """Role and state of someone."""
    with world.app.store.reading() as conn:
        home = people.communities(conn)[0].id
        return next((one.role, one.state) for one in belonging.roster(conn, home) if one.email == address)


def wells(world: World) -> people.Community:
    with world.app.store.reading() as conn:
        return people.communities(conn)[0]


@pytest.fixture
def finn(world: World) -> str:
    """A second facilitator."""
    return world.member("finn@fjord.example", "Finn Dahl", role="facilitator")


async def test_the_list_of_members_says_who_and_what_can_be_said(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    world.new(ana)
    await world.write(ana, TEAM, "a question", "Members\n\nRegards\nAna Lima")
    [got] = world.new(ana)
    assert got.subject == "Members of Wells"
    assert "Wells has 3 members" in got.text and "each post: 3" in got.text
    assert "Ana Lima <ana@acme.example>, facilitator, since 2026-03-02" in got.text
    assert "Bob Berg <bob@nord.example>, since 2026-03-02, last post 2026-03-02" in got.text
    assert "remove Ana" in got.text and not got.message.attachments
    assert world.outcomes()[-1] == "helped"


async def test_a_long_list_comes_as_a_file_that_runs_nothing(world: World, ana: str) -> None:
    for n in range(24):
        world.member(f"m{n}@far.example", f"=Member {n}")
    await world.write(ana, TEAM, "members", "")
    [got] = world.new(ana)
    [file] = got.message.attachments
    lines = file.content.decode("utf-8-sig").splitlines()
    assert file.name == "members.csv" and len(lines) == 26
    assert lines[1] == "'=Member 0,m0@far.example,,member,each,2026-03-02,"
    assert "Ana Lima" in got.text and "Member 3" not in got.text


async def test_a_role_from_outlook_then_undo(world: World, ana: str, bob: str, finn: str) -> None:
    await world.write(ana, TEAM, "members", "")
    [screen] = world.new(ana)
    said = "facilitator bob@nord.example<mailto:bob@nord.example>"
    await world.hand_in(ana, screen.back, exchange("Ana Lima", ana, "o1@acme.example", world.now, screen, said))
    [receipt], [told], [heard] = world.new(ana), world.new(bob), world.new(finn)
    assert receipt.subject == "Done: Bob Berg" and "undo" in receipt.text
    assert told.subject == "You are a facilitator of Wells"
    assert "Ana Lima has made Bob Berg <bob@nord.example> a facilitator" in heard.text
    assert standing(world, bob) == ("facilitator", "active")
    await world.restart()
    await world.hand_in(ana, receipt.back, iphone("Ana Lima", ana, "o2@acme.example", world.now, receipt, "Undo"))
    [back] = world.new(ana)
    assert back.subject == "Taken back: Bob Berg"
    assert [mail.subject for mail in world.new(bob)] == ["You are a member of Wells"]
    assert standing(world, bob) == ("member", "active")
    await world.reply(ana, receipt, "undo")
    assert "taken back already" in world.new(ana)[-1].text
    assert world.outcomes() == ["helped", "governed", "undone", "ignored"]


async def test_whoever_is_removed_is_told_and_back_by_undo(world: World, ana: str, bob: str, finn: str) -> None:
    await world.write(ana, TEAM, "", "remove Bob Berg")
    [told] = world.new(bob)
    assert told.subject == "You are no longer in Wells" and "wells-join@" in told.text
    assert standing(world, bob) == ("member", "left")
    await world.write(finn, "wells@cop.example", "News", "Something new.")
    assert world.new(bob) == []
    [heard] = [mail for mail in world.new(finn) if "Bob" in mail.subject]
    await world.reply(finn, heard, "undo")  # another facilitator sees it differently
    assert [mail.subject for mail in world.new(bob)] == ["You are back in Wells"]
    assert standing(world, bob) == ("member", "active")
    assert "Finn Dahl has taken back what was done about Bob Berg" in world.new(ana)[-1].text


async def test_undo_is_for_a_day(world: World, ana: str, bob: str) -> None:
    await world.write(ana, TEAM, "", "sponsor bob")
    receipt = world.new(ana)[-1]
    world.now += timedelta(hours=25)
    await world.reply(ana, receipt, "undo")
    assert "more than a day ago" in world.new(ana)[-1].text
    assert standing(world, bob) == ("sponsor", "active")


async def test_what_has_changed_since_stays(world: World, ana: str, bob: str) -> None:
    await world.write(ana, TEAM, "", "sponsor bob")
    receipt = world.new(ana)[-1]
    await world.write(ana, TEAM, "", "facilitator bob")
    await world.reply(ana, receipt, "undo")
    assert "changed again since" in world.new(ana)[-1].text
    assert standing(world, bob) == ("facilitator", "active")


async def test_two_of_a_name_are_asked_about_and_a_number_settles_it(world: World, ana: str) -> None:
    world.member("ana@nord.example", "Ana Lopes")
    zoe = world.member("zoe@far.example", "Zoe Lopes")
    await world.write(ana, TEAM, "", "remove Lopes")
    [asked] = world.new(ana)
    assert "1. Ana Lopes <ana@nord.example>\n2. Zoe Lopes <zoe@far.example>" in asked.text
    assert world.new(zoe) == []
    await world.reply(ana, asked, "2")
    assert standing(world, zoe) == ("member", "left")
    assert standing(world, "ana@nord.example") == ("member", "active")
    await world.write(ana, TEAM, "", "remove Ana Lopez")  # nearly a name: asked about, never guessed
    assert standing(world, "ana@nord.example") == ("member", "active")
    assert "Ana Lopes" in world.new(ana)[-1].text


async def test_an_unknown_name_and_no_name(world: World, ana: str) -> None:
    await world.write(ana, TEAM, "", "remove xavier@nowhere.example")
    await world.write(ana, TEAM, "", "remove")
    nobody, whom = world.new(ana)
    assert "found nobody called “xavier@nowhere.example”" in nobody.text
    assert "without saying whom" in whom.text


async def test_someone_is_always_left_to_facilitate(world: World, ana: str, bob: str) -> None:
    for line in ("remove ana@acme.example", "member Ana Lima", "ban ana@acme.example"):
        await world.write(ana, TEAM, "", line)
        assert "Nobody would be left to facilitate" in world.new(ana)[-1].text
    assert standing(world, ana) == ("facilitator", "active")


async def test_a_ban_closes_and_unban_opens(world: World, ana: str, bob: str) -> None:
    await world.write(ana, TEAM, "", "ban bob@nord.example")
    assert [mail.subject for mail in world.new(bob)] == ["Wells is closed to you"]
    await world.write(bob, "wells-join@cop.example", "join", "please")
    assert world.new(bob) == []
    await world.write(ana, TEAM, "", "ban spam@evil.example")
    await world.write("spam@evil.example", "wells@cop.example", "Buy", "Buy.")
    assert world.box("spam@evil.example") == []
    await world.write(ana, TEAM, "", "unban Bob Berg")
    assert standing(world, bob) == ("member", "left")


async def test_settings_on_one_screen_and_by_lines_in_reply(world: World, ana: str, finn: str) -> None:
    await world.write(ana, TEAM, "settings", "")
    [screen] = world.new(ana)
    assert screen.subject == "Settings of Wells"
    assert "first posts: marked (or held)" in screen.text and "digest hour: 7" in screen.text
    lines = "first posts held\ndigest day friday\nDigest hour: 8\ntitle Wells of the North\nlanguage français"
    await world.hand_in(ana, screen.back, exchange("Ana Lima", ana, "o3@acme.example", world.now, screen, lines))
    now = wells(world)
    assert (now.title, now.language) == ("Wells of the North", "fr")
    assert (now.policy.first_posts, now.policy.digest_day, now.policy.digest_hour) == ("held", "friday", 8)
    assert "Ana Lima" in world.new(finn)[-1].text
    receipt = world.new(ana)[-1]
    await world.reply(ana, receipt, "annuler")
    assert wells(world).policy == people.Policy() and wells(world).title == "Wells"


async def test_a_value_that_cannot_be_is_asked_back_with_those_that_can(world: World, ana: str) -> None:
    await world.write(ana, TEAM, "settings", "")
    screen = world.new(ana)[-1]
    await world.reply(ana, screen, "digest day fryday\ndigest hour 8\nmake it nicer")
    [receipt] = world.new(ana)
    assert "digest day may be Monday, Tuesday" in receipt.text
    assert "“make it nicer”: we know no setting" in receipt.text
    assert (wells(world).policy.digest_hour, wells(world).policy.digest_day) == (8, "monday")


async def test_undo_of_one_setting_leaves_the_others(world: World, ana: str) -> None:
    await world.write(ana, TEAM, "", "first posts held")
    receipt = world.new(ana)[-1]
    await world.write(ana, TEAM, "", "set digest hour 9")
    await world.reply(ana, receipt, "undo")
    assert (wells(world).policy.first_posts, wells(world).policy.digest_hour) == ("marked", 9)


async def test_words_to_the_team_are_words(world: World, ana: str, bob: str, finn: str) -> None:
    await world.write(ana, TEAM, "Title of the webinar", "Title of the webinar is open. Ideas?\nLanguage too.")
    [got] = world.new(finn)
    assert "Ideas?" in got.text and wells(world).title == "Wells"
    await world.write(bob, TEAM, "members", "Could the members list be sorted by organisation?")
    assert "sorted by organisation" in world.new(finn)[-1].text


async def test_whoever_may_have_meant_us_hears_where_their_words_went(world: World, ana: str, finn: str) -> None:
    await world.write(ana, TEAM, "Bob", "Please make Bob a facilitator")
    assert "Please make Bob" in world.new(finn)[-1].text
    [told] = world.new(ana)
    assert told.subject == "Gone to the other facilitators: Bob" and "remove Ana Silva" in told.text


async def test_news_of_a_change_comes_in_ones_own_words_and_of_leaving_as_leaving(world: World, ana: str) -> None:
    fred = world.member("fred@acme.example", "Frédéric Roy", role="facilitator", language="fr")
    await world.write(ana, TEAM, "first posts held", "")
    assert "premiers messages retenus" in world.new(fred)[-1].text
    world.new(ana)
    await world.write(ana, TEAM, "remove Ana Lima", "")
    assert world.new(ana)[-1].text.startswith("You are out of Wells.")
    assert world.new(fred)[-1].text.startswith("Ana Lima a quitté Wells.")


async def test_a_members_command_is_refused_kindly(world: World, ana: str, bob: str) -> None:
    for line in ("members", "remove ana@acme.example", "facilitator bob@nord.example", "first posts held"):
        await world.write(bob, TEAM, "", line)
    got = world.new(bob)
    assert [mail.text.count("Only the facilitators of Wells can do that") for mail in got] == [1]  # once a day
    assert wells(world).policy.first_posts == "marked"
    assert standing(world, ana) == ("facilitator", "active")
    assert standing(world, bob) == ("member", "active")
    assert "ana@acme.example" not in got[0].text.replace("> remove ana@acme.example", "")


async def test_a_forged_command_does_nothing_until_its_person_says_so(world: World, ana: str, bob: str) -> None:
    await world.write(ana, TEAM, "", "remove bob@nord.example", verified=False)
    [question] = world.new(ana)
    assert question.subject.startswith("Was this you?") and standing(world, bob) == ("member", "active")
    await world.write(ana, TEAM, "members", "", verified=False)
    for mail in world.box(bob):
        assert "ana@" not in mail.text
    await world.reply(ana, question, "yes")
    assert standing(world, bob) == ("member", "left")


async def test_a_receipt_in_other_hands_undoes_nothing(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(ana, TEAM, "", "remove bob@nord.example")
    receipt = world.new(ana)[-1]
    await world.reply(cleo, receipt, "undo")
    await world.reply(bob, receipt, "undo")
    assert standing(world, bob) == ("member", "left")


FRENCH = ("membres", "animatrice", "réglages", "premiers messages retenus", "annuler", "Membres de Wells")
SPANISH = ("miembros", "facilitadora", "ajustes", "primeros mensajes retenidos", "deshacer", "Miembros de Wells")


@pytest.mark.parametrize(("language", "words"), [("fr", FRENCH), ("es", SPANISH)])
async def test_in_other_languages(world: World, bob: str, language: str, words: tuple[str, ...]) -> None:
    members, role, settings, line, undo, subject = words
    lea = world.member("lea@sud.example", "Léa Roy", role="facilitator", language=language)
    await world.write(lea, TEAM, members.upper(), "")
    screen: Mail = world.new(lea)[-1]
    assert screen.subject == subject
    await world.hand_in(
        lea, screen.back, iphone("Léa Roy", lea, "l1@sud.example", world.now, screen, f"{role} Bob Berg")
    )
    receipt = world.new(lea)[-1]
    assert standing(world, bob) == ("facilitator", "active")
    await world.reply(lea, receipt, f"{undo}\n\nLéa")
    assert standing(world, bob) == ("member", "active")
    await world.write(lea, TEAM, "", settings)
    chosen = world.new(lea)[-1]
    assert line.rpartition(" ")[0] in chosen.text
    await world.hand_in(lea, chosen.back, exchange("Léa Roy", lea, "l2@sud.example", world.now, chosen, line))
    assert wells(world).policy.first_posts == "held"


async def test_a_conversation_split_or_joined_is_put_back(world: World, ana: str, bob: str, cleo: str) -> None:
    await world.write(bob, "wells@cop.example", "Losses", "Who has cured losses?")
    await world.reply(cleo, world.new(cleo)[-1], "By the way: which valves hold?")
    aside = world.new(ana)[-1]
    with world.app.store.reading() as conn:
        from mailer.store.talk import posts

        def subjects() -> set[int]:
            home = people.communities(conn)[0].id
            rows = posts.posts_since(conn, home, world.now - timedelta(days=1), world.now + timedelta(days=1))
            conn.rollback()
            return {row.thread_id for row in rows}

        assert len(subjects()) == 1
        await world.reply(ana, aside, "split")
        assert len(subjects()) == 2
        receipt = world.new(ana)[-1]
        await world.reply(ana, receipt, "undo")
        assert len(subjects()) == 1
        await world.reply(bob, world.box(bob)[-1], "Ours held ten years.")
        assert len(subjects()) == 1


async def test_a_member_takes_back_leaving_tagging_and_a_mode(world: World, ana: str, bob: str) -> None:
    await world.write(ana, "wells@cop.example", "News", "Something new.")
    post = world.new(bob)[0]
    world.now += timedelta(minutes=1)
    await world.reply(bob, post, "#cementing #lesson")
    await world.reply(bob, world.new(bob)[-1], "undo")
    assert world.new(bob)[-1].subject == "Taken back"
    with world.app.store.reading() as conn:
        assert [row[0] for row in conn.exec_driver_sql("select status from item").all()] == ["retired"]
        assert conn.exec_driver_sql("select count(*) from tagging where post_id is not null").scalar() == 0
    world.now += timedelta(minutes=1)
    await world.reply(bob, post, "weekly")
    chosen = world.new(bob)[-1]
    world.now += timedelta(minutes=1)
    await world.reply(bob, chosen, "undo")
    assert world.new(bob)[-1].subject == "Taken back"
    world.now += timedelta(minutes=1)
    await world.write(bob, "wells-leave@cop.example", "leave", "")
    left = world.new(bob)[-1]
    assert "Left by mistake? Reply “undo” within a day" in left.text
    world.now += timedelta(minutes=1)
    await world.reply(bob, left, "undo\n\nBob", verified=False)  # only they got that mail
    back = world.new(bob)[-1]
    assert "you are in Wells again" in back.text
    assert standing(world, bob) == ("member", "active")
    with world.app.store.reading() as conn:
        home = people.communities(conn)[0].id
        [member] = [one for one in people.members(conn, home) if one.person.email == bob]
        assert member.membership.mode == "each"


def outlook(who: str, id: str, world: World, answers: Mail, lines: list[str]) -> bytes:
    """Outlook on the desk: HTML alone, each line a paragraph, addresses made links, the answered mail below a rule."""
    style = '<style>p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}</style>'
    said = "".join(f'<p class="MsoNormal"><span lang="EN-US">{line}<o:p></o:p></span></p>' for line in lines)
    rule = '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
    head = (
        "<b>From:</b> Wells &lt;wells-help@cop.example&gt; <br><b>Sent:</b> Monday, March 2, 2026 10:00 AM<br>"
        f"<b>To:</b> {who}<br><b>Subject:</b> {answers.subject}"
    )
    below = "".join(f'<p class="MsoNormal">{line or "&nbsp;"}</p>' for line in answers.text.splitlines())
    page = (
        f"<html><head>{style}</head><body lang=EN-GB><div class=WordSection1>{said}"
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div>{rule}<p class="MsoNormal">{head}</p></div></div>{below}'
        "</div></body></html>"
    )
    sort = 'text/html; charset="utf-8"'
    lines = clients.head("Ana Lima", who, answers.back, f"RE: {answers.subject}", id, world.now, answers, sort)
    return clients.joined(lines, page)


def gmail(who: str, id: str, world: World, answers: Mail, text: str) -> bytes:
    """Gmail in a browser: HTML with the quote in its own class, a signature below."""
    below = "<br>".join(answers.text.splitlines())
    page = (
        f'<div dir="ltr">{"<br>".join(text.splitlines())}</div><br><div class="gmail_quote gmail_quote_container">'
        '<div dir="ltr" class="gmail_attr">On Mon, Mar 2, 2026 at 10:00 AM Wells &lt;'
        '<a href="mailto:wells-help@cop.example">wells-help@cop.example</a>&gt; wrote:<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid">{below}</blockquote>'
        '</div><br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br>'
        '<div dir="ltr" class="gmail_signature">Ana Lima<br>Acme Wells, Stavanger</div>'
    )
    sort = 'text/html; charset="utf-8"'
    lines = clients.head("Ana Lima", who, answers.back, f"Re: {answers.subject}", id, world.now, answers, sort)
    return clients.joined(lines, page)


async def test_the_whole_job_in_html_from_outlook_and_gmail(world: World, ana: str, bob: str) -> None:
    await world.write(ana, TEAM, "Members", "")
    [screen] = world.new(ana)
    lines = ['sponsor <a href="mailto:bob@nord.example">bob@nord.example</a>', "&nbsp;", "Best regards,", "Ana Lima"]
    await world.hand_in(ana, screen.back, outlook(ana, "h1@acme.example", world, screen, lines))
    assert standing(world, bob) == ("sponsor", "active")
    receipt = world.new(ana)[-1]
    await world.hand_in(ana, receipt.back, gmail(ana, "h2@acme.example", world, receipt, "undo"))
    assert standing(world, bob) == ("member", "active")
    await world.hand_in(ana, screen.back, gmail(ana, "h3@acme.example", world, screen, "settings"))
    chosen = world.new(ana)[-1]
    lines = ["first posts held", "digest day friday", "&nbsp;", "Best regards,", "Ana Lima", "Acme"]
    await world.hand_in(ana, chosen.back, outlook(ana, "h4@acme.example", world, chosen, lines))
    now = wells(world)
    assert (now.policy.first_posts, now.policy.digest_day, now.title) == ("held", "friday", "Wells")
    told = world.new(ana)[-1].text
    assert "first posts: held" in told and "we know no setting" not in told
    await world.hand_in(ana, chosen.back, gmail(ana, "h5@acme.example", world, chosen, "digest hour 6\narchive on"))
    assert (wells(world).policy.digest_hour, wells(world).policy.archive) == (6, True)
