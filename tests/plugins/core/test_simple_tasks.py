import pytest

from common.errors import Conflict, Invalid
from plugins.contracts.failure import TaskFailed
from plugins.testing import LogLine, MemoryRunContext, parse_task

CORE = "io.kestra.plugin.core."


def run(kind, context=None, **properties):
    context = context or MemoryRunContext()
    found = parse_task({"id": "t", "type": CORE + kind, **properties})
    return found.run(context), context


@pytest.fixture
def context():
    return MemoryRunContext(variables={"inputs": {"name": "Ada", "level": "ERROR", "bad": True}})


def test_log_writes_a_rendered_line(context):
    run("log.Log", context, message="Hello {{ inputs.name }}", level="{{ inputs.level }}")

    assert context.logger.lines == [LogLine("ERROR", "Hello Ada")]


def test_log_writes_a_line_for_each_message(context):
    run("log.Log", context, message=["one", 2, True], level="TRACE")

    assert context.logger.lines == [
        LogLine("TRACE", "one"),
        LogLine("TRACE", "2"),
        LogLine("TRACE", "true"),
    ]


def test_echo_writes_its_format(context):
    run("debug.Echo", context, format="{{ inputs.name }}", level="WARN")

    assert context.logger.lines == [LogLine("WARN", "Ada")]


def test_return_gives_the_rendered_text(context):
    output, _ = run("debug.Return", context, format="<{{ inputs.name }}>")

    assert output.to_map() == {"value": "<Ada>"}


def test_return_without_a_format_gives_nothing():
    output, _ = run("debug.Return")

    assert output.to_map() == {}


def test_output_values_renders_texts_and_keeps_types(context):
    output, _ = run(
        "output.OutputValues", context, values={"a": "{{ inputs.name }}", "b": 1, "c": ["{{ 1 }}"]}
    )

    assert output.to_map() == {"values": {"a": "Ada", "b": 1, "c": ["1"]}}


def test_fail_fails():
    with pytest.raises(TaskFailed, match=r"^Task failure$"):
        run("execution.Fail")


@pytest.mark.parametrize("condition", ["{{ inputs.bad }}", "{{ inputs.name == 'Ada' }}", True])
def test_fail_fails_under_its_condition_with_its_message(context, condition):
    with pytest.raises(TaskFailed, match=r"^Ada is bad$"):
        run("execution.Fail", context, condition=condition, errorMessage="{{ inputs.name }} is bad")


@pytest.mark.parametrize("condition", ["{{ inputs.name == 'Bob' }}", False, "", "0"])
def test_fail_passes_when_its_condition_is_false(context, condition):
    assert run("execution.Fail", context, condition=condition)[0] is None


def test_an_expression_that_cannot_be_rendered_fails_with_a_message():
    with pytest.raises(Invalid, match="missing"):
        run("log.Log", message="{{ missing }}")


def test_kv_values_are_set_and_read(context):
    run("kv.Set", context, key="k-{{ inputs.name }}", value="{{ inputs.name }}", ttl="PT1H")

    output, _ = run("kv.Get", context, key="k-Ada")

    assert output.to_map() == {"value": "Ada"}


def test_kv_set_without_overwrite_leaves_what_is_there(context):
    run("kv.Set", context, key="k", value="old")

    with pytest.raises(Conflict):
        run("kv.Set", context, key="k", value="new", overwrite=False)

    assert context.kv.get("k") == "old"


def test_kv_get_of_a_missing_key_gives_nothing_or_fails(context):
    output, _ = run("kv.Get", context, key="none", namespace="other")

    assert output.to_map() == {}
    with pytest.raises(TaskFailed, match="There is no key 'none' in the namespace other"):
        run("kv.Get", context, key="none", namespace="other", errorOnMissing=True)


def test_kv_set_with_a_ttl_that_is_none_fails(context):
    with pytest.raises(TaskFailed, match="ttl cannot be read"):
        run("kv.Set", context, key="k", value="v", ttl="{{ inputs.name }}")
