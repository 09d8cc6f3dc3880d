"""The worker: what it claims, runs and says of it."""

import threading

import pytest

from executions.executor.events import TaskEnded
from executions.store.contract import LogRow, MetricRow, TokenState
from plugins.contracts.failure import TaskFailed
from plugins.contracts.state import State
from storage.memory import MemoryStorage
from tests.support.waiting import DEADLINE, in_thread, wait_for
from tests.support.worker import Call, Gate, Stage

OTHER = TokenState(None, is_killing=False)


class NoOrdinaryError(BaseException):
    """What `except Exception` lets pass."""


def nothing(context):
    return None


def failing(error):
    def action(context):
        raise error

    return action


@pytest.fixture
def make_stage(tmp_path):
    stages = []

    def make(**options):
        stages.append(Stage(tmp_path, **options))
        return stages[-1]

    Call.kills.clear()
    yield make
    for stage in stages:
        stage.close()


@pytest.fixture
def stage(make_stage):
    return make_stage()


@pytest.fixture
def storage(monkeypatch):
    found = MemoryStorage()
    monkeypatch.setattr("executions.worker.attempt.engine_storage", lambda **_: found)
    return found


# ---- claims -------------------------------------------------------------------------------------
def test_it_runs_what_it_claims_and_tells_the_result(stage):
    event = stage.run("a", lambda context: {"n": 1})

    assert event.state is State.SUCCESS
    assert event.outputs.value == {"n": 1}
    assert event.worker_id == stage.worker.id
    assert event.started_at <= event.ended_at


def test_it_runs_only_what_the_claim_gives(stage):
    ran = []
    mine = stage.work("mine", lambda context: ran.append("mine"))
    theirs = stage.work("theirs", lambda context: ran.append("theirs"))
    stage.store.claimed_by[theirs.token] = "another worker"

    stage.worker.handle([theirs, mine])

    stage.result_of(mine)
    assert ran == ["mine"]
    assert {event.token for event in stage.ends} == {mine.token}


def test_a_message_that_comes_twice_is_run_once(stage):
    ran = []
    item = stage.work("a", lambda context: ran.append(1))

    stage.worker.handle([item])
    stage.worker.handle([item])

    assert ran == [1]


def test_members_of_a_bundle_run_one_after_another_and_fail_each_for_itself(stage):
    order = []
    items = [
        stage.work("a", lambda context: order.append("a"), is_light=True),
        stage.work("b", failing(ValueError("no")), is_light=True),
        stage.work("c", lambda context: order.append("c"), is_light=True),
    ]

    stage.worker.handle(items)

    states = [stage.result_of(item).state for item in items]
    assert states == [State.SUCCESS, State.FAILED, State.SUCCESS]
    assert order == ["a", "c"]


@pytest.mark.parametrize("broken", ["bundle", "services"])
def test_what_cannot_be_prepared_fails_with_the_reason(stage, broken):
    stage.outside.broken.add(broken)

    event = stage.run("a", nothing)

    assert event.state is State.FAILED
    assert "cannot be prepared" in event.message
    assert stage.lines == [event.message]


def test_a_timeout_that_cannot_be_rendered_fails_the_attempt_and_no_other(stage):
    items = [
        stage.work("a", nothing, is_light=True, timeout="{{ no.such.thing }}"),
        stage.work("b", nothing, is_light=True),
    ]

    stage.worker.handle(items)

    assert [stage.result_of(item).state for item in items] == [State.FAILED, State.SUCCESS]


# ---- starts -------------------------------------------------------------------------------------
def test_a_start_is_told_before_the_result(stage):
    stage.run("a", nothing)

    assert [type(event).__name__ for event in [*stage.starts, *stage.ends]] == [
        "TaskStarted",
        "TaskEnded",
    ]
    entries = stage.journal.entries
    assert entries.index(stage.starts[0]) < entries.index(stage.ends[0])


def test_a_light_task_that_ends_soon_tells_no_start(stage):
    stage.run("a", nothing, is_light=True)

    assert stage.starts == []


