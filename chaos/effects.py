"""The counting server: tasks tell it over TCP that an attempt has happened, it answers `ok`."""

from __future__ import annotations

import socketserver
import threading
from collections import Counter
from typing import Any, cast

Place = tuple[str, int]
"""A task run and the number of its attempt."""


class EffectServer:
    """One thread a connection; a told effect is a counted one."""

    def __init__(self) -> None:
        self._counts: Counter[Place] = Counter()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        thread = threading.Thread(target=self._server.serve_forever, name="effects", daemon=True)
        thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def count(self, line: str) -> None:
        task_run_id, attempt = line.split()
        with self._lock:
            self._counts[task_run_id, int(attempt)] += 1

    def counts(self) -> dict[Place, int]:
        with self._lock:
            return dict(self._counts)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    owner: EffectServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed leaves half a line: that is what this is for."""


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            if not line.endswith(b"\n"):
                return
            cast(_Server, self.server).owner.count(line.decode())
            self.wfile.write(b"ok\n")
