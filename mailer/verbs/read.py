"""`mailer read [--json] FILE…`: how we would read these mails.

Reads files, prints, and changes nothing. One JSON object a line, in the order given; a mail that cannot be understood
is an object with a defect, never a failure. Only a file that cannot be opened sets the exit status.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from mailer.community.tagging import hashtags
from mailer.mail.dsn import bounces
from mailer.mail.folding import fold
from mailer.mail.message import Calendar, Mailbox, Message
from mailer.mail.parse import parse
from mailer.mail.robots import automatic
from mailer.mail.subjects import base_subject

Facts = dict[str, Any]


def facts(file: str, message: Message) -> Facts:
    """What `--json` prints of a mail; the names and their order are an interface."""
    body = fold(message)
    kind = automatic(message)
    return {
        "file": file,
        "message_id": message.message_id,
        "in_reply_to": next(iter(message.in_reply_to), ""),
        "references": list(message.references),
        "subject": message.subject,
        "base_subject": base_subject(message.subject),
        "from": _mailbox(message.senders[0]) if message.senders else None,
        "to": [_mailbox(each) for each in message.to],
        "date": _moment(message.date),
        "text": message.text,
        "new_text": body.new_text,
        "folded": [{"kind": each.kind, "text": each.text} for each in body.folded],
        "attachments": [{"name": each.name, "type": each.type, "size": each.size} for each in message.attachments],
        "automatic": kind,
        "bounce": [
            {"recipient": each.recipient, "status": each.status, "permanent": each.permanent, "reason": each.reason}
            for each in (bounces(message) if kind == "bounce" else ())
        ],
        "calendar": _calendar(message.calendar),
        "tags": list(hashtags(message.subject, body.new_text)) if kind in (None, "list") else [],
        "defects": list(message.defects),
    }


def _mailbox(mailbox: Mailbox) -> Facts:
    return {"name": mailbox.name, "address": mailbox.address}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _calendar(calendar: Calendar | None) -> Facts | None:
    if calendar is None:
        return None
    return {
        "method": calendar.method,
        "uid": calendar.uid,
        "sequence": calendar.sequence,
        "recurrence_id": calendar.recurrence_id,
        "start": _moment(calendar.start),
        "end": _moment(calendar.end),
        "summary": calendar.summary,
        "organizer": calendar.organizer,
        "attendees": [{"address": each.address, "partstat": each.partstat} for each in calendar.attendees],
    }


def facts_of(file: str, raw: bytes) -> Facts:
    """The facts of any bytes. What should not happen, an error of ours, costs this mail its facts and no other."""
    message = parse(raw)
    try:
        return facts(file, message)
    except Exception as error:  # the last edge before the terminal: the next mail must still be read
        bare = facts(file, parse(b"\n"))
        found = {"message_id": message.message_id, "subject": message.subject, "text": message.text}
        return bare | found | {"defects": [*message.defects, f"not understood: {type(error).__name__}"]}


def summary(found: Facts) -> Iterator[str]:
    """The facts for a person, line by line."""
    sender = found["from"]
    yield f"{found['file']}"
    yield f"  from     {_named(sender) if sender else '(nobody)'}"
    yield f"  to       {', '.join(_named(each) for each in found['to']) or '(nobody)'}"
    yield f"  date     {found['date'] or '(none)'}"
    yield f"  subject  {found['subject']}"
    if found["automatic"]:
        yield f"  written by a machine: {found['automatic']}"
    for each in found["bounce"]:
        lasting = "for good" if each["permanent"] else "for now"
        yield f"  not delivered {lasting}: {each['recipient']} {each['status']} {each['reason']}".rstrip()
    if event := found["calendar"]:
        yield f"  event    {event['method']} {event['start'] or ''} {event['summary']}"
        for each in event["attendees"]:
            yield f"           {each['address']} {each['partstat'].lower()}".rstrip()
    for each in found["attachments"]:
        yield f"  attached {each['name'] or '(no name)'}, {each['type']}, {each['size']} bytes"
    if found["tags"]:
        yield f"  tags     {' '.join('#' + tag for tag in found['tags'])}"
    for each in found["defects"]:
        yield f"  defect   {each}"
    yield ""
    yield from (f"    {line}" for line in found["new_text"].splitlines())
    for each in found["folded"]:
        yield f"    [{each['kind']}, {len(each['text'].splitlines())} lines]"
    yield ""


def _named(mailbox: Facts) -> str:
    return f"{mailbox['name']} <{mailbox['address']}>" if mailbox["name"] else str(mailbox["address"])


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.pass_context
def read(context: click.Context, files: tuple[str, ...], as_json: bool) -> None:
    """Show how we would read these mails."""
    out = sys.stdout.buffer
    missing = False
    for file in files:
        try:
            with click.open_file(file, "rb") as opened:
                raw = opened.read()
        except OSError as error:
            click.echo(f"{file}: {error.strerror}", err=True)
            missing = True
            continue
        found = facts_of(file, raw)
        text = json.dumps(found, ensure_ascii=False) if as_json else "\n".join(summary(found))
        out.write(text.encode("utf-8", "replace") + b"\n")
        out.flush()
    context.exit(1 if missing else 0)


if __name__ == "__main__":
    read()