def test_a_light_task_that_lasts_tells_its_start(make_stage):
    stage = make_stage(started_notice=0.0)
    gate = Gate()
    item = stage.work("a", gate, is_light=True)
    running = in_thread(lambda: stage.worker.handle([item]))

    wait_for(lambda: stage.starts, "the start")

    gate.may_end.set()
    running.result(DEADLINE)
    assert stage.starts[0].worker_id == stage.worker.id


# ---- failures -----------------------------------------------------------------------------------
def test_a_failure_that_the_task_knows_stands_as_it_is(stage):
    event = stage.run("a", failing(TaskFailed("no luck")))

    assert (event.state, event.message) == (State.FAILED, "no luck")
    assert stage.lines == ["no luck"]


def test_another_error_tells_its_kind_and_leaves_its_trace(stage):
    event = stage.run("a", failing(ValueError("odd")))

    assert event.message == "ValueError: odd"
    assert any("Traceback" in line for line in stage.lines)


def test_outputs_that_an_error_left_behind_are_kept(stage):
    error = TaskFailed("half done")
    error.outputs = {"done": 3}

    assert stage.run("a", failing(error)).outputs.value == {"done": 3}


@pytest.mark.parametrize(
    "result", [{"x": object()}, "text", 3, [1]], ids=["object", "text", "number", "list"]
)
def test_a_result_that_cannot_be_kept_fails_the_task_not_the_worker(stage, result):
    assert stage.run("a", lambda context: result).state is State.FAILED
    assert stage.run("b", nothing).state is State.SUCCESS


# ---- outputs, logs, secrets ---------------------------------------------------------------------
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


# ---- kill and time ------------------------------------------------------------------------------
def start(stage, gate, **options):
    item = stage.work("a", gate, **options)
    running = in_thread(lambda: stage.worker.handle([item]))
    wait_for(gate.has_begun.is_set, "the task")
    return item, running


def test_a_kill_ends_the_attempt_killed(stage):
    gate = Gate()
    item, running = start(stage, gate)

    stage.worker.kill([item.token, "unknown"])

    running.result(DEADLINE)
    event = stage.result_of(item)
    assert (event.state, event.message) == (State.KILLED, "Killed")
    assert Call.kills == ["a"]


def test_a_second_kill_is_told_once(stage):
    gate = Gate(ends_when_killed=False)
    item, running = start(stage, gate)

    stage.worker.kill([item.token])
    stage.worker.kill([item.token])

    assert Call.kills == ["a"]
    gate.may_end.set()
    running.result(DEADLINE)


def test_a_task_that_succeeds_in_spite_of_a_kill_is_a_success(stage):
    gate = Gate()
    item = stage.work("a", lambda context: (gate_quietly(gate, context), {"n": 1})[1])
    running = in_thread(lambda: stage.worker.handle([item]))
    wait_for(gate.has_begun.is_set)

    stage.worker.kill([item.token])

    running.result(DEADLINE)
    assert stage.result_of(item).state is State.SUCCESS


def gate_quietly(gate, context):
    try:
        gate(context)
    except InterruptedError:
        return


def test_a_task_that_takes_too_long_is_stopped_and_says_so(stage):
    gate = Gate()
    event = stage.run("a", gate, timeout="PT0.01S")

    assert event.state is State.FAILED
    assert event.message.startswith("Timed out after")
    assert Call.kills == ["a"]


def test_a_task_that_ends_well_after_its_time_has_failed_all_the_same(stage):
    gate = Gate()
    event = stage.run("a", lambda context: gate_quietly(gate, context), timeout="PT0.01S")

    assert event.state is State.FAILED
    assert "Timed out" in event.message


def test_a_timeout_is_rendered(stage):
    event = stage.run("a", Gate(), timeout="{{ 'PT0.01S' }}")

    assert "Timed out" in event.message


def test_a_task_that_ends_in_time_is_not_stopped_later(stage):
    event = stage.run("a", nothing, timeout="PT1H")

    assert event.state is State.SUCCESS
    assert Call.kills == []


