"""Ends an HTTP call that another thread waits in. Closing a socket wakes nobody; shutting it down
does, so the socket is watched for while the connection is made."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_MADE = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")


class Interruption:
    """`trace` is the extension of httpx that tells what happens in a call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_killed = False

    def trace(self, event: str, details: Mapping[str, Any]) -> None:
        if not event.endswith(_MADE):
            return
        with self._lock:
            self._socket = details["return_value"].get_extra_info("socket")
            if self._is_killed:
                self._shut_down()

    def kill(self) -> None:
        with self._lock:
            self._is_killed = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # closed already
                # Not the method of an SSL socket, which would take the session from its reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
