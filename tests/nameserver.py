"""A name server on 127.0.0.1 for tests: answers from a table over UDP and TCP, and stays silent on demand.

async with NameServer({("nord.example", "TXT"): ["v=spf1 -all"]}) as names:
    names.silent.add("slow.example")
    settings = Settings(trust=Trust(verify="dns", resolver=names.where))
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Self

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], Sequence[str]]
DATAGRAM = 1200  # octets; a larger answer is asked for again over TCP


class NameServer:
    """`zone` is (name, type) to records as text, TXT without quotes; `asked` every question, each time."""

    def __init__(self, zone: Zone) -> None:
        self.zone = dict(zone)
        self.silent: set[str] = set()  # names about which nothing is said
        self.broken: set[str] = set()  # names that are a server failure
        self.asked: list[tuple[str, str]] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._tcp = await asyncio.start_server(self._client, "127.0.0.1", 0)
        self.port = self._tcp.sockets[0].getsockname()[1]
        self._udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), ("127.0.0.1", self.port))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._udp.close()
        self._tcp.close()

    @property
    def where(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, wire: bytes, most: int = 65_535) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif (name, kind) in self.zone:
            texts = [_quoted(text) if kind == "TXT" else text for text in self.zone[name, kind]]
            reply.answer.append(dns.rrset.from_text_list(question.name, 300, "IN", kind, texts))
        elif not any(known == name or known.endswith(f".{name}") for known, _ in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        whole = reply.to_wire()
        if len(whole) > most:
            reply.answer.clear()
            reply.flags |= dns.flags.TC
            whole = reply.to_wire()
        return whole

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(2), "big")
                whole = self.answer(await reader.readexactly(size)) or b""
                writer.write(len(whole).to_bytes(2, "big") + whole)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self.server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if whole := self.server.answer(data, DATAGRAM):
            self.transport.sendto(whole, addr)  # type: ignore[attr-defined]


def _quoted(text: str) -> str:
    """The strings of a TXT record, each of at most 255 octets."""
    parts = [text[at : at + 255] for at in range(0, len(text), 255)] or [""]
    return " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)
