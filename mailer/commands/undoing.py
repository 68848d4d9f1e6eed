"""Undo: what an action changed is put back for a day, while it stands as the action left it; a post for ten minutes.

Refuses to take back what has been changed since: it says what. A post's copies not yet sent are stopped; archive,
digest and search forget it.
"""

from datetime import timedelta

from mailer.commands import Command, managing
from mailer.commands.case import Case, Outcome
from mailer.community import choices
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.record import reversals
from mailer.store.record.reversals import Action
from mailer.store.society import people
from mailer.store.talk import arrange, posts, turn
from mailer.store.traffic import deliveries, mailings
from mailer.store.traffic.mailings import About

WINDOW = timedelta(minutes=10)  # of a post
DAY = timedelta(hours=24)  # of anything else
GOVERNING = frozenset({"governed", "removed", "banned", "arranged"})  # what only who facilitates may do, or undo


def _undo(desk: Desk, case: Case, said: Said) -> Outcome:
    """The latest thing that the mail answered here tells of."""
    if not case.sender or case.mailing is None:
        return Outcome("ignored", "nothing to undo")
    action = _action(desk, case)
    return _back(desk, case, action) if action else _post(desk, case)


def _action(desk: Desk, case: Case) -> Action | None:
    """What the receipt answered here was for: it names the mail that did it, or was written in the same moment."""
    assert case.mailing and case.sender
    if id := case.mailing.about.inbox_id:
        return reversals.of_mail(desk.conn, case.community.id, id)
    return reversals.of_moment(desk.conn, case.community.id, case.sender.id, case.mailing.created_at)


def _back(desk: Desk, case: Case, action: Action) -> Outcome:
    """Put it back, or say why not."""
    assert case.sender
    if not _may(case, action):
        return Outcome("ignored", "nothing of theirs to undo")
    turn.take(desk.conn, case.community.id)
    since = reversals.since(desk.conn, action)
    refused = (
        "undone-before"
        if action.undone_at
        else "undo-late"
        if desk.now - action.at > DAY
        else "undo-changed"
        if since
        else "last"
        if _orphans(desk, case, action)
        else ""
    )
    if refused:
        _receipt(desk, case, action, refused, since)
        return Outcome("ignored", refused)
    if not reversals.put_back(desk.conn, action, desk.now):
        return Outcome("ignored", "undone before")
    if action.what == "arranged":
        arrange.settle(desk.conn, [change.id for change in action.changes if change.table == "thread"])
    _receipt(desk, case, action, "undone", ())
    _tell(desk, case, action)
    return Outcome("undone", f"{action.what}: {action.detail}", other_id=action.other_id)


def _may(case: Case, action: Action) -> bool:
    """Their own act, while they still may do such; or a facilitator's, by any facilitator."""
    assert case.sender
    if action.what in GOVERNING:
        own = action.person_id == action.other_id == case.sender.id
        return case.facilitator or own
    return case.sender.id == (action.other_id if action.what == "left" else action.person_id)


def _orphans(desk: Desk, case: Case, action: Action) -> bool:
    """Nobody would be left to facilitate."""
    team = people.members(desk.conn, case.community.id, roles=["facilitator"])
    ids = {change.id for change in action.changes if change.table == "membership"}
    return len(team) == 1 and team[0].membership.id in ids


def _receipt(desk: Desk, case: Case, action: Action, done: str, since: tuple[str, ...]) -> None:
    """One line to whoever asked for it."""
    assert case.sender
    name = "facilitator-done" if case.facilitator else "sender-undone"
    words = desk.press.words(desk.press.speaks(name, notices.spoken(case.sender, case.community)))[0]
    what = [choices.name_of(key, words) for key in since]
    about = {"done": done, "act": action.what, "name": _whom(desk, action), "address": ""}
    facts = {**managing.NO_LINES, **about, "since": what}
    notices.answer(desk, case.community, case.sender, case.message, name, facts, ("help",))


def _whom(desk: Desk, action: Action) -> str:
    return notices.name_of(people.by_id(desk.conn, action.other_id)) if action.other_id else ""


def _tell(desk: Desk, case: Case, action: Action) -> None:
    """Whom it concerned, and the other facilitators."""
    assert case.sender
    if action.what not in GOVERNING or action.what == "arranged":
        return
    member = people.member(desk.conn, action.other_id, case.community.id) if action.other_id else None
    if member and action.other_id != case.sender.id and member.membership.active:
        back = "back" if action.what in ("removed", "banned") else member.membership.role
        managing.standing(desk, case, member.person, back)
    managing.news(desk, case, "undone", _whom(desk, action), but=action.other_id)


def _post(desk: Desk, case: Case) -> Outcome:
    """Their own post, within ten minutes: the one answered, or their latest beside somebody else's."""
    assert case.sender and case.mailing
    about = case.mailing.about
    post = posts.post(desk.conn, about.post_id) if about.post_id else None
    if post and post.person_id != case.sender.id:
        post = posts.latest(desk.conn, post.thread_id, case.sender.id, desk.now - WINDOW)
    if post is None:
        facts = {**managing.NO_LINES, "done": "undo-nothing", "act": "", "name": "", "address": ""}
        notices.answer(desk, case.community, case.sender, case.message, "sender-undone", facts, ("help",))
        return Outcome("ignored", "nothing of theirs to undo")
    late = desk.now - post.posted_at > WINDOW
    stopped = 0
    if not late:
        posts.withdraw(desk.conn, post.id)
        sent = mailings.of_post(desk.conn, post.id)
        stopped = deliveries.stop(desk.conn, sent.id) if sent else 0
    facts = {"done": "undo-late" if late else "undo", "subject": post.subject, "stopped": stopped, "text": ""}
    about = About(thread_id=post.thread_id)
    notices.answer(desk, case.community, case.sender, case.message, "sender-outcome", facts, ("help",), about)
    return Outcome("ignored", "too late to undo") if late else Outcome("undone", f"{stopped} stopped", post_id=post.id)


UNDO = Command("take back an action within a day, a post within ten minutes", _undo, words=("undo",))
