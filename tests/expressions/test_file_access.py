"""Which files an expression may read."""

import pytest

from expressions.errors import ExpressionError
from expressions.file_access import check_file_access

_SCOPE = {
    "flow": {"id": "My_Flow", "namespace": "company.team"},
    "execution": {"id": "e1"},
    "trigger": {"namespace": "other", "flowId": "parent", "executionId": "e0"},
}


@pytest.mark.parametrize(
    "uri",
    [
        "kestra:///company/team/myflow/executions/e1/tasks/t/x.txt",
        "kestra:///other/parent/executions/e0/x.txt",
        "scripts/main.py",
        "/scripts/main.py",
    ],
)
def test_own_files_and_those_of_the_triggering_execution_may_be_read(uri):
    check_file_access(uri, _SCOPE)


@pytest.mark.parametrize(
    "uri",
    [
        "kestra:///company/team/myflow/executions/e2/x.txt",
        "kestra:///company/team/myflow/executions/e1",
        "kestra:///company/team/myflow/executions/e1/",
        "kestra:///company/team/myflow/executions/e1/../e2/x",
        "kestra:///company/team/myflow/executions/e1/%2e%2e/e2/x",
        "kestra://host/company/team/myflow/executions/e1/x.txt",
        "kestra:///company/team/_files/x",
        "../x",
        "a/..\\x",
        "file:///etc/passwd",
        "http://host/x",
    ],
)
def test_other_files_are_refused(uri):
    with pytest.raises(ExpressionError):
        check_file_access(uri, _SCOPE)


def test_nothing_of_storage_may_be_read_outside_an_execution():
    with pytest.raises(ExpressionError):
        check_file_access("kestra:///a/b/executions/c/d", {})
