"""Reports about our own mail: what could not be delivered, and who complained, never answered; and who is back."""

from datetime import datetime

from mailer.commands import duty, succession
from mailer.commands.case import Case, Outcome
from mailer.mail import addressing, tokens
from mailer.mail.addressing import lower
from mailer.mail.message import Bounced
from mailer.mail.robots import Complaint, complained
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.record import ledger
from mailer.store.society import people
from mailer.store.talk import posts
from mailer.store.traffic import deliveries, suppressions

COMPLAINED = "member-complained"


def bounce(desk: Desk, case: Case) -> Outcome:
    """Score the address this delivery went to. Only our signed Return-Path is believed: anyone can write a report."""
    token = case.local.token if case.local.verb == "bounces" else ""
    own, batch = (tokens.unseal(desk.keys, purpose, token) for purpose in ("bounce", "mailing"))
    if not own and not batch:
        return Outcome("recorded", "a bounce without our mark")
    if case.automatic == "auto-reply":
        return Outcome("recorded", "an auto-reply to a delivery")
    if not case.bounced:
        return Outcome("recorded", "no recipient named")
    first = case.bounced[0]
    if first.recipient.rpartition("@")[2].lower() == desk.settings.domain:
        return Outcome("recorded", "a rule of theirs sends our mail back to us; it reached them")
    found = {own[0]: first} if own else _in_batch(desk, case, batch[0] if batch else 0)
    if not found:
        return Outcome("recorded", "a bounce of a mail they did not get")
    said = [_scored(desk, id, one, hearsay=not own) for id, one in found.items()]
    return Outcome("bounced", ", ".join(dict.fromkeys(said)))


def _in_batch(desk: Desk, case: Case, mailing: int) -> dict[int, Bounced]:
    """The deliveries that failed of a mail that many got at once: the one that the relay wrote into the address, or all
    that are named. Whoever got the mail knows the token, so what it says is hearsay.
    """
    named = {lower(one.recipient): one for one in case.bounced}
    if case.local.recipient:
        named = {case.local.recipient: case.bounced[0]}
    found = {deliveries.of_mailing(desk.conn, mailing, email): one for email, one in named.items()}
    return {id: one for id, one in found.items() if id is not None}


def _scored(desk: Desk, delivery: int, one: Bounced, hearsay: bool) -> str:
    reason = f"{one.status} {one.reason}".strip()
    scored = deliveries.bounced(desk.conn, delivery, one.permanent, reason, desk.now, hearsay=hearsay)
    return f"{'permanent' if one.permanent else 'temporary'} {one.status}; {scored}"


def returned(desk: Desk, case: Case) -> Outcome | None:
    """Whoever writes is there: mail we had stopped because it came back goes to them again, at the address they write
    from. Called before anything is done with the mail, so that its answer arrives; the outcome, where the mail was an
    answer to our asking and wants nothing else.
    """
    if not case.member or not case.sender or not case.membership or case.automatic or not case.mail_from:
        return None
    if case.disowned:
        return None
    asked = case.mailing is not None and case.mailing.kind in (deliveries.PROBE, "member-bounced") and case.said is None
    found = suppressions.stopped(desk.conn, case.membership.address_id)
    moved = case.sender.address_id != case.membership.address_id
    if found and not (moved and not (case.proven and case.sender.confirmed)):
        _resume(desk, case, *found, moved)
    elif asked and not moved:
        suppressions.lift(desk.conn, case.sender.email)
    elif asked:
        return None
    return Outcome("reached", "") if asked else None


def _resume(desk: Desk, case: Case, email: str, since: datetime, moved: bool) -> None:
    """From now on mail goes where they wrote from; one line says what they missed."""
    assert case.sender and case.membership
    if moved:
        people.change_membership(desk.conn, case.membership.id, address_id=case.sender.address_id)
    suppressions.lift(desk.conn, case.sender.email)
    missed = ledger.entries(desk.conn, case.community.id, "posted", since, desk.now)
    newest = posts.post(desk.conn, missed[-1].post_id) if missed and missed[-1].post_id else None
    facts = {"since": since, "old": email if moved else "", "posts": len(missed) if newest else 0}
    facts["newest"] = newest.subject if newest else ""
    key = f"back/{case.community.id}/{case.sender.id}/{desk.now:%Y-%m-%d}"
    notices.tell(desk, "member-back", case.community, case.sender, facts, offers=("help",), period_key=key)


def complaint(desk: Desk, case: Case) -> Outcome:
    """Someone pressed "this is spam": they get no more of it, and the facilitators hear of it. Of a mail that many got
    at once anybody could say so for them: they are asked, in a mail of their own whose complaint counts."""
    found = complained(case.message)
    token, named = _complained_of(desk, found) if found else ("", "")
    own, batch = (tokens.unseal(desk.keys, purpose, token) for purpose in ("bounce", "mailing"))
    id = own[0] if own else deliveries.of_mailing(desk.conn, batch[0], named) if batch else None
    sent = deliveries.sent(desk.conn, id) if id else None
    who = people.by_email(desk.conn, sent[0]) if sent else None
    if sent is None or sent[1] is None or who is None:
        return Outcome("recorded", "a complaint without our mark")
    community = people.community_by_id(desk.conn, sent[1])
    member = people.membership_of(desk.conn, who.id, community.id)
    if not member or not member.active:
        return Outcome("recorded", "a complaint of nobody here")
    if not own:
        key = f"complained/{community.id}/{who.id}/{desk.now:%Y-%m}"
        notices.tell(desk, COMPLAINED, community, who, {}, offers=("leave", "weekly", "help"), period_key=key)
        return Outcome("asked", "whether they complain", other_id=who.id)
    people.change_membership(desk.conn, member.id, state="left", left_at=desk.now)
    for one in duty.facilitators(desk, community):
        notices.tell(desk, "facilitator-complaint", community, one.person, {"member": notices.person_facts(who)})
    succession.gone(desk, community, who)
    return Outcome("complained", "", other_id=who.id)


def _complained_of(desk: Desk, found: Complaint) -> tuple[str, str]:
    """The token of the path that the mail went out on, and whom the relay or the report names beside it."""
    local = found.mail_from.partition("@")[0]
    path = addressing.split(local, {one.name for one in people.communities(desk.conn)}, desk.settings.delimiter)
    if path is None:  # the house stands for a community whose name is too long
        return local.rpartition(desk.settings.delimiter)[2], lower(found.recipient)
    return path.token, path.recipient or lower(found.recipient)
