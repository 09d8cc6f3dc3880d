"""The supervisor: starts again what ended, gives up on what cannot start, stops all."""

import signal
import sys
import threading
from pathlib import Path

import pytest

from common.errors import Unavailable
from kestra_site.servers import standalone
from kestra_site.servers.standalone import Child, Supervisor


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture(autouse=True)
def _signals_as_before() -> object:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_child_that_cannot_start_stops_the_others() -> None:
    lasting = Child("lasting", python("import time; time.sleep(600)"))
    broken = Child("broken", python("raise SystemExit(3)"))

    with pytest.raises(Unavailable, match=r"the broken could not start \(exit code 3\)"):
        Supervisor([lasting, broken], grace_seconds=10).run()

    assert lasting.process is not None
    assert lasting.process.returncode == -signal.SIGTERM


def test_child_that_ended_later_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standalone, "_EARLY_SECONDS", 0.0)
    count = tmp_path / "count"
    parent_is_told_to_stop_at_the_second_start = (
        "import os, pathlib, signal, time\n"
        f"count = pathlib.Path({str(count)!r})\n"
        "starts = len(count.read_text()) + 1 if count.exists() else 1\n"
        "count.write_text('x' * starts)\n"
        "if starts == 2:\n"
        "    os.kill(os.getppid(), signal.SIGTERM)\n"
        "    time.sleep(600)\n"
    )

    Supervisor(
        [Child("returning", python(parent_is_told_to_stop_at_the_second_start))], grace_seconds=10
    ).run()

    assert count.read_text() == "xx"


def test_child_that_does_not_listen_is_killed_after_the_grace() -> None:
    deaf = Child(
        "deaf",
        python(
            "import os, signal, time\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "os.kill(os.getppid(), signal.SIGTERM)\n"
            "time.sleep(600)\n"
        ),
    )

    Supervisor([deaf], grace_seconds=0.2).run()

    assert deaf.process is not None
    assert deaf.process.returncode == -signal.SIGKILL


def test_no_thread_is_left_when_all_have_stopped() -> None:
    before = threading.active_count()
    child = Child(
        "stopping",
        python("import os, signal, time; os.kill(os.getppid(), 15); time.sleep(600)"),
    )

    Supervisor([child], grace_seconds=10).run()

    assert threading.active_count() <= before + 1