def test_a_thread_that_does_not_end_is_left_behind(make_stage):
    stage = make_stage(kill_grace=0.0)
    gate = Gate(ends_when_killed=False)
    item, running = start(stage, gate)

    stage.worker.kill([item.token])

    event = stage.result_of(item)
    assert event.state is State.KILLED
    assert "left behind" in event.message
    gate.may_end.set()
    running.result(DEADLINE)
    assert stage.worker._reporter.flush(DEADLINE)
    assert len(stage.ends) == 1


def test_a_task_left_behind_after_its_time_has_failed(make_stage):
    stage = make_stage(kill_grace=0.0)
    gate = Gate(ends_when_killed=False)
    item, running = start(stage, gate, timeout="PT0.01S")

    assert stage.result_of(item).state is State.FAILED
    gate.may_end.set()
    running.result(DEADLINE)


def test_a_worker_with_too_many_threads_left_behind_is_exhausted(make_stage):
    exhausted = threading.Event()
    stage = make_stage(kill_grace=0.0, slots=4, on_exhausted=exhausted.set)
    gates = [Gate(ends_when_killed=False) for _ in range(2)]
    items = [stage.work(f"task{n}", gate) for n, gate in enumerate(gates)]
    threads = [in_thread(lambda item=item: stage.worker.handle([item])) for item in items]
    for gate in gates:
        wait_for(gate.has_begun.is_set)

    stage.worker.kill([items[0].token])
    stage.result_of(items[0])
    assert not exhausted.is_set()
    stage.worker.kill([items[1].token])

    assert exhausted.wait(DEADLINE)
    for gate, thread in zip(gates, threads, strict=True):
        gate.may_end.set()
        thread.result(DEADLINE)


# ---- the heart ----------------------------------------------------------------------------------
BEATING = 0.01


def test_a_worker_beats_before_it_takes_work(stage):
    assert stage.store.beats == [stage.worker.id]


def test_a_result_is_held_until_its_owner_has_it(make_stage):
    stage = make_stage(heartbeat=BEATING)
    item = stage.work("a", nothing)
    stage.worker.handle([item])

    wait_for(lambda: len([event for event in stage.ends if event.token == item.token]) >= 2)
    del stage.store.open[item.token]

    wait_for(lambda: stage.worker._reporter.held_tokens() == [])


def test_a_result_that_nobody_takes_goes_into_the_inbox(make_stage):
    stage = make_stage(heartbeat=BEATING)
    item = stage.work("a", lambda context: {"n": 1})
    stage.worker.handle([item])

    rows = wait_for(lambda: stage.inbox, "the inbox")

    assert (rows[0].execution_id, rows[0].kind) == (stage.head.id, "RESULT")
    assert rows[0].payload["token"] == item.token
    assert rows[0].payload["outputs"]["value"] == {"n": 1}


def test_a_result_that_is_confirmed_is_not_sent_again(stage):
    event = stage.run("a", nothing)
    del stage.store.open[event.token]

    stage.worker._look_after_tokens()
    stage.worker._look_after_tokens()

    assert stage.worker._reporter.flush(DEADLINE)
    assert (len(stage.ends), stage.inbox) == (1, [])


def test_a_kill_that_was_missed_is_found_at_the_next_beat(make_stage):
    stage = make_stage(heartbeat=BEATING)
    gate = Gate()
    item, running = start(stage, gate)

    stage.mark_killing(item)

    running.result(DEADLINE)
    assert stage.result_of(item).state is State.KILLED


def test_what_is_no_longer_wanted_is_stopped(make_stage):
    stage = make_stage(heartbeat=BEATING)
    gate = Gate()
    item, running = start(stage, gate)

    del stage.store.open[item.token]

    running.result(DEADLINE)
    assert gate.was_killed.is_set()


