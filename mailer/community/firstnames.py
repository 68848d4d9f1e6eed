"""What to call someone by, of a name as they write it. Refuses to cut a name whose family stands first. Pure.

Called by outbound's notices for the facts of every template.
"""

import re

_FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # kana, Han, Hangul: the whole name is the name


def first_name(name: str) -> str:
    """ "Ana" of "Ana Lima" and of "Lima, Ana"; the whole of "佐藤 太郎"; empty of nothing."""
    if _FAMILY_FIRST.search(name):
        return name.strip()
    before, comma, after = name.partition(",")
    given = after if comma and after.strip() and len(before.split()) == 1 else before
    return next(iter(given.split()), "")
