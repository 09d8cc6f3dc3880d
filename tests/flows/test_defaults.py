"""Plugin defaults: who wins, and what they reach."""

from typing import Any

from flows.defaults import deep_merge, with_defaults
from flows.parsing import parse_flow
from flows.schema import PluginDefault
from plugins.registry import installed_registry
from tests.flows.sources import LOG, flow


def applied(task: dict[str, Any], *defaults: PluginDefault) -> dict[str, Any]:
    flow = {"id": "a", "tasks": [task], "variables": {"type": LOG}}
    return with_defaults(flow, defaults, installed_registry())["tasks"][0]  # type: ignore[no-any-return]  # plain data


def default(values: dict[str, Any], *, forced: bool = False, name: str = LOG) -> PluginDefault:
    return PluginDefault(type=name, forced=forced, values=values)


def test_the_task_wins_over_defaults_and_the_nearest_default_over_the_others() -> None:
    task = applied(
        {"type": LOG, "message": "own"},
        default({"message": "flow", "level": "WARN"}),
        default({"level": "ERROR", "disabled": True}),
    )

    assert task == {"type": LOG, "message": "own", "level": "WARN", "disabled": True}


def test_forced_defaults_win_over_the_task_and_the_outermost_over_the_others() -> None:
    task = applied(
        {"type": LOG, "message": "own"},
        default({"message": "flow"}, forced=True),
        default({"message": "configured"}, forced=True),
    )

    assert task["message"] == "configured"


def test_a_prefix_reaches_all_types_below_it_and_no_others() -> None:
    whole = default({"disabled": True}, name="io.kestra.plugin.core.log")
    part = default({"allowFailure": True}, name="io.kestra.plugin.core.lo")

    assert applied({"type": LOG}, whole, part) == {"type": LOG, "disabled": True}


def test_an_older_name_of_a_type_is_that_type() -> None:
    older = "io.kestra.core.tasks.log.Log"

    assert applied({"type": LOG}, default({"message": "x"}, name=older))["message"] == "x"
    assert applied({"type": older}, default({"message": "x"}))["message"] == "x"


def test_defaults_reach_what_is_nested_and_nothing_outside_tasks_and_triggers() -> None:
    source = {
        "tasks": [{"type": "x", "cases": {"a": [{"type": LOG}]}, "runner": {"type": LOG}}],
        "variables": {"type": LOG},
    }

    result = with_defaults(source, [default({"message": "m"})], installed_registry())

    assert result["tasks"][0]["cases"]["a"][0]["message"] == "m"
    assert result["tasks"][0]["runner"]["message"] == "m"
    assert result["variables"] == {"type": LOG}


def test_maps_are_merged_and_lists_replaced() -> None:
    merged = deep_merge({"a": {"x": 1, "y": 2}, "b": [1]}, {"a": {"y": 3}, "b": [2]})

    assert merged == {"a": {"x": 1, "y": 3}, "b": [2]}


def test_a_flow_may_leave_to_its_defaults_what_a_task_needs() -> None:
    source = flow(more=f"pluginDefaults:\n  - type: {LOG}\n    values: {{message: from default}}\n")

    parsed = parse_flow(source.replace("    message: hi\n", ""))

    assert getattr(parsed.document.task_by_id("greet"), "message") == "from default"  # noqa: B009  # of the type
    assert "message" not in parsed.value["tasks"][0]


def test_defaults_from_outside_lie_below_those_of_the_flow() -> None:
    source = flow(more=f"pluginDefaults:\n  - type: {LOG}\n    values: {{level: WARN}}\n")

    document = parse_flow(source, defaults=[default({"level": "ERROR", "disabled": True})]).document

    task = document.task_by_id("greet")
    assert task is not None
    assert task.disabled
    assert str(getattr(task, "level")) == "WARN"  # noqa: B009  # of the type
