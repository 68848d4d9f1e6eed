"""What can be kept: one file a kind, found by listing this package.

A kind is a name, the tags that make one, how it is called in a mail, and when it wants to be looked at again. To add
one, add a file with `KIND = Kind(...)`; nothing else is edited. A name or tag defined twice stops the start.
Called by `store/library` and whoever shows items.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mailer.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Kind:
    """`tags` are folded as community/tagging does and hold the kind's own name; `review_months` None: never."""

    name: str
    tags: tuple[str, ...]
    title: str  # as a heading, in the singular
    description: str  # one sentence for a member
    review_months: int | None = None


def gathered(kinds: Iterable[Kind]) -> Mapping[str, Kind]:
    """These kinds by name. Raises Misconfigured where two of them share a name or a tag."""
    by_name: dict[str, Kind] = {}
    owners: dict[str, str] = {}
    for kind in kinds:
        if kind.name in by_name:
            raise Misconfigured(f"community/kinds: two kinds are called {kind.name!r}")
        by_name[kind.name] = kind
        for tag in kind.tags:
            other = owners.setdefault(tag, kind.name)
            if other != kind.name:
                raise Misconfigured(f"community/kinds: #{tag} is claimed by {other} and {kind.name}")
    return MappingProxyType(by_name)


def _shelf() -> list[Kind]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}").KIND for name in names]


KINDS: Mapping[str, Kind] = gathered(_shelf())
BY_TAG: Mapping[str, Kind] = MappingProxyType({tag: kind for kind in KINDS.values() for tag in kind.tags})


def kind_for(tags: Iterable[str]) -> Kind | None:
    """The kind that the first of these tags that makes one makes, or None."""
    return next((BY_TAG[tag] for tag in tags if tag in BY_TAG), None)
