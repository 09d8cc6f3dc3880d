import pytest

from common.errors import Invalid
from plugins.contracts.plan import BranchKind, Order
from plugins.contracts.state import State
from plugins.core.flow.loop_values import loop_values
from plugins.testing import parse_task

FLOW = "io.kestra.plugin.core.flow."


def leaf(name):
    return {"id": name, "type": "io.kestra.plugin.core.debug.Return", "format": name}


def task(kind, **properties):
    return parse_task({"id": kind.lower(), "type": FLOW + kind, **properties})


def ids(tasks):
    return [each.id for each in tasks]


def test_sequential_runs_its_tasks_in_order():
    plan = task("Sequential", tasks=[leaf("a"), leaf("b")]).plan({})

    assert ids(plan.tasks) == ["a", "b"]
    assert (plan.order, plan.limit, plan.values) == (Order.SEQUENTIAL, 0, None)


def test_errors_and_finally_are_the_last_branches():
    found = task("Sequential", tasks=[leaf("a")], errors=[leaf("b")], **{"finally": [leaf("c")]})

    assert [(branch.path, branch.kind) for branch in found.branches()] == [
        ("tasks", BranchKind.SEQUENTIAL),
        ("errors", BranchKind.ERROR),
        ("finally", BranchKind.FINALLY),
    ]
    assert ids(found.walk()) == ["sequential", "a", "b", "c"]


def test_parallel_limits_tasks():
    plan = task("Parallel", tasks=[leaf("a"), leaf("b")], concurrent=2).plan({})

    assert (plan.order, plan.limit) == (Order.PARALLEL, 2)


def test_allow_failure_turns_only_a_failure_into_a_warning():
    found = task("AllowFailure", tasks=[leaf("a")])

    assert found.outcome(State.FAILED) is State.WARNING
    assert found.outcome(State.KILLED) is State.KILLED
    assert found.outcome(State.SUCCESS) is State.SUCCESS


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        (True, True),
        (False, False),
        (None, False),
        ("", False),
        ("0", False),
        ("-0", False),
        ("false", False),
        (0, False),
        ("False", True),
        ("0.0", True),
        (" ", True),
        ("no", True),
        ([], True),
    ],
)
def test_if_takes_exactly_the_named_values_for_false(condition, result):
    found = task("If", condition="{{ x }}", then=[leaf("yes")], **{"else": [leaf("no")]}).plan(
        {"condition": condition}
    )

    assert found.outputs == {"evaluationResult": result}
    assert ids(found.tasks) == (["yes"] if result else ["no"])


def test_if_without_else_runs_nothing():
    plan = task("If", condition=False, then=[leaf("yes")]).plan({"condition": False})

    assert plan.tasks == ()


@pytest.fixture
def switch():
    return task(
        "Switch",
        value="{{ inputs.x }}",
        cases={True: [leaf("yes")], "B": [leaf("b")], 3: [leaf("three")]},
        defaults=[leaf("other")],
    )


@pytest.mark.parametrize(
    ("value", "chosen", "is_default"),
    [
        ("true", "yes", False),
        (True, "yes", False),
        ("B", "b", False),
        (3, "three", False),
        ("z", "other", True),
    ],
)
def test_switch_chooses_by_the_text_of_the_value(switch, value, chosen, is_default):
    plan = switch.plan({"value": value})

    text = {True: "true"}.get(value, str(value))
    assert ids(plan.tasks) == [chosen]
    assert plan.outputs == {"value": text, "defaults": is_default}


def test_switch_without_a_fit_or_defaults_fails_and_names_the_cases():
    found = task("Switch", value="x", cases={"A": [leaf("a")]})

    with pytest.raises(Invalid, match=r"No case .* fits the value 'x' .* its cases are: A"):
        found.plan({"value": "x"})


def test_for_each_takes_one_value_at_a_time_unless_told():
    plan = task("ForEach", values=["a"], tasks=[leaf("t")]).plan({"values": ["a", "b"]})

    assert (plan.values, plan.limit, plan.order) == (("a", "b"), 1, Order.SEQUENTIAL)


def test_for_each_without_a_limit():
    found = task("ForEach", values="[]", tasks=[leaf("t")], concurrencyLimit=0)

    assert found.plan({"values": "[]"}).limit == 0
    assert found.plan({"values": "[]"}).values == ()


