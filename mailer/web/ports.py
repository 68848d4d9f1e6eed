"""Host and port of a setting, and a socket bound there. Called by the web server and by `mailer check`."""

import socket

from mailer.errors import Misconfigured


def host_and_port(key: str, where: str) -> tuple[str, int]:
    """The two halves of "127.0.0.1:8025" or "[::1]:8025". Raises Misconfigured with the key."""
    host, colon, port = where.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise Misconfigured(f'{key} = "{where}": host and port are wanted, like "127.0.0.1:8025"')
    return host.strip("[]"), int(port)


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
