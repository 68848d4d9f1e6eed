"""One mail for one of our addresses, with everything that is known before anything is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from mailer.community.grammar import Near, Said
from mailer.mail.addressing import Local
from mailer.mail.authenticate import Verdict
from mailer.mail.message import Automatic, Body, Bounced, Message
from mailer.mail.subjects import base_subject
from mailer.store.knowledge.asks import Ask
from mailer.store.society.people import Community, Membership, Person
from mailer.store.traffic.mailings import About, Mailing

What = Literal[
    "posted",
    "announced",
    "held",
    "released",
    "refused",
    "duplicate",
    "joined",
    "left",
    "asked",
    "answered",
    "set",
    "thanked",
    "tagged",
    "found",
    "helped",
    "fetched",
    "relayed",
    "linked",
    "erased",
    "undone",
    "invited",
    "arranged",
    "governed",
    "removed",
    "banned",
    "bounced",
    "reached",
    "complained",
    "recorded",
    "unclear",
    "limited",
    "ignored",
]


Before = tuple[str, int, dict[str, Any]]  # table, id, and the columns as they were


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail: one word for the ledger and one detail for whoever looks.

    `release` names mails that were held and may now go their way, proven by whoever let them through. `undo` is how the
    rows stood that it changed: `undo` puts them back within a day.
    """

    what: What
    detail: str = ""
    post_id: int | None = None
    other_id: int | None = None
    release: tuple[int, ...] = ()
    undo: tuple[Before, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What a member's line about a setting did, before they are told: what is said of it, what may be said to it."""

    setting: str
    offers: tuple[str, ...]
    outcome: Outcome
    about: About | None
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """Facts, never decisions. `sender` is the person the From belongs to, not yet proven to be them."""

    mail: int  # inbox id, the one the sender was told
    received_at: datetime
    mail_from: str
    message: Message
    body: Body
    verdict: Verdict
    automatic: Automatic | None
    bounced: tuple[Bounced, ...]
    community: Community
    local: Local
    sender: Person | None = None
    membership: Membership | None = None
    mailing: Mailing | None = None  # what it answers
    personal: bool = False  # it answers a mail that only this sender got
    owner: Person | None = None  # the member whose mail it answers, where only one person got that
    said: Said | Near | None = None
    ask: Ask | None = None
    pace: int = 0  # their posts in this thread within the last hour
    first: bool = False  # a member who has not posted before
    twin: int | None = None  # the same mail came before, under this id
    share: str = ""  # of a forward, in the sender's word: yes, or comment for theirs alone
    cleared: bool = False  # a facilitator has let this post go
    released: bool = False  # someone who may has let it through
    astray: bool = False  # signed by its writer and addressed to others: anybody may have sent it on to us
    meant: bool = False  # its writer has said that it is for everyone, whatever it looks like
    intimate: str = ""  # why a reply that many would read looks meant for one: community/discretion

    @property
    def proven(self) -> bool:
        """Who wrote it, and to us, is certain: our border says so, it answers a mail only they got, or it was let
        through."""
        vouched = self.verdict.verified and not self.astray
        return vouched or self.released or (self.personal and not self.disowned)

    @property
    def disowned(self) -> bool:
        """Our border looked, and the domain they claim asks that such mail be kept back."""
        return not self.verdict.verified and not self.released and self.verdict.policy in ("quarantine", "reject")

    @property
    def failed(self) -> bool:
        """Disowned, and with nothing of ours in hand: they are never written to. With a mail that only they got, which
        may have been passed on, they are asked."""
        return self.disowned and not self.personal

    @property
    def known(self) -> bool:
        """Its address has been shown to be somebody's, or belongs to a membership of here."""
        return self.sender is not None and (self.sender.confirmed or self.membership is not None)

    @property
    def elsewhere(self) -> bool:
        """It answers what one member got, from an address that nobody has shown to be anyone's."""
        return self.owner is not None and not self.known and not self.personal and not self.disowned

    @property
    def forward(self) -> bool:
        """It carries somebody else's words, which are theirs to share or not."""
        return self.body.forwarded is not None or any(fold.kind == "forward" for fold in self.body.folded)

    @property
    def blank(self) -> bool:
        """Nothing in it at all, as of a link that was clicked and sent."""
        message = self.message
        return not (self.body.text.strip() or message.subject.strip() or message.attachments or message.calendar)

    @property
    def void(self) -> bool:
        """A reply in which nothing is new, not even the subject: pressed by mistake, or our reading's."""
        if self.mailing is None or self.meant or self.forward or self.message.attachments:
            return False
        again = base_subject(self.message.subject).casefold() == base_subject(self.mailing.subject).casefold()
        return again and self.body.flagged and self.body.new_text == self.body.text

    @property
    def unshared(self) -> bool:
        """A forward whose sender has not said yet what of it may go out."""
        return self.forward and not self.share

    @property
    def member(self) -> bool:
        return self.membership is not None and self.membership.active

    @property
    def facilitator(self) -> bool:
        return self.member and self.membership is not None and self.membership.role == "facilitator"

    def but(self, **changes: object) -> "Case":
        return replace(self, **changes)  # type: ignore[arg-type]
