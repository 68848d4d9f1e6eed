"""A relay of test_send that takes every mail and keeps none, a process of its own: fsink offers no BDAT.

relaying.py ROUND_TRIP [KEYWORD...]: milliseconds from each command to its reply, and what EHLO offers. Prints its port.
"""

import asyncio
import sys
from collections import deque

import uvloop

GO_AHEAD = b"354 Go ahead\r\n"
TAKEN = b"250 2.0.0 Ok: queued as 4F1B2C3D\r\n"
DONE = b"250 2.0.0 Ok\r\n"


class Relay(asyncio.Protocol):
    def __init__(self, trip: float, keywords: list[str]) -> None:
        self.trip = trip
        lines = ["relay.example", *keywords]
        self.hello = "".join(f"250{' ' if line is lines[-1] else '-'}{line}\r\n" for line in lines).encode()
        self.buffer, self.content, self.rest = b"", False, 0
        self.replies: deque[bytes] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._say(b"220 relay.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        replies = []
        while (reply := self._step()) is not None:
            replies.append(reply)
        if replies:
            self._say(b"".join(replies))

    def _say(self, reply: bytes) -> None:
        self.replies.append(reply)
        if self.trip:
            asyncio.get_running_loop().call_later(self.trip, self._write)
        else:
            self._write()

    def _write(self) -> None:
        self.transport.write(self.replies.popleft())  # type: ignore[attr-defined]

    def _step(self) -> bytes | None:
        """The reply to what is next in the buffer; None until all of it is here."""
        if self.rest:
            if len(self.buffer) < self.rest:
                return None
            self.buffer, self.rest = self.buffer[self.rest :], 0
            return TAKEN
        end = b"\r\n.\r\n" if self.content else b"\r\n"
        piece, found, rest = self.buffer.partition(end)
        if not found:
            return None
        self.buffer = rest
        if self.content:
            self.content = False
            return TAKEN
        return self._command(piece)

    def _command(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"EHLO":
            return self.hello
        if verb == b"DATA":
            self.content = True
            return GO_AHEAD
        if verb == b"BDAT":
            self.rest = int(line.split()[1])
            return b""
        return DONE


async def main(trip: str, *keywords: str) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Relay(float(trip) / 1000, list(keywords)), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
