"""Being asked to stop: SIGTERM and SIGINT."""

import signal
import threading
from types import FrameType


def stop_on_signals() -> threading.Event:
    """An event that the first of the two signals sets; a second one ends the process at once."""
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
    return stop
