import pytest

from storage import layout
from storage.errors import AddressRefused


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("each-split", "each-split"),
        ("My_Flow", "myflow"),
        ("été  chaud", "ete-chaud"),
        ("--a--b--", "a-b"),
        ("___", "_"),
    ],
)
def test_a_slug_keeps_letters_digits_and_single_dashes(name: str, expected: str) -> None:
    assert layout.slug(name) == expected


def test_a_task_runs_files_lie_below_their_execution() -> None:
    folder = layout.task_run_folder("company.team", "My flow", "4nE", "Task_1", "7xY")

    assert str(folder) == "kestra:///company/team/my-flow/executions/4nE/tasks/task1/7xY"
    assert folder.is_below(layout.execution_folder("company.team", "My flow", "4nE"))


def test_an_inputs_file_keeps_only_the_last_part_of_its_name() -> None:
    address = layout.input_file("a.b", "f", "4nE", "file", "C:\\fakepath\\data.csv")

    assert str(address) == "kestra:///a/b/f/executions/4nE/inputs/file/data.csv"


def test_triggers_states_and_caches_have_their_places() -> None:
    assert str(layout.trigger_folder("a", "f", "4nE", "t")) == (
        "kestra:///a/f/executions/4nE/trigger/t"
    )
    assert str(layout.state_file("a", "f", "s.json")) == "kestra:///a/f/states/s.json"
    assert str(layout.state_file("a", None, "s.json")) == "kestra:///a/states/s.json"
    assert str(layout.cache_file("a", "f", "t")) == "kestra:///a/f/t/cache/cache.zip"


@pytest.mark.parametrize("path", ["scripts/main.py", "/scripts/main.py"])
def test_a_namespace_file_has_its_address(path: str) -> None:
    address = layout.namespace_file("company.team", path)

    assert str(address) == "kestra:///company/team/_files/scripts/main.py"


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/a/%2e%2e/x", "a\0"])
def test_a_namespace_file_does_not_lead_out_of_its_namespace(path: str) -> None:
    with pytest.raises(AddressRefused):
        layout.namespace_file("company.team", path)


@pytest.mark.parametrize("namespace", ["a._files", "a..b", "", "../x"])
def test_no_namespace_lies_among_the_files_of_another(namespace: str) -> None:
    with pytest.raises(AddressRefused):
        layout.namespace_folder(namespace)


@pytest.mark.parametrize("name", ["..", "", "a/..", "a\0b"])
def test_a_file_name_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(AddressRefused):
        layout.safe_file_name(name)
