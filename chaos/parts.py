"""The product's processes on servers of the run's own: started, killed, stopped, woken, and started
again when they have ended."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chaos.web_load import PASSWORD, USERNAME
from tests.support.servers import PostgresServer, RedisServer, answers, free_port

ROOT = Path(__file__).resolve().parent.parent
# How soon a process that has ended is started again.
_PAUSE = 0.3
_NEW_LIFE = "---- life "


@dataclass(frozen=True, slots=True)
class Times:
    """Leases of the run, in seconds: short, so that many are lost in a minute."""

    executor_lease: float = 1.8
    executor_renew: float = 0.6
    executor_sweep: float = 0.6
    worker_heartbeat: float = 0.8
    worker_lease: float = 3.0
    kill_grace: float = 1.0

    def environment(self) -> dict[str, str]:
        """By the product's own keys."""
        return {
            "KESTRA_EXECUTOR_LEASE": f"{self.executor_lease}s",
            "KESTRA_EXECUTOR_RENEW": f"{self.executor_renew}s",
            "KESTRA_EXECUTOR_SWEEP": f"{self.executor_sweep}s",
            "KESTRA_WORKER_HEARTBEAT": f"{self.worker_heartbeat}s",
            "KESTRA_WORKER_LEASE": f"{self.worker_lease}s",
            "KESTRA_WORKER_KILL_GRACE": f"{self.kill_grace}s",
            "KESTRA_WORKER_THREADS": "4",
            "KESTRA_SERVER_TERMINATION_GRACE_PERIOD": "15s",
        }


@dataclass(slots=True)
class Sample:
    at: float
    kilobytes: int


@dataclass(slots=True)
class Outage:
    """When Redis was away; open until it is back."""

    since: float
    until: float = float("inf")


@dataclass(slots=True)
class Life:
    """One process of a part, from its start to its end."""

    process: subprocess.Popen[bytes]
    started: float
    samples: list[Sample] = field(default_factory=list)
    is_stopped: bool = False
    was_killed: bool = False

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def sample(self) -> None:
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:  # it has just ended
            return
        for line in status.splitlines():
            if line.startswith("VmRSS:"):
                self.samples.append(Sample(time.monotonic(), int(line.split()[1])))


