"""What keeps strangers out: hosts, origins and sizes are checked before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEADERS", "LARGEST_UPLOAD", "Guard", "TooLargeError"]

LARGEST_UPLOAD = 100_000_000
"""Bytes."""

_HOSTS = ("127.0.0.1", "localhost")
HEADERS: Mapping[bytes, bytes] = {
    b"content-security-policy": b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}
"""Sent with every answer."""


class Guard:
    """Lets through what comes from this machine's own page.

    Only loopback hosts are answered; what changes anything must name this very server as its origin; nothing
    larger than :data:`LARGEST_UPLOAD` is read.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, and add the headers."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        trouble = _trouble(scope["method"], headers)
        if trouble is not None:
            status, words = trouble
            await PlainTextResponse(words, status)(scope, receive, _with_headers(send))
            return
        await self.app(scope, _limited(receive), _with_headers(send))


def _trouble(method: str, headers: Mapping[bytes, str]) -> tuple[int, str] | None:
    host = headers.get(b"host", "")
    if host.rpartition(":")[0] not in _HOSTS and host not in _HOSTS:
        return 421, "This page is for the machine that it runs on."
    if method not in ("GET", "HEAD", "POST"):
        return 405, "Not allowed."
    if method == "POST":
        origin = urlsplit(headers.get(b"origin", ""))
        if origin.scheme != "http" or origin.netloc != host:
            return 403, "This came from another page."
        length = headers.get(b"content-length", "")
        if length and (not length.isdecimal() or int(length) > LARGEST_UPLOAD):
            return 413, "This is too large."
    if headers.get(b"sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return 403, "This came from another page."
    return None


class TooLargeError(Exception):
    """More was sent than is read."""


def _limited(receive: Receive) -> Receive:
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_UPLOAD:
            raise TooLargeError
        return message

    return limited


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own: list[Any] = list(message.get("headers", []))
            known = {name.lower() for name, _ in own}
            message["headers"] = [*own, *(one for one in HEADERS.items() if one[0] not in known)]
        await send(message)

    return sending
