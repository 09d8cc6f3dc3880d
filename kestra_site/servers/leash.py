"""How the children of a supervisor learn that it is gone, however it ended: all hold the reading
end of a pipe into which nobody writes; it is at its end when the supervisor's process is."""

import logging
import os
import signal
import threading

log = logging.getLogger(__name__)


class Leash:
    """The supervisor's side. `end` is the descriptor that children inherit."""

    def __init__(self) -> None:
        self.end, self._held = os.pipe()  # neither is inherited unless it is passed on

    def close(self) -> None:
        os.close(self.end)
        os.close(self._held)


def follow(end: int) -> None:
    """The child's side: when the supervisor is gone, this process is asked to stop (SIGTERM)."""
    os.set_inheritable(end, False)  # a script that outlives us must not look supervised
    threading.Thread(target=_wait_for_the_end, args=(end,), name="leash", daemon=True).start()


def _wait_for_the_end(end: int) -> None:
    while os.read(end, 1):
        pass
    log.warning("The supervisor is gone; stopping")
    # to the main thread, which waits for it; another one would not wake it
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