class Part:
    """One of the processes, whatever life it is in."""

    def __init__(
        self, name: str, kind: str, arguments: list[str], folder: Path, env: Mapping[str, str]
    ) -> None:
        self.name = name
        self.kind = kind
        self.log = folder / f"{name}.log"
        self.lives: list[Life] = []
        self._command = [sys.executable, "-m", "chaos.launcher", "server", kind, *arguments]
        self._env = dict(env)

    @property
    def life(self) -> Life:
        return self.lives[-1]

    def start(self) -> None:
        with self.log.open("ab") as output:
            output.write(f"{_NEW_LIFE}{len(self.lives) + 1} ----\n".encode())
            output.flush()
            process = subprocess.Popen(  # noqa: S603  # our own command
                self._command, stdout=output, stderr=subprocess.STDOUT, env=self._env, cwd=ROOT
            )
        self.lives.append(Life(process, time.monotonic()))

    def kill(self) -> None:
        self.life.was_killed = True
        self.life.process.kill()
        self.life.process.wait()

    def stop(self) -> None:
        self.life.is_stopped = True
        self.life.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self.life.is_stopped = False
        self.life.process.send_signal(signal.SIGCONT)

    @property
    def is_at_work(self) -> bool:
        """It has said in this life that it is ready."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return " is ready" in text.rpartition(_NEW_LIFE)[2]

    @property
    def is_working(self) -> bool:
        return self.life.is_alive and not self.life.is_stopped


class Cluster:
    """All of them. The keeper's thread starts again what has ended, and measures memory."""

    def __init__(self, folder: Path, *, executors: int, workers: int, plant: str = "") -> None:
        self.folder = folder
        self.temporary = folder / "tmp"
        self.postgres = PostgresServer()
        self.redis = RedisServer()
        self.times = Times()
        self.web_port = free_port()
        self.unexpected: list[str] = []
        self.parts: list[Part] = []
        self._outages: list[Outage] = []
        self._counts = {"executor": executors, "worker": workers, "webserver": 1}
        self._plant = plant
        self._is_over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KESTRA_", "MICRONAUT_", "DATASOURCES_", "DJANGO_"))
        }
        key = secrets.token_urlsafe(32) + "="
        return {
            **kept,
            **self.times.environment(),
            "KESTRA_ENCRYPTION_SECRET_KEY": key,
            "KESTRA_DATA_DIR": str(self.folder / "data"),
            "KESTRA_TASKS_TMP_DIR_PATH": str(self.temporary),
            "DATABASE_URL": self.postgres.create_database("chaos"),
            "REDIS_URL": self.redis.url,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'secrets'}:{ROOT / 'benchmarks' / 'plugin'}",
            "PYTHONUNBUFFERED": "1",
            "KESTRA_ADMIN_USER": USERNAME,
            "KESTRA_ADMIN_PASSWORD": PASSWORD,
            "CHAOS_PLANT": self._plant,
        }

    def start_servers(self) -> None:
        self.temporary.mkdir(parents=True)
        self.postgres.start()
        self.redis.start()

    def start_parts(self, environment: Mapping[str, str]) -> None:
        logs = self.folder / "logs"
        logs.mkdir()
        for kind, count in self._counts.items():
            arguments = ["--port", str(self.web_port)] if kind == "webserver" else []
            for number in range(1, count + 1):
                part = Part(f"{kind}-{number}", kind, arguments, logs, environment)
                part.start()
                self.parts.append(part)
        self._keeper.start()

    def of_kind(self, kind: str) -> list[Part]:
        return [part for part in self.parts if part.kind == kind]

    def wait_until_ready(self, seconds: float = 60) -> None:
        """All have said that they are ready, and the webserver listens."""
        deadline = time.monotonic() + seconds
        waiting = list(self.parts)
        while waiting and time.monotonic() < deadline:
            waiting = [part for part in waiting if not self._is_ready(part)]
            time.sleep(0.1)
        if waiting:
            names = ", ".join(part.name for part in waiting)
            raise RuntimeError(f"not ready after {seconds:.0f} s: {names}; see {self.folder}/logs")

    def _is_ready(self, part: Part) -> bool:
        if part.kind == "webserver":
            return answers(self.web_port)
        return part.is_at_work

    def restart_redis(self, seconds: float) -> None:
        """Away for so long, and empty when it comes back."""
        outage = Outage(time.monotonic())
        self._outages.append(outage)
        self.redis.stop()
        time.sleep(seconds)
        self.redis.start()
        outage.until = time.monotonic()

    def calm_down(self) -> None:
        """Everything runs again, and goes on running."""
        self.redis.start()
        for part in self.parts:
            if part.life.is_alive and part.life.is_stopped:
                part.wake()

    def end_parts(self) -> list[str]:
        """Asks all to stop; names those that had to be forced or ended badly."""
        self._is_over.set()
        self._keeper.join()
        faults = []
        for part in self.parts:
            if part.life.is_alive:
                part.life.process.terminate()
        deadline = time.monotonic() + 20
        for part in self.parts:
            try:
                code = part.life.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                part.kill()
                faults.append(f"{part.name} did not end within 20 s of SIGTERM")
                continue
            if code and not part.life.was_killed:
                faults.append(f"{part.name} ended with code {code} after SIGTERM")
        return faults

    def close(self) -> None:
        self._is_over.set()
        for part in self.parts:
            for life in part.lives:
                if life.is_alive:
                    life.process.kill()
                    life.process.wait()
        self.redis.stop()
        self.postgres.remove()

    def _keep(self) -> None:
        while not self._is_over.wait(_PAUSE):
            for part in self.parts:
                if part.life.is_alive:
                    part.life.sample()
                    continue
                if not part.life.was_killed and not self._could_not_start(part):
                    code = part.life.process.returncode
                    self.unexpected.append(f"{part.name} ended by itself with code {code}")
                part.start()

    def _could_not_start(self, part: Part) -> bool:
        """It ended before it was at work, and Redis was away meanwhile: it may, whoever runs it
        starts it again."""
        since = part.life.started
        return not part.is_at_work and any(outage.until > since for outage in self._outages)
