"""Servers of the tests' own, on free ports: what a test stops, empties or fills is never the
server of DATABASE_URL or REDIS_URL."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

DEFAULT_POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
_START_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def wait_until_answering(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers(port):
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode} while starting")
        if time.monotonic() > deadline:
            raise RuntimeError(f"nothing answers on port {port} after {_START_SECONDS} s")
        time.sleep(0.02)


def postgres_program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(found[0]) if found else shutil.which(name)


class RedisServer:
    """A Redis without files. `stop` loses all data, as a crash would."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        if self.is_running:
            return
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("redis-server is not on the PATH")
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly no".split()
        self._process = subprocess.Popen(
            [program, *options, "--save", ""], stdout=subprocess.DEVNULL
        )
        wait_until_answering(self.port, self._process)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def empty(self) -> None:
        import redis

        with redis.Redis.from_url(self.url) as client:
            client.flushall()


class PostgresServer:
    """A PostgreSQL cluster in a temporary folder, run by an unprivileged user."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="kestra-postgres-"))
        self._user = _unprivileged_user()
        if self._user:
            shutil.chown(self._folder, self._user)
        self._cluster = self._folder / "cluster"
        self._run("initdb", "-D", str(self._cluster), "-U", "postgres", "-A", "trust", "-N")

    @property
    def url(self) -> str:
        return self.database_url("postgres")

    @property
    def is_running(self) -> bool:
        return answers(self.port)

    def database_url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        if self.is_running:
            return
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        )
        self._control("-o", options, "-l", str(self._folder / "log"), "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        if self.is_running:
            self._control("-m", mode, "-w", "stop")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def create_database(self, name: str) -> str:
        """An empty database; gives its URL."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.database_url(name)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._cluster), *arguments)

    def _run(self, name: str, *arguments: str) -> None:
        program = postgres_program(name)
        if program is None:
            raise RuntimeError(f"{name} of PostgreSQL is not installed")
        # Files, not pipes: the server that pg_ctl leaves behind would keep a pipe open.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [program, *arguments],
                check=False,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                user=self._user,
                extra_groups=[] if self._user else None,
            )
            output.seek(0)
            if done.returncode:
                raise RuntimeError(f"{name} failed: {output.read().decode(errors='replace')}")


def _unprivileged_user() -> str | None:
    """Whom to become when root runs the tests: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
