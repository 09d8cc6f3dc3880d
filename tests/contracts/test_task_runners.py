"""What every task runner must fulfil, on the runners that this machine has."""

import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from plugins.contracts.failure import TaskFailed
from plugins.contracts.runner import CommandRequest
from plugins.core.runner.lines import LINE_LIMIT
from plugins.core.runner.process import Process
from plugins.testing import MemoryRunContext


@pytest.fixture(params=[Process])
def runner(request, monkeypatch):
    monkeypatch.setattr(request.param, "grace", 0.3)
    return request.param(type=request.param.type_name)


@pytest.fixture
def context(tmp_path):
    return MemoryRunContext(working_directory=tmp_path)


class Lines(list):
    """The lines as (text, is_stderr); lets a test wait for one."""

    def __init__(self):
        super().__init__()
        self.arrived = threading.Event()

    def take(self, text, is_stderr):
        self.append((text, is_stderr))
        self.arrived.set()


@pytest.fixture
def lines():
    return Lines()


@pytest.fixture
def run(runner, context, lines):
    def run(script, *, environment=None, timeout=None, command=None):
        request = CommandRequest(
            command or ["/bin/sh", "-c", script],
            context.working_directory,
            environment or {},
            timeout,
            lines.take,
        )
        return runner.run(context, request)

    return run


