import pytest

from common.errors import Invalid
from rbac.vocabulary import ACTIONS, NAMESPACED, every_action, expand_permissions


def expanded(given: dict[str, list[str]]) -> set[str]:
    return {f"{resource}:{action}" for resource, action in expand_permissions(given)}


@pytest.mark.parametrize(
    ("given", "pairs"),
    [
        (
            {"FLOW": ["READ"]},
            {
                "FLOW:VIEW", "FLOW:LIST", "FLOW:EXPORT",
                "TRIGGER:VIEW", "TRIGGER:LIST", "TRIGGER:EXPORT",
            },
        ),
        (
            {"FLOW": ["UPDATE"]},
            {"FLOW:UPDATE", "FLOW:ENABLE", "FLOW:DISABLE", "FLOW:VALIDATE"},
        ),
        ({"EXECUTION": ["CREATE"]}, {"FLOW:EXECUTE"}),
        ({"EXECUTION": ["DELETE"]}, {"EXECUTION:DELETE", "EXECUTION:KILL", "TRIGGER:DELETE"}),
        ({"KVSTORE": ["READ", "CREATE"]}, {"KVSTORE:VIEW", "KVSTORE:LIST", "KVSTORE:CREATE"}),
        ({"TEST": ["DELETE"]}, {"TESTSUITE:DELETE"}),
        ({"TENANT_ACCESS": ["DELETE"]}, {"USER:DELETE"}),
        ({"GROUP_MEMBERSHIP": ["CREATE"]}, {"GROUP:MANAGE_MEMBERS"}),
        (
            {"SETTING": ["UPDATE"]},
            {"SYSTEM_SETTINGS:UPDATE", "TENANT_SETTINGS:UPDATE"},
        ),
        ({"AI_COPILOT": ["READ"]}, {"COPILOT:USE"}),
        ({"AUDITLOGS": ["READ"]}, {"AUDITLOG:VIEW", "AUDITLOG:LIST", "AUDITLOG:EXPORT"}),
        ({"TEMPLATE": ["READ"], "IMPERSONATE": ["READ"], "INFRASTRUCTURE": ["READ"]}, set()),
        ({"TENANT": ["READ"]}, set()),
        ({"FLOW": []}, set()),
        ({}, set()),
    ],
)  # fmt: skip
def test_words_of_the_older_line_give_the_newer_ones(given, pairs) -> None:
    assert expanded(given) == pairs


def test_a_role_of_the_newer_line_is_taken_literally() -> None:
    assert expanded({"EXECUTION": ["VIEW", "UPDATE"], "FLOW": ["CREATE"]}) == {
        "EXECUTION:VIEW",
        "EXECUTION:UPDATE",
        "FLOW:CREATE",
    }


def test_pausing_is_not_killing() -> None:
    assert expanded({"EXECUTION": ["PAUSE"]}) == {"EXECUTION:PAUSE"}


def test_lower_case_is_read_too() -> None:
    assert "FLOW:VIEW" in expanded({"flow": ["read"]})


@pytest.mark.parametrize("given", [{"FLOOR": ["READ"]}, {"FLOW": ["REED"]}])
def test_a_word_of_neither_line_is_invalid(given) -> None:
    with pytest.raises(Invalid) as caught:
        expand_permissions(given)

    assert caught.value.violations[0].path.startswith("permissions.")


def test_every_action_of_every_resource_expands_to_itself() -> None:
    everything = every_action()

    assert expand_permissions(everything) == {
        (resource, action) for resource, actions in ACTIONS.items() for action in actions
    }
    assert set(ACTIONS) >= NAMESPACED