def test_a_beat_that_fails_is_tried_again(make_stage):
    stage = make_stage(heartbeat=BEATING)
    beat = stage.store.beat
    failed = threading.Event()

    def broken(*args, **kwargs):
        failed.set()
        raise ConnectionError("no store")

    stage.store.beat = broken
    assert failed.wait(DEADLINE)
    seen = len(stage.store.beats)
    stage.store.beat = beat

    wait_for(lambda: len(stage.store.beats) > seen, "a beat")


def test_a_worker_that_was_declared_lost_drops_what_it_ran_and_comes_back(make_stage):
    stage = make_stage(heartbeat=BEATING)
    gate = Gate()
    former = stage.worker.id
    item, running = start(stage, gate)

    stage.store.lost.add(former)

    running.result(DEADLINE)
    assert gate.was_killed.is_set()
    wait_for(lambda: stage.store.beats[-1] != former, "the new id")
    assert stage.worker._reporter.flush(DEADLINE)
    assert [event for event in stage.ends if event.token == item.token] == []
    assert stage.worker.id != former


def test_a_lost_worker_drops_the_results_that_it_held(stage):
    event = stage.run("a", nothing)
    stage.store.lost.add(stage.worker.id)

    stage.worker._beat()

    assert stage.worker._reporter.held_tokens() == []
    assert stage.ends == [event]


def test_a_clean_stop_waits_reports_and_takes_leave(stage):
    gate = Gate()
    item, running = start(stage, gate)
    closing = in_thread(lambda: stage.worker.close(DEADLINE))

    gate.may_end.set()

    closing.result(DEADLINE)
    running.result(DEADLINE)
    assert [event.state for event in stage.journal.of(TaskEnded)] == [State.SUCCESS]
    assert stage.store.retired == [stage.worker.id]
    assert stage.ends[0].token == item.token


def test_outputs_of_a_failure_that_cannot_be_kept_do_not_stop_the_worker(stage):
    error = TaskFailed("half done")
    error.outputs = {"x": object()}
    items = [stage.work("a", failing(error)), stage.work("b", nothing)]

    stage.worker.handle(items)

    assert [stage.result_of(item).state for item in items] == [State.FAILED, State.SUCCESS]
    assert "half done" in stage.result_of(items[0]).message


@pytest.mark.parametrize("error", [SystemExit(1), NoOrdinaryError("odd")], ids=repr)
def test_a_task_that_wants_to_end_the_process_only_fails(stage, error):
    items = [stage.work("a", failing(error)), stage.work("b", nothing)]

    stage.worker.handle(items)

    assert [stage.result_of(item).state for item in items] == [State.FAILED, State.SUCCESS]


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


def test_a_member_of_a_bundle_that_was_killed_before_its_turn_does_not_run(stage):
    gate, ran = Gate(), []
    items = [
        stage.work("a", gate, is_light=True),
        stage.work("b", lambda context: ran.append("b"), is_light=True),
    ]
    running = in_thread(lambda: stage.worker.handle(items))
    wait_for(gate.has_begun.is_set)

    stage.worker.kill([items[1].token])
    gate.may_end.set()

    running.result(DEADLINE)
    assert stage.result_of(items[1]).state is State.KILLED
    assert ran == []


def test_a_result_that_comes_while_the_others_are_asked_for_is_still_held(stage):
    first = stage.run("a", nothing)
    item = stage.work("b", nothing)

    def meanwhile():
        stage.store.on_question = lambda: None
        stage.worker.handle([item])

    stage.store.on_question = meanwhile
    stage.worker._look_after_tokens()

    assert set(stage.worker._reporter.held_tokens()) == {first.token, item.token}


def test_a_lost_worker_does_not_begin_what_it_had_claimed(stage):
    gate, ran = Gate(), []
    items = [
        stage.work("a", gate, is_light=True),
        stage.work("b", lambda context: ran.append("b"), is_light=True),
    ]
    running = in_thread(lambda: stage.worker.handle(items))
    wait_for(gate.has_begun.is_set)
    stage.store.lost.add(stage.worker.id)

    stage.worker._beat()

    running.result(DEADLINE)
    assert ran == []
    assert stage.worker._reporter.held_tokens() == []