def test_each_parallel_starts_all_and_each_sequential_one():
    parallel = task("EachParallel", value=[1], tasks=[leaf("t")]).plan({"value": [1, 2]})
    sequential = task("EachSequential", value=[1], tasks=[leaf("t")]).plan({"value": [1, 2]})

    assert (parallel.order, parallel.limit) == (Order.PARALLEL, 0)
    assert (sequential.order, sequential.limit) == (Order.SEQUENTIAL, 1)


@pytest.mark.parametrize(
    ("rendered", "values"),
    [
        ('["a", 1, 1.5, true, {"b": [1]}]', ("a", "1", "1.5", "true", '{"b":[1]}')),
        (["a", "a", 1, "1"], ("a", "1")),
        ([{"k": "v"}, [1, 2]], ('{"k":"v"}', "[1,2]")),
        ("[]", ()),
        ([], ()),
        ("one value", ("one value",)),
        (7, ("7",)),
        ('{"a": 1}', ('{"a": 1}',)),
        ("\n  [1]\n", ("1",)),
    ],
)
def test_loop_values_are_texts_each_once(rendered, values):
    assert loop_values(rendered) == values


@pytest.mark.parametrize("rendered", ["[1, null]", ["x", None], None, "null"])
def test_a_null_loop_value_fails(rendered):
    with pytest.raises(Invalid, match="Found '1' null values on Each"):
        loop_values(rendered)


@pytest.mark.parametrize("rendered", ["", "  ", "[1, 2"])
def test_loop_values_that_are_no_list_fail(rendered):
    with pytest.raises(Invalid, match="values of the loop"):
        loop_values(rendered)


def dag(*rows):
    return task(
        "Dag", tasks=[{"task": leaf(name), "dependsOn": list(needs)} for name, *needs in rows]
    )


def test_dag_knows_what_waits_for_what():
    plan = dag(("a",), ("b", "a"), ("c", "a", "b")).plan({})

    assert plan.order is Order.GRAPH
    assert plan.depends_on == {"a": (), "b": ("a",), "c": ("a", "b")}


@pytest.mark.parametrize(
    ("rows", "path", "words"),
    [
        ((("a", "b"), ("b", "a")), "tasks", "wait for one another"),
        ((("a", "a"),), "tasks", "wait for one another"),
        ((("a",), ("b", "z")), "tasks[1].dependsOn[0]", "there is no task 'z'"),
    ],
)
def test_a_dag_that_cannot_run_is_refused(rows, path, words):
    with pytest.raises(Invalid) as caught:
        dag(*rows)

    (violation,) = caught.value.violations
    assert violation.path == path
    assert words in violation.message


def test_subflow_asks_for_the_other_flow():
    found = task(
        "Subflow",
        namespace="company",
        flowId="child",
        labels=[{"key": "a", "value": 1}],
        inputs={"x": "{{ y }}"},
    )
    rendered = {**found.templates(), "inputs": {"x": 3}, "revision": "2"}

    request = found.request(rendered)

    assert (request.namespace, request.flow_id, request.revision) == ("company", "child", 2)
    assert (request.inputs, request.labels) == ({"x": 3}, {"a": "1"})
    assert request.wait
    assert request.transmit_failed


@pytest.mark.parametrize(
    ("properties", "child", "outcome"),
    [
        ({}, State.SUCCESS, State.SUCCESS),
        ({}, State.WARNING, State.WARNING),
        ({}, State.FAILED, State.FAILED),
        ({}, State.KILLED, State.FAILED),
        ({"transmitFailed": False}, State.FAILED, State.SUCCESS),
        ({"wait": False}, State.FAILED, State.SUCCESS),
    ],
)
def test_subflow_ends_as_its_child_does(properties, child, outcome):
    found = task("Subflow", namespace="n", flowId="f", **properties)

    assert found.outcome(child) is outcome


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("revision", "new", "not a whole number"), ("scheduleDate", "soon", "not a date")],
)
def test_subflow_says_what_it_cannot_read(name, value, words):
    found = task("Subflow", namespace="n", flowId="f")

    with pytest.raises(Invalid, match=words):
        found.request({**found.templates(), name: value})
