"""What a community has chosen. Kept in its row as JSON, only what differs from the defaults here."""

from typing import Any, Literal

import msgspec

Mode = Literal["each", "daily", "weekly", "events", "tags", "none"]
Role = Literal["member", "facilitator", "sponsor"]
State = Literal["invited", "active", "left", "banned"]


class Policy(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Choices a facilitator may change; every default is what a quiet, open community would want."""

    joining: Literal["open", "asked"] = "open"  # asked: a facilitator says yes to each
    first_posts: Literal["marked", "held"] = "marked"
    unverified: Literal["auto", "held", "sent"] = "auto"  # auto: held when the sender's domain asks for it
    posting: Literal["members", "facilitators"] = "members"
    digest_hour: int = 7  # local
    digest_day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    rota: Literal["all", "weekly"] = "all"  # weekly: one facilitator a week decides what waits
    contributor: bool = True
    archive: bool = False  # may be read on the web by anyone
    discretion: int = 10  # a reply that looks private is asked about where more people would read it; 0: never
    files_size: int = 15  # megabytes of attachments in one mail: common mailboxes take 20 to 25 once encoded
    k_min: int = 5  # figures from fewer people stay private

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Policy":
        return msgspec.convert(kept, cls)

    def kept(self) -> dict[str, Any]:
        """Only what differs from the defaults, for the row."""
        return dict(msgspec.to_builtins(self))
