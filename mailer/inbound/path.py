"""What stands behind MAIL and RCPT: `FROM:<a@b> SIZE=1`, read strictly as to brackets, tolerantly as to spaces.

Refuses paths without brackets, with controls, spaces or quotes inside. Called by the dialogue.
"""

import re
from typing import NamedTuple

_PATH = re.compile(rb"(FROM|TO): *<([^<>\x00-\x20\x7f]*)>((?: .*)?)", re.IGNORECASE)
_PARAMETER = re.compile(r"([A-Z0-9][A-Z0-9-]*)(?:=(.+))?", re.IGNORECASE)


class Path(NamedTuple):
    """The words between the brackets, and the parameters with their names in capitals."""

    address: str
    parameters: dict[str, str]


def read(keyword: bytes, argument: bytes) -> Path | None:
    """None when the argument of MAIL (`FROM`) or RCPT (`TO`) is not what RFC 5321 §4.1.2 asks for, in UTF-8."""
    match = _PATH.fullmatch(argument)
    if match is None or match[1].upper() != keyword:
        return None
    try:
        address, words = match[2].decode("utf-8"), match[3].decode("utf-8").split(" ")
    except UnicodeDecodeError:
        return None
    parameters: dict[str, str] = {}
    for word in filter(None, words):
        parameter = _PARAMETER.fullmatch(word)
        if parameter is None:
            return None
        parameters[parameter[1].upper()] = parameter[2] or ""
    return Path(address, parameters)
