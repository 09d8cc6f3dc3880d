import subprocess
import sys

import pytest

from common.errors import Invalid
from plugins.contracts.nested import Kind
from plugins.core.log.log import Log
from plugins.registry import Registry, UnknownType, installed_registry

LOG = "io.kestra.plugin.core.log.Log"
SWITCH = "io.kestra.plugin.core.flow.Switch"


@pytest.fixture
def registry():
    return installed_registry()


def faults(registry, value, path="tasks[0]"):
    with pytest.raises(Invalid) as caught:
        registry.parse(Kind.TASK, value, path=path)
    return {violation.path: violation.message for violation in caught.value.violations}


def test_a_task_is_parsed_by_its_type(registry):
    task = registry.parse(Kind.TASK, {"id": "hello", "type": LOG, "message": "Hi"})

    assert isinstance(task, Log)
    assert task.message == "Hi"


@pytest.mark.parametrize(
    ("older", "name"),
    [
        ("io.kestra.core.tasks.flows.Switch", SWITCH),
        ("io.kestra.core.tasks.log.Log", LOG),
        ("io.kestra.core.tasks.debugs.Return", "io.kestra.plugin.core.debug.Return"),
        ("io.kestra.plugin.core.flow.Flow", "io.kestra.plugin.core.flow.Subflow"),
        ("io.kestra.core.tasks.flows.Flow", "io.kestra.plugin.core.flow.Subflow"),
        ("io.kestra.plugin.fs.http.Request", "io.kestra.plugin.core.http.Request"),
        (
            "io.kestra.core.models.triggers.types.Schedule",
            "io.kestra.plugin.core.trigger.Schedule",
        ),
    ],
)
def test_older_names_lead_to_the_present_type(registry, older, name):
    assert registry.canonical_name(older) == name
    assert registry.get(older) is registry.get(name)


def test_faults_of_nested_tasks_have_their_exact_place(registry):
    found = faults(
        registry,
        {
            "id": "choose",
            "type": SWITCH,
            "value": "x",
            "cases": {
                "FIRST": [
                    {"id": "a", "type": LOG, "message": "fine"},
                    {"id": "b", "type": LOG},
                    {
                        "id": "c",
                        "type": "io.kestra.plugin.core.flow.Sequential",
                        "tasks": [{"id": "d", "type": LOG, "mesage": "x"}],
                    },
                ]
            },
        },
    )

    assert found == {
        "tasks[0].cases.FIRST[1].message": "this property is required",
        "tasks[0].cases.FIRST[2].tasks[0].message": "this property is required",
        "tasks[0].cases.FIRST[2].tasks[0].mesage": (
            "unknown property 'mesage'; did you mean 'message'?"
        ),
    }


def test_a_misspelt_property_inside_a_part_gets_the_hint_of_that_part(registry):
    retry = {"type": "constant", "interval": "PT1S", "maxAtempt": 3}

    found = faults(registry, {"id": "a", "type": LOG, "message": "x", "retry": retry})

    assert found == {
        "tasks[0].retry.maxAtempt": "unknown property 'maxAtempt'; did you mean 'maxAttempt'?"
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("io.kestra.plugin.core.log.Lgo", f"did you mean {LOG}?"),
        ("Log", f"did you mean {LOG}?"),
        ("io.kestra.plugin.core.purge.Purge", "this product does not have the type"),
        ("io.kestra.plugin.mongodb.Load", "this product does not have the type"),
        ("io.kestra.plugin.scripts.node.Script", "this product does not have the type"),
        (
            "io.kestra.plugin.scripts.shell.Comands",
            "did you mean io.kestra.plugin.scripts.shell.Commands?",
        ),
        ("com.example.Nothing", "there is no type com.example.Nothing"),
    ],
)
def test_an_unknown_type_is_named_with_what_to_do(registry, name, words):
    found = faults(registry, {"id": "a", "type": name})

    assert words in found["tasks[0].type"]
    assert name in found["tasks[0].type"]


