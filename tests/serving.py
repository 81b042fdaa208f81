"""The app's server in a thread, asked without a browser."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Sequence
from typing import Self

import uvicorn

from sim.app.server import create_app


class Running:
    """The app on a port of its own, until the block ends."""

    def __init__(self, stages: Sequence[int]) -> None:
        self.listening = socket.socket()
        self.listening.bind(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.app = create_app(stages=stages)
        config = uvicorn.Config(self.app, log_level="error", timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True
        )
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.app.state.office.ending = lambda: True
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive()

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, sent)
        reply = connection.getresponse()
        text = reply.read().decode("utf-8")
        found = {name.lower(): value for name, value in reply.getheaders()}
        connection.close()
        return reply.status, text, found

    def upload(self, name: str, content: bytes) -> tuple[int, str, dict[str, str]]:
        border = "frontier"
        body = (
            f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
            + content
            + f"\r\n--{border}--\r\n".encode()
        )
        kind = f"multipart/form-data; boundary={border}"
        return self.ask("POST", "/start", body, Origin=self.origin, Content_Type=kind)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"
