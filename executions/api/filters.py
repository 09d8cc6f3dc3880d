"""What executions, task runs and logs can be searched by."""

from collections.abc import Sequence

from django.db.models import Q

from common.errors import Invalid
from executions.choices import ExecutionKind, LogLevel
from executions.models import Execution, HasLabel
from flows.api.filters import FlowFilters
from plugins.contracts.state import State
from rest.filters import (
    Custom,
    Field,
    Filter,
    FilterSet,
    Labels,
    Level,
    Moment,
    Namespace,
    Number,
    Operation,
    Search,
    TimeRange,
    Value,
)
from rest.pagination import SortColumns

_STATES = tuple(state.value for state in State)


class _ListedLabels(Labels):
    """Labels that are kept as a list of key and value."""

    def has_label(self, key: str, *values: str) -> Q:
        found = Q()
        for value in values:
            found |= Q(HasLabel(key, value))
        return found


def _family(asked: Filter) -> Q:
    kinds = {
        "CHILD": Q(trigger_execution_id__isnull=False),
        "MAIN": Q(trigger_execution_id__isnull=True),
    }
    found = Q(pk__in=())
    for word in asked.texts:
        if word.upper() not in kinds:
            raise Invalid(f"{asked.field}: '{word}' is unknown; known: CHILD, MAIN")
        found |= kinds[word.upper()]
    return ~found if asked.operation is Operation.NOT_EQUALS else found


class ExecutionFilters(FilterSet):
    q = Search("public_id", "flow_id", "namespace")
    id = Value("public_id", flat=None)
    executionId = Value("public_id", flat=None)  # noqa: N815  # the API's word
    namespace = Namespace()
    flowId = Value("flow_id")  # noqa: N815  # the API's word
    flowRevision = Number("flow_revision", flat=None)  # noqa: N815  # the API's word
    labels = _ListedLabels()
    state = Value("state", choices=_STATES)
    status = Value("state", choices=_STATES, flat=None)
    startDate = Moment("started_at", flat=Operation.GREATER_THAN_OR_EQUAL_TO)  # noqa: N815  # the API's word
    endDate = Moment("ended_at", flat=Operation.LESS_THAN_OR_EQUAL_TO)  # noqa: N815  # the API's word
    timeRange = TimeRange("started_at")  # noqa: N815  # the API's word
    created = Moment("created_at")
    scope = FlowFilters.scope
    kind = Value("kind", choices=ExecutionKind.values, synonyms={"DEFAULT": "NORMAL"})
    childFilter = Custom(  # noqa: N815  # the API's word
        _family, operations=(Operation.EQUALS, Operation.NOT_EQUALS, Operation.IN)
    )
    parentId = Value("parent_id", flat=None)  # noqa: N815  # the API's word
    triggerExecutionId = Value("trigger_execution_id")  # noqa: N815  # the API's word
    triggerId = Value("trigger_id")  # noqa: N815  # the API's word


EXECUTION_SORT: SortColumns = {
    "id": "public_id",
    "namespace": "namespace",
    "flowId": "flow_id",
    "flowRevision": "flow_revision",
    "state.current": "state",
    "state.startDate": "started_at",
    "state.endDate": "ended_at",
    "state.duration": "duration",
    "scheduleDate": "schedule_date",
}
EXECUTION_ORDER = ("-created_at",)

DISTINCT_FIELDS = {
    "namespace": "namespace",
    "flowId": "flow_id",
    "flowRevision": "flow_revision",
    "state": "state",
    "kind": "kind",
    "triggerId": "trigger_id",
    "triggerExecutionId": "trigger_execution_id",
    "parentId": "parent_id",
}


def _of_execution(asked: Filter) -> Q:
    """What is asked of the execution that the task run belongs to."""
    inner = ExecutionFilters.condition(asked)
    return Q(execution_id__in=Execution.objects.filter(inner).values("public_id"))


class _OfExecution(Custom):
    """A field of executions, for what belongs to one."""

    def __init__(self, field: Field) -> None:
        super().__init__(_of_execution, operations=field.operations)
        self._field = field

    def flat_filters(self, name: str, values: Sequence[str]) -> list[Filter]:
        return self._field.flat_filters(name, values)


class TaskRunFilters(FilterSet):
    q = Search("public_id", "task_id", "flow_id", "namespace")
    namespace = Namespace()
    flowId = Value("flow_id")  # noqa: N815  # the API's word
    executionId = Value("execution_id")  # noqa: N815  # the API's word
    taskId = Value("task_id")  # noqa: N815  # the API's word
    state = Value("state", choices=_STATES)
    startDate = Moment("started_at", flat=Operation.GREATER_THAN_OR_EQUAL_TO)  # noqa: N815  # the API's word
    endDate = Moment("ended_at", flat=Operation.LESS_THAN_OR_EQUAL_TO)  # noqa: N815  # the API's word
    timeRange = TimeRange("started_at")  # noqa: N815  # the API's word
    labels = _OfExecution(ExecutionFilters.fields["labels"])
    childFilter = _OfExecution(ExecutionFilters.fields["childFilter"])  # noqa: N815  # the API's word
    triggerExecutionId = _OfExecution(ExecutionFilters.fields["triggerExecutionId"])  # noqa: N815  # the API's word
    scope = FlowFilters.scope


TASK_RUN_SORT: SortColumns = {
    "id": "public_id",
    "namespace": "namespace",
    "flowId": "flow_id",
    "taskId": "task_id",
    "executionId": "execution_id",
    "state.current": "state",
    "state.startDate": "started_at",
    "state.endDate": "ended_at",
}
TASK_RUN_ORDER = ("-started_at",)


class LogFilters(FilterSet):
    q = Search("message", "flow_id", "namespace")
    namespace = Namespace()
    flowId = Value("flow_id")  # noqa: N815  # the API's word
    executionId = Value("execution_id")  # noqa: N815  # the API's word
    taskId = Value("task_id")  # noqa: N815  # the API's word
    taskRunId = Value("task_run_id")  # noqa: N815  # the API's word
    triggerId = Value("trigger_id")  # noqa: N815  # the API's word
    attemptNumber = Number("attempt")  # noqa: N815  # the API's word
    attempt = Number("attempt")
    minLevel = Level("level", LogLevel.values)  # noqa: N815  # the API's word
    level = Level("level", LogLevel.values)
    startDate = Moment("timestamp", flat=Operation.GREATER_THAN_OR_EQUAL_TO)  # noqa: N815  # the API's word
    endDate = Moment("timestamp", flat=Operation.LESS_THAN_OR_EQUAL_TO)  # noqa: N815  # the API's word
    timeRange = TimeRange("timestamp")  # noqa: N815  # the API's word
    scope = FlowFilters.scope


LOG_SORT: SortColumns = {
    "timestamp": "timestamp",
    "level": "level",
    "namespace": "namespace",
    "flowId": "flow_id",
    "executionId": "execution_id",
    "taskId": "task_id",
}
LOG_ORDER = ("-timestamp",)
