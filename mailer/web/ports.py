"""A socket bound where a setting says. Called by the web server and by `mailer check`."""

import socket

from mailer.config import host_and_port
from mailer.errors import Misconfigured


def bound(key: str, where: str, *, reuse_port: bool = False) -> socket.socket:
    """A TCP socket bound there and not yet listening. Raises Misconfigured with the key and the system's words.

    It names its protocol: asyncio turns off Nagle's delay of 40 ms only for sockets that do.
    """
    host, port = host_and_port(key, where)
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, socket.IPPROTO_TCP)
    except OSError as error:
        raise Misconfigured(f'{key} = "{where}": {error.strerror or error}') from None
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if reuse_port:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind(address)
    except OSError as error:
        made.close()
        raise Misconfigured(f'{key} = "{where}": {error.strerror or error}') from None
    return made
