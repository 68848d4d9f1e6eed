"""The end of a mail on the wire: CRLF . CRLF and nothing else (RFC 5321 §4.1.1.4), found in whatever pieces arrive.

Memory is bounded by the size limit: beyond it only the last octets are kept, to find the end. Refuses stray CR, stray
LF and NUL: what the server in front looked at must be the same lines we read, so nothing is mended on the way in.
Long lines are taken (phones send them); the size is the limit. Called by the dialogue at DATA.
"""

END = b"\r\n.\r\n"


class Dot:
    """One mail coming in. `fault` is why it is not kept, a row of REPLIES, or ''."""

    __slots__ = ("_held", "_limit", "fault", "octets")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = bytearray(b"\r\n")  # as if the line before were there too: the first line is a line like any other
        self.octets = 0  # on the wire so far
        self.fault = ""

    @property
    def holds(self) -> int:
        """Octets of memory."""
        return len(self._held)

    def feed(self, data: bytes) -> bytes | None:
        """What follows the end of the mail, or None while the mail goes on."""
        seen = len(self._held)
        self._held += data
        self.octets += len(data)
        at = self._held.find(END, max(0, seen - len(END) + 1))
        if at < 0:
            if self.octets > self._limit:
                self.fault = "too-big"
            if self.fault:
                del self._held[: 1 - len(END)]
            return None
        rest = bytes(memoryview(self._held)[at + len(END) :])
        del self._held[at + 2 :]
        self.octets -= len(rest)
        return rest

    def mail(self) -> bytes:
        """The mail with its dots unstuffed (§4.5.2); asked for once, after its end."""
        if b"\r\n." in self._held:  # a large mail is copied no more often than it must
            self._held = self._held.replace(b"\r\n.", b"\r\n")
        mail = bytes(memoryview(self._held)[2:])
        self._held = bytearray()
        return mail


def clean(mail: bytes) -> bool:
    """Every CR belongs to an LF, every LF to a CR, and there is no NUL."""
    lines = mail.count(b"\r\n")
    return mail.count(b"\n") == lines == mail.count(b"\r") and b"\0" not in mail
