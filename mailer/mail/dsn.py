"""Which recipients a non-delivery report names, and why."""

from mailer.mail.message import Bounced, Message


def bounces(message: Message) -> tuple[Bounced, ...]:
    """The recipients that a report says were not reached; () when it is no such report."""
    return ()
