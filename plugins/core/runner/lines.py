"""Cuts the output of a process into lines, in bounded memory whatever it writes."""

from collections.abc import Callable

LINE_LIMIT = 64 * 1024
# Lines such as ::{"outputs": {…}}:: are read as a whole, so they may be longer.
MESSAGE_LIMIT = 10 * 1024 * 1024
_MESSAGE_START = b"::{"


class LineReader:
    """Takes bytes as they come and gives `on_line` a text for each line."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._pending = bytearray()
        self._is_cut = False

    def feed(self, data: bytes) -> None:
        *whole, rest = data.split(b"\n")
        for piece in whole:
            self._add(piece)
            self._emit()
        if rest:
            self._add(rest)

    def close(self) -> None:
        """The last line may end without a line break."""
        if self._pending or self._is_cut:
            self._emit()

    def _add(self, piece: bytes) -> None:
        if self._is_cut:
            return
        start = bytes(self._pending[:3]) + piece[:3]
        bound = MESSAGE_LIMIT if start.startswith(_MESSAGE_START) else LINE_LIMIT
        room = bound - len(self._pending)
        self._pending += piece[:room]
        self._is_cut = len(piece) > room

    def _emit(self) -> None:
        text = self._pending.decode("utf-8", "replace").removesuffix("\r")
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
        if self._is_cut:
            text += f" … [cut: the line is longer than {len(self._pending)} bytes]"
        self._pending.clear()
        self._is_cut = False
        self._on_line(text)