def test_a_trigger_is_no_task(registry):
    found = faults(
        registry, {"id": "a", "type": "io.kestra.plugin.core.trigger.Schedule", "cron": "@daily"}
    )

    assert found == {
        "tasks[0].type": "io.kestra.plugin.core.trigger.Schedule is a trigger, not a task"
    }


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        (3, "tasks[0]", "expected a task: a map with a type"),
        ({"id": "a"}, "tasks[0].type", "this property is required"),
        ({"id": "a", "type": 3}, "tasks[0].type", f"a type is a text such as {LOG}"),
        (
            {"id": "a b", "type": LOG, "message": "x"},
            "tasks[0].id",
            "must match ^[a-zA-Z0-9][a-zA-Z0-9_-]*$",
        ),
        (
            {"id": "a", "type": LOG, "message": {"b": 1}},
            "tasks[0].message",
            "must be a text or a list",
        ),
        (
            {"id": "a", "type": LOG, "message": "x", "timeout": "soon"},
            "tasks[0].timeout",
            "'soon' is not an ISO 8601 duration such as PT30S or P1D",
        ),
        (
            {"id": "a", "type": LOG, "message": "x", "level": "LOUD"},
            "tasks[0].level",
            "must be one of 'TRACE', 'DEBUG', 'INFO', 'WARN' or 'ERROR'",
        ),
        (
            {"id": "a", "type": "io.kestra.plugin.core.flow.Parallel", "tasks": []},
            "tasks[0].tasks",
            "needs at least 1 entry",
        ),
    ],
)
def test_faults_are_said_in_plain_words(registry, value, path, message):
    assert faults(registry, value) == {path: message}


def test_a_fault_in_the_only_task_of_a_list_is_not_also_an_empty_list(registry):
    found = faults(
        registry,
        {"id": "s", "type": "io.kestra.plugin.core.flow.Sequential", "tasks": [{"id": "x"}]},
    )

    assert list(found) == ["tasks[0].tasks[0].type"]


def test_a_property_takes_an_expression_in_place_of_its_own_type(registry):
    task = registry.parse(
        Kind.TASK,
        {"id": "a", "type": LOG, "message": "x", "level": "{{ inputs.level }}", "timeout": "PT5S"},
    )

    assert task.level == "{{ inputs.level }}"
    assert task.model_dump(by_alias=True, mode="json", exclude_unset=True) == {
        "id": "a",
        "type": LOG,
        "message": "x",
        "level": "{{ inputs.level }}",
        "timeout": "PT5S",
    }


def test_large_values_are_cut_in_violations(registry):
    with pytest.raises(Invalid) as caught:
        registry.parse(Kind.TASK, {"id": "a", "type": LOG, "level": "x" * 500, "message": "m"})

    assert len(caught.value.violations[0].invalid_value) < 100


def test_a_package_that_is_not_installed_is_named():
    registry = Registry(["no_such_package_of_plugins"])

    with pytest.raises(ModuleNotFoundError, match="no_such_package_of_plugins"):
        registry.names()


def test_a_type_of_another_package_is_found_without_being_registered(tmp_path, monkeypatch):
    package = tmp_path / "acme_plugins"
    package.mkdir()
    (package / "__init__.py").write_text('raise AssertionError("imported too early")\n')
    (package / "__init__.py").write_text("")
    (package / "shout.py").write_text(
        '"""A type."""\n'
        "from plugins.contracts.task import RunnableTask\n"
        "class Shout(RunnableTask):\n"
        '    """Shout."""\n'
        '    type_name = "com.acme.Shout"\n'
        '    aliases = ("com.acme.Yell",)\n'
        "    def run(self, context):\n"
        "        return None\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    registry = Registry(["acme_plugins"])

    assert registry.names() == ["com.acme.Shout"]
    assert "acme_plugins.shout" not in sys.modules
    assert registry.parse(Kind.TASK, {"id": "a", "type": "com.acme.Yell"}).id == "a"


def test_a_flow_with_a_log_imports_no_heavy_library():
    code = (
        "import sys\n"
        "from plugins.registry import installed_registry\n"
        "registry = installed_registry()\n"
        f"registry.parse('task', {{'id': 'a', 'type': '{LOG}', 'message': 'x'}})\n"
        "heavy = {'duckdb', 'httpx', 'boto3', 'croniter', 'django', 'jinja2'} & set(sys.modules)\n"
        "types = [name for name in sys.modules if name.startswith('plugins.scripts.shell')]\n"
        "assert not heavy, heavy\n"
        "assert not types, types\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_an_unknown_type_name_raises_unknown_type(registry):
    with pytest.raises(UnknownType):
        registry.get("com.example.Nothing")
