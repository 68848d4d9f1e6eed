"""Reports about our own mail: what could not be delivered, and who complained. Never answered."""

from mailer.commands.case import Case, Outcome
from mailer.mail import tokens
from mailer.mail.robots import complained
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store import deliveries, people


def bounce(desk: Desk, case: Case) -> Outcome:
    """Score the address this delivery went to. Only our signed Return-Path is believed: anyone can write a report."""
    ids = tokens.unseal(desk.keys, "bounce", case.local.token) if case.local.verb == "bounces" else None
    if not ids:
        return Outcome("recorded", "a bounce without our mark")
    if case.automatic == "auto-reply":
        return Outcome("recorded", "an auto-reply to a delivery")
    first = case.bounced[0] if case.bounced else None
    if first is None:
        return Outcome("recorded", "no recipient named")
    scored = deliveries.bounced(desk.conn, ids[0], first.permanent, f"{first.status} {first.reason}".strip(), desk.now)
    return Outcome("bounced", f"{'permanent' if first.permanent else 'temporary'} {first.status}; {scored}")


def complaint(desk: Desk, case: Case) -> Outcome:
    """Someone pressed "this is spam": they get no more of it, and the facilitators hear of it."""
    found = complained(case.message)
    local = found.mail_from.partition("@")[0] if found else ""
    ids = tokens.unseal(desk.keys, "bounce", local.rpartition(desk.settings.delimiter)[2])
    if not ids:
        return Outcome("recorded", "a complaint without our mark")
    email = deliveries.recipient(desk.conn, ids[0])
    who = people.by_email(desk.conn, email) if email else None
    member = people.membership_of(desk.conn, who.id, case.community.id) if who else None
    if not who or not member or not member.active:
        return Outcome("recorded", "a complaint of nobody here")
    people.change_membership(desk.conn, member.id, state="left", left_at=desk.now)
    for one in people.members(desk.conn, case.community.id, roles=["facilitator"]):
        notices.tell(desk, "facilitator-complaint", case.community, one.person, {"member": notices.person_facts(who)})
    return Outcome("complained", "", other_id=who.id)
