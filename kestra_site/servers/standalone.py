"""`kestra server standalone`: a supervisor that runs webserver, executor, scheduler and worker as
processes of their own, starts again what ended, and passes on the wish to stop. When it is gone
without a word they stop by themselves."""

import logging
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import FrameType

from common.errors import Unavailable
from kestra_site.config import Configuration
from kestra_site.encryption import require_encryption_key
from kestra_site.servers.leash import Leash
from kestra_site.servers.options import OPTIONS_OF, ServerOptions
from kestra_site.servers.surroundings import require_servers

log = logging.getLogger(__name__)

_PARTS = tuple(name for name, options in OPTIONS_OF.items() if "leash" in options)
_EARLY_SECONDS = 10.0
_LONGEST_PAUSE = 30.0
_STOP = "stop"
_LEAST_SECONDS = 0.5
_LAST_SECONDS = 15.0  # what a child needs beyond the grace that it gives to its tasks


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: list[str]
    stops_last: bool = False
    leash: tuple[int, ...] = ()  # the descriptors that it inherits
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    started_at: float = field(default=0.0)

    def start(self, events: "queue.SimpleQueue[object]") -> None:
        self.starts += 1
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            self.command, pass_fds=self.leash
        )
        threading.Thread(target=self._report_end, args=(events,), daemon=True).start()

    def _report_end(self, events: "queue.SimpleQueue[object]") -> None:
        if self.process is not None:
            self.process.wait()
            events.put(self)

    @property
    def ended_early(self) -> bool:
        """It never worked: what stopped it would stop it again."""
        return self.starts == 1 and time.monotonic() - self.started_at < _EARLY_SECONDS

    @property
    def pause(self) -> float:
        """How long to wait before the next start: longer each time it fails soon."""
        if time.monotonic() - self.started_at > 2 * _LONGEST_PAUSE:
            self.starts = 1
        return float(min(_LONGEST_PAUSE, 0.5 * 2 ** (self.starts - 1)))


class Supervisor:
    """Keeps its children running until it is asked to stop."""

    def __init__(self, children: list[Child], *, grace_seconds: float) -> None:
        self._children = children
        self._grace = grace_seconds
        self._events: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._is_stopping = False

    def run(self) -> None:
        """Raises Unavailable when a child ended right after its first start."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        for child in self._children:
            child.start(self._events)
        try:
            while True:
                event = self._events.get()
                if event is _STOP or self._is_stopping:
                    return
                if isinstance(event, Child):
                    self._bring_back(event)
        finally:
            self._stop_children()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True
        self._events.put(_STOP)

    def _bring_back(self, child: Child) -> None:
        code = child.process.returncode if child.process else None
        if child.ended_early and code != -signal.SIGKILL:
            raise Unavailable(f"the {child.name} could not start (exit code {code})")
        pause = child.pause
        log.warning("The %s ended with code %s; starting it again in %s s", child.name, code, pause)
        timer = threading.Timer(pause, self._start_again, args=(child,))
        timer.daemon = True
        timer.start()

    def _start_again(self, child: Child) -> None:
        if not self._is_stopping:
            child.start(self._events)

    def _stop_children(self) -> None:
        """The executor last: it takes the results of what the worker still finishes."""
        self._is_stopping = True
        deadline = time.monotonic() + self._grace
        for stops_last in (False, True):
            chosen = [child for child in self._children if child.stops_last is stops_last]
            _stop([child.process for child in chosen if child.process], deadline)


def _stop(running: Sequence["subprocess.Popen[bytes]"], deadline: float) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(max(_LEAST_SECONDS, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(options: ServerOptions) -> None:
    configuration = options.install("")
    _refuse_sqlite(configuration)
    require_encryption_key(configuration)
    require_servers(configuration)
    leash = Leash()
    options = replace(options, leash=leash.end)
    children = [
        Child(
            name,
            _command_of(name, options),
            stops_last=name == "executor",
            leash=(leash.end,),
        )
        for name in _PARTS
        if name != "worker" or options.worker_thread != 0
    ]
    grace = configuration.engine.shutdown_grace_seconds + _LAST_SECONDS
    try:
        Supervisor(children, grace_seconds=grace).run()
    finally:
        leash.close()


def _command_of(name: str, options: ServerOptions) -> list[str]:
    own = ServerOptions(**{key: getattr(options, key) for key in OPTIONS_OF[name]})
    return [sys.executable, "-m", "kestra_site", "server", name, *own.arguments()]


def _refuse_sqlite(configuration: Configuration) -> None:
    if configuration.is_embedded:
        raise Unavailable(
            "server standalone needs PostgreSQL: set DATABASE_URL or datasources.postgres.url;"
            " `kestra server local` runs without one"
        )