def is_alive(pid):
    """A zombie that nobody has waited for yet counts as ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def pids_of(lines):
    return [int(text) for text, _ in lines if text.isdigit()]


def test_lines_of_both_outputs_arrive(run, lines):
    result = run("echo one; echo two >&2; printf three")

    assert (result.exit_code, result.detail) == (0, "")
    assert [text for text, is_stderr in lines if not is_stderr] == ["one", "three"]
    assert [text for text, is_stderr in lines if is_stderr] == ["two"]


def test_it_runs_in_the_folder_it_is_given(run, lines, tmp_path):
    run("pwd")

    assert Path(lines[0][0]).resolve() == tmp_path.resolve()


def test_the_environment_is_clean(run, lines, monkeypatch, tmp_path):
    monkeypatch.setenv("KESTRA_ENCRYPTION_SECRET_KEY", "of the server")
    monkeypatch.setenv("DATABASE_URL", "of the server")

    run("env", environment={"ASKED": "for"})

    found = dict(text.split("=", 1) for text, _ in lines)
    assert found["ASKED"] == "for"
    assert found["HOME"] == str(tmp_path)
    names = set(found) - {"SHLVL", "_", "OLDPWD"}
    assert names == {
        "PATH", "HOME", "PWD", "LANG", "TMPDIR", "ASKED", "KESTRA_PROCESS_MARK"
    }  # fmt: skip


@pytest.mark.parametrize("code", [1, 3, 42])
def test_an_exit_code_is_handed_on(run, code):
    assert run(f"exit {code}").exit_code == code


def test_exit_137_is_explained(run):
    result = run("kill -KILL $$")

    assert result.exit_code == 137
    assert "memory ran out" in result.detail


def test_a_command_that_is_not_found_is_explained(run):
    result = run("no-such-command-anywhere")

    assert result.exit_code == 127
    assert "not found" in result.detail


def test_a_missing_interpreter_is_a_clear_failure(run):
    with pytest.raises(TaskFailed, match="'no-such-interpreter' is not installed"):
        run("", command=["no-such-interpreter", "-c", "x"])


def test_a_missing_folder_is_a_clear_failure(runner, tmp_path):
    gone = tmp_path / "gone"

    with pytest.raises(TaskFailed, match="working folder"):
        runner.run(MemoryRunContext(working_directory=gone), CommandRequest(["true"], gone))


def test_a_null_byte_in_a_command_is_a_clear_failure(run):
    with pytest.raises(TaskFailed, match="could not be started"):
        run("echo \0")


def test_an_argument_that_is_too_long_is_a_clear_failure(run):
    with pytest.raises(TaskFailed, match="could not be started"):
        run("echo " + "x" * 200_000)


def test_bytes_that_are_no_text_are_replaced(run, lines):
    run(r"printf 'a\377b\n\000c\n'")

    assert [text for text, _ in lines] == ["a\ufffdb", "\ufffdc"]


def test_a_line_without_an_end_is_cut_and_said_so(run, lines):
    run("head -c 5000000 /dev/zero | tr '\\0' x; echo; echo next")

    assert [text for text, _ in lines[1:]] == ["next"]
    assert lines[0][0].startswith("x" * LINE_LIMIT)
    assert lines[0][0].endswith("[cut: the line is longer than 65536 bytes]")
    assert len(lines[0][0]) < LINE_LIMIT + 100


def test_a_time_limit_ends_the_command(run):
    result = run("sleep 60", timeout=timedelta(seconds=0.1))

    assert result.exit_code != 0
    assert result.detail == "the time limit of PT0.1S has passed"


def test_a_command_that_ignores_sigterm_is_ended_by_force(run):
    result = run(
        "trap '' TERM; echo ready; while :; do sleep 60; done", timeout=timedelta(0.000002)
    )

    assert result.exit_code == 137
    assert "killed by force" in result.detail


def kill_when_ready(context, lines):
    def kill():
        lines.arrived.wait(10)
        context.kill()

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def test_a_kill_ends_the_command_and_its_children(run, context, lines):
    thread = kill_when_ready(context, lines)

    result = run("sleep 60 & echo $!; wait")

    thread.join()
    assert result.detail == "killed on request"
    assert not any(is_alive(pid) for pid in pids_of(lines))


def test_a_kill_before_the_start_ends_it_too(run, context):
    context.kill()

    assert run("sleep 60").detail == "killed on request"


def test_a_kill_after_the_end_does_nothing(run, context):
    run("true")

    context.kill()

    assert context.is_killed


def test_the_command_may_tidy_up_when_it_is_killed(run, context, lines, tmp_path):
    thread = kill_when_ready(context, lines)

    run("trap 'echo tidy > tidied; exit 0' TERM; echo ready; sleep 60 & wait")

    thread.join()
    assert (tmp_path / "tidied").read_text() == "tidy\n"


@pytest.mark.parametrize(
    "script",
    [
        "sleep 60 & echo $!",
        "sleep 60 > /dev/null 2>&1 & echo $!",
        "setsid sleep 60 > /dev/null 2>&1 & echo $!",
        "setsid sh -c 'sleep 60 & echo $!; exec sleep 61' & sleep 0.2",
    ],
)
def test_what_is_left_in_the_background_is_ended(run, lines, script):
    result = run(script)

    assert result.exit_code == 0
    assert pids_of(lines)
    assert not any(is_alive(pid) for pid in pids_of(lines))


def test_what_is_left_and_ignores_sigterm_is_ended_by_force(run, lines, monkeypatch):
    monkeypatch.setattr("plugins.core.runner.stragglers.GRACE", 0.1)

    run("sh -c \"trap '' TERM; while :; do sleep 60; done\" & echo $!; sleep 0.1")

    assert not any(is_alive(pid) for pid in pids_of(lines))


def test_processes_of_others_are_left_alone(run, lines):
    other = os.spawnvp(os.P_NOWAIT, "sleep", ["sleep", "60"])
    try:
        run("sleep 60 & echo started")

        assert is_alive(other)
    finally:
        os.kill(other, signal.SIGKILL)
        os.waitpid(other, 0)


def test_an_error_of_the_listener_ends_the_command(runner, context):
    seen = []

    def fail(text, is_stderr):
        seen.append(int(text))
        raise RuntimeError("no room")

    request = CommandRequest(
        ["/bin/sh", "-c", "echo $$; sleep 60"], context.working_directory, {}, None, fail
    )

    with pytest.raises(RuntimeError, match="no room"):
        runner.run(context, request)

    assert not is_alive(seen[0])


def test_no_file_descriptor_is_left_open(run):
    run("true")
    before = len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(5):
        run("echo x; sleep 0 &")

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_many_run_side_by_side(runner, tmp_path):
    results = []

    def one(number):
        context = MemoryRunContext(working_directory=tmp_path)
        found = []
        request = CommandRequest(
            ["/bin/sh", "-c", f"echo {number}"],
            tmp_path,
            on_line=lambda text, is_stderr: found.append(text),
        )
        runner.run(context, request)
        results.append((number, found))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [(number, [str(number)]) for number in range(20)]
