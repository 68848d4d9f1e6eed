"""What to call someone by, of a name as they write it. Refuses to cut a name whose family stands first, and to show
an address or a link as a name: it may be somebody else's, or one that is nobody's business. Pure.

Called by outbound's notices for the facts of every template.
"""

import re

_FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # kana, Han, Hangul: the whole name is the name

_PLACES = ("@", "://", "www.")


def shown_name(name: str) -> str:
    """A name, or an organisation, as others are shown it; empty where it tells a place to write to or to go to."""
    return "" if any(place in name.lower() for place in _PLACES) else name.strip()


def first_name(name: str) -> str:
    """ "Ana" of "Ana Lima" and of "Lima, Ana"; the whole of "佐藤 太郎"; empty of nothing."""
    if _FAMILY_FIRST.search(name):
        return name.strip()
    before, comma, after = name.partition(",")
    given = after if comma and after.strip() and len(before.split()) == 1 else before
    return next(iter(given.split()), "")
