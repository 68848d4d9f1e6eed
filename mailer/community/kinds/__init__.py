"""What can be kept: one file a kind, found by listing this package.

A kind is a name, the tags that make one, how it is called in a mail, and when it wants to be looked at again. To add
one, add a file with `KIND = Kind(...)`; nothing else is edited. A name or tag defined twice stops the start.
Called by `store/library` and whoever shows items.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mailer import shelf


@dataclass(frozen=True, slots=True)
class Kind:
    """`tags` are folded as community/tagging does; `review_months` None: never."""

    name: str
    tags: tuple[str, ...]
    title: str  # as a heading, in the singular
    description: str  # one sentence for a member
    review_months: int | None = None


BY_TAG: Mapping[str, Kind] = MappingProxyType(shelf.collect(__name__, Kind, lambda kind: (kind.name, *kind.tags)))
KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in BY_TAG.values()})


def kind_for(tags: Iterable[str]) -> Kind | None:
    """The kind that the first of these tags that makes one makes, or None."""
    return next((BY_TAG[tag] for tag in tags if tag in BY_TAG), None)
