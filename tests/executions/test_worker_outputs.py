"""The worker: outputs, lines, metrics, and the secrets that must not be in them."""

import pytest

from executions.store.contract import LogRow, MetricRow
from plugins.contracts.state import State
from storage.memory import MemoryStorage
from tests.support.waiting import wait_for


@pytest.fixture
def storage(monkeypatch):
    found = MemoryStorage()
    monkeypatch.setattr("executions.worker.attempt.engine_storage", lambda **_: found)
    return found


def test_outputs_of_64_kb_stay_in_the_row(stage, storage):
    text = "x" * (65_536 - len('{"text":""}'))

    outputs = stage.run("a", lambda context: {"text": text}).outputs

    assert (outputs.uri, outputs.size) == (None, 65_536)


def test_larger_outputs_go_to_storage(stage, storage):
    text = "x" * 65_536

    outputs = stage.run("a", lambda context: {"text": text}).outputs

    assert outputs.value is None
    assert outputs.size > 65_536
    assert storage.read("main", outputs.uri) == b'{"text":"' + text.encode() + b'"}'


def test_a_storage_that_does_not_answer_fails_the_task(stage, monkeypatch):
    def broken(**_):
        raise ConnectionError("no storage")

    monkeypatch.setattr("executions.worker.attempt.engine_storage", broken)

    event = stage.run("a", lambda context: {"text": "x" * 100_000})

    assert (event.state, event.outputs) == (State.FAILED, None)
    assert "no storage" in event.message


def test_lines_are_written_before_the_result_goes_out(stage):
    def action(context):
        for number in range(5_000):
            context.logger.info(str(number))

    event = stage.run("a", action)

    entries = list(stage.journal.entries)
    last_line = max(n for n, entry in enumerate(entries) if isinstance(entry, LogRow))
    assert entries.index(event) > last_line
    assert stage.lines == [str(number) for number in range(5_000)]


def test_metrics_are_kept(stage):
    stage.run("a", lambda context: context.metric("rows", 3, tags={"table": "x"}))

    (metric,) = wait_for(lambda: stage.journal.of(MetricRow))
    assert (metric.name, metric.value, metric.tags) == ("rows", 3.0, {"table": "x"})


def test_secrets_are_masked_in_logs_outputs_and_errors(stage):
    stage.outside.secrets["KEY"] = "s3cret-value"

    def action(context):
        found = context.secret("KEY")
        context.logger.info(f"it is {found}")
        return {"key": found, found: "as a key"}

    def failed(context):
        raise ValueError(context.secret("KEY"))

    outputs = stage.run("a", action).outputs.value
    event = stage.run("b", failed)

    assert outputs == {"key": "******", "******": "as a key"}
    assert event.message == "ValueError: ******"
    assert not any("s3cret" in line for line in stage.lines)
    assert "it is ******" in stage.lines


def test_secrets_with_quotes_and_lines_are_masked_in_outputs(stage):
    secret = 'pass"word\\\nsecond line of it'
    stage.outside.secrets["KEY"] = secret

    outputs = stage.run("a", lambda context: {"key": context.secret("KEY")}).outputs.value

    assert outputs == {"key": "******"}


def test_quiet_tasks_write_only_what_is_loud_enough(stage):
    def action(context):
        context.logger.info("quiet")
        context.logger.warning("loud")

    stage.run("a", action, log_level="WARN")

    assert stage.lines == ["loud"]


def test_a_line_without_end_is_cut(stage):
    stage.run("a", lambda context: context.logger.info("x" * 1_000_000 + "\x00"))

    (line,) = stage.lines
    assert len(line) < 70_000
    assert "more characters" in line


def test_the_working_folder_is_there_and_gone_afterwards(stage):
    folders = []

    def action(context):
        (context.working_directory / "file").write_text("x")
        folders.append(context.working_directory)

    stage.run("a", action)

    assert not folders[0].exists()


def test_properties_are_rendered_in_the_scope_of_the_attempt(stage):
    event = stage.run("a", lambda context: {"v": context.render("{{ task.id }}-{{ flow.id }}")})

    assert event.outputs.value == {"v": "a-flow"}


@pytest.mark.parametrize("value", [123456, 9.123456, [123456]])
def test_a_secret_of_digits_does_not_break_the_numbers_beside_it(stage, value):
    stage.outside.secrets["PIN"] = "123456"

    def action(context):
        context.secret("PIN")
        return {"count": value}

    event = stage.run("a", action)

    assert event.state is State.SUCCESS


@pytest.mark.parametrize("secret", ["true", "null", '":"x', '{"a"'])
def test_a_secret_that_looks_like_json_does_not_fail_the_task(stage, secret):
    stage.outside.secrets["KEY"] = secret

    def action(context):
        context.secret("KEY")
        return {"a": "x", "yes": True, "no": None}

    assert stage.run("a", action).state is State.SUCCESS
