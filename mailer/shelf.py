"""A shelf: a package in which each file adds one or more named things, and nothing else need be edited.

Used for kinds, commands, jobs and verbs. A name that stands twice stops the start.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import TypeVar

from mailer.errors import Misconfigured

T = TypeVar("T")


def modules(package: str) -> Iterator[object]:
    """Every module of the package, by name."""
    place = importlib.import_module(package)
    for found in sorted(pkgutil.iter_modules(place.__path__), key=lambda module: module.name):
        yield importlib.import_module(f"{package}.{found.name}")


def _nothing(_: object) -> list[T]:
    return []


def collect(
    package: str,
    kind: type[T],
    names: Callable[[T], tuple[str, ...]],
    inner: Callable[[T], list[T]] = _nothing,
) -> dict[str, T]:
    """Every value of type `kind` in the package's files, under each of its names. Raises Misconfigured on a double.

    What is `inner` to another value of its file is left out.
    """
    shelf: dict[str, T] = {}
    places: dict[str, str] = {}
    for module in modules(package):
        here = module.__name__  # type: ignore[attr-defined]
        values = [value for value in vars(module).values() if isinstance(value, kind)]
        hidden = [id(one) for value in values for one in inner(value)]
        for value in values:
            if id(value) in hidden:
                continue
            for name in names(value):
                if name in shelf and shelf[name] is not value:
                    raise Misconfigured(f"{name!r} stands twice: in {places[name]} and in {here}")
                shelf[name] = value
                places.setdefault(name, here)
    return shelf
