"""What the OpenAPI document says of executions and of what they leave."""

from drf_spectacular.types import OpenApiTypes

from executions.choices import ExecutionKind, LogLevel
from flows.api.described import FLOW_GRAPH, LABEL
from plugins.contracts.state import State
from rest.shapes import (
    ANY_OBJECT,
    BINARY,
    DURATION,
    FILTERS,
    FLAG,
    INSTANT,
    NUMBER,
    PAGING,
    TEXT,
    WHOLE,
    Said,
    asked,
    component,
    flags,
    many,
    map_of,
    obj,
    page_of,
    words,
)

STATE_WORD = component("StateType", words(*(state.value for state in State)))
STATE = component(
    "State",
    obj(
        "current",
        "histories",
        current=STATE_WORD,
        histories=many(obj("state", "date", state=STATE_WORD, date=INSTANT)),
        duration=DURATION,
        startDate=INSTANT,
        endDate=INSTANT,
    ),
)
TASK_RUN = component(
    "TaskRun",
    obj(
        "id",
        "taskId",
        "state",
        tenantId=TEXT,
        id=TEXT,
        executionId=TEXT,
        namespace=TEXT,
        flowId=TEXT,
        taskId=TEXT,
        parentTaskRunId=TEXT,
        value=TEXT,
        iteration=WHOLE,
        attempts=many(obj("state", state=STATE, workerId=TEXT)),
        outputs={**ANY_OBJECT, "nullable": True},
        state=STATE,
    ),
)
_EXECUTION = {
    "tenantId": TEXT,
    "id": TEXT,
    "namespace": TEXT,
    "flowId": TEXT,
    "flowRevision": WHOLE,
    "taskRunList": many(TASK_RUN),
    "inputs": ANY_OBJECT,
    "outputs": ANY_OBJECT,
    "labels": many(LABEL),
    "variables": ANY_OBJECT,
    "state": STATE,
    "parentId": TEXT,
    "originalId": TEXT,
    "trigger": obj(id=TEXT, type=TEXT, variables=ANY_OBJECT, logFile=TEXT),
    "metadata": obj("originalCreatedDate", attemptNumber=WHOLE, originalCreatedDate=INSTANT),
    "scheduleDate": INSTANT,
    "deleted": FLAG,
    "kind": words(*ExecutionKind.values),
}
_ALWAYS = (
    "id", "namespace", "flowId", "flowRevision", "state", "originalId", "deleted", "metadata",
    "tenantId",
)  # fmt: skip
EXECUTION = component("Execution", obj(*_ALWAYS, **_EXECUTION))
CREATED = component("ExecutionResponse", obj(*_ALWAYS, "url", **_EXECUTION, url=TEXT))
LOG_ENTRY = component(
    "LogEntry",
    obj(
        "namespace",
        "flowId",
        tenantId=TEXT,
        namespace=TEXT,
        flowId=TEXT,
        taskId=TEXT,
        executionId=TEXT,
        taskRunId=TEXT,
        triggerId=TEXT,
        attemptNumber={**WHOLE, "nullable": True},
        timestamp=INSTANT,
        level=words(*LogLevel.values),
        thread=TEXT,
        message=TEXT,
    ),
)
METRIC = component(
    "MetricEntry",
    obj(
        "namespace",
        "flowId",
        "name",
        "type",
        "value",
        "timestamp",
        tenantId=TEXT,
        namespace=TEXT,
        flowId=TEXT,
        taskId=TEXT,
        executionId=TEXT,
        taskRunId=TEXT,
        name=TEXT,
        type=words("counter", "timer", "gauge"),
        value=NUMBER,
        timestamp=INSTANT,
        tags=map_of(TEXT),
    ),
)
AGGREGATIONS = component(
    "MetricAggregations",
    obj(
        "groupBy",
        "aggregations",
        groupBy=TEXT,
        aggregations=many(obj("name", "date", name=TEXT, date=INSTANT, value=NUMBER)),
    ),
)
BULK = component("BulkResponse", obj("count", count=WHOLE, totalItems=WHOLE, operationId=TEXT))
FLOW_FOR_EXECUTION = component(
    "FlowForExecution",
    obj(
        "id",
        "namespace",
        id=TEXT,
        namespace=TEXT,
        revision=WHOLE,
        inputs=many(ANY_OBJECT),
        labels=many(LABEL),
        tasks=many(ANY_OBJECT),
        errors=many(ANY_OBJECT),
        triggers=many(obj(id=TEXT, type=TEXT)),
    ),
)
EVALUATION = obj(result=TEXT, error=TEXT, stackTrace=TEXT)
COUNTS = map_of(WHOLE)
STATISTICS = component(
    "DailyExecutionStatistics",
    obj(
        "startDate",
        "duration",
        startDate=INSTANT,
        duration=obj("count", min=DURATION, avg=DURATION, max=DURATION, sum=DURATION, count=WHOLE),
        executionCounts=COUNTS,
        groupBy=TEXT,
    ),
)
CHECKED = obj(
    "id",
    "namespace",
    "inputs",
    "checks",
    id=TEXT,
    namespace=TEXT,
    inputs=many(
        obj(
            "input",
            "errors",
            input=ANY_OBJECT,
            value={},
            enabled=FLAG,
            isDefault=FLAG,
            errors=many(obj(message=TEXT)),
        )
    ),
    checks=many(ANY_OBJECT),
)
LIMIT = component(
    "ConcurrencyLimit",
    obj(
        "tenantId", "namespace", "flowId", tenantId=TEXT, namespace=TEXT, flowId=TEXT, running=WHOLE
    ),
)

_IDS = many(TEXT)
_FLOW_IDS = many(obj("namespace", "id", namespace=TEXT, id=TEXT))
_SEARCH = (*PAGING, *FILTERS)
_SCOPE = flags("deleteLogs", "deleteMetrics", "deleteStorage")
_RUNNING = flags("includeNonTerminated")
_PATH = asked("path", is_required=True)
_SPAN = (
    asked("startDate", OpenApiTypes.DATETIME),
    asked("endDate", OpenApiTypes.DATETIME),
    asked("aggregation"),
)
_DATES = obj(
    startDate=INSTANT,
    endDate=INSTANT,
    timeRange=DURATION,
    q=TEXT,
    namespace=TEXT,
    flowId=TEXT,
    state=many(STATE_WORD),
    scope=many(TEXT),
)
_OF_LOG = (*FILTERS, asked("minLevel"), asked("taskRunId"), asked("taskId"), asked("attempt"))

OPERATIONS = {
    "searchExecutions": Said(page_of(EXECUTION), query=_SEARCH),
    "searchExecutionsByFlowId": Said(
        page_of(EXECUTION),
        query=(
            *PAGING,
            asked("namespace", is_required=True),
            asked("flowId", is_required=True),
        ),
    ),
    "getLatestExecutions": Said(
        many(obj(id=TEXT, flowId=TEXT, namespace=TEXT, startDate=INSTANT, status=STATE_WORD)),
        body=_FLOW_IDS,
    ),
    "findDistinctFieldValues": Said(
        many(TEXT),
        query=(
            asked("field", is_required=True),
            asked("size", OpenApiTypes.INT),
            *FILTERS,
        ),
    ),
    "exportExecutions": Said(TEXT, media="text/csv", query=FILTERS),
    "createExecution": Said(CREATED),
    "createExecutions": Said(many(obj(id=TEXT, url=TEXT, error=TEXT))),
    "validateNewExecutionInputs": Said(many(CHECKED)),
    "getExecution": Said(EXECUTION),
    "deleteExecution": Said(None, 204, query=_SCOPE),
    "deleteExecutionsByIds": Said(BULK, body=_IDS, query=(*_RUNNING, *_SCOPE)),
    "deleteExecutionsByQuery": Said(BULK, query=(*FILTERS, *_RUNNING, *_SCOPE)),
    "killExecution": Said(EXECUTION, query=flags("isOnKillCascade")),
    "killExecution_1": Said(EXECUTION, 202, query=flags("isOnKillCascade")),
    "killExecutionsByIds": Said(BULK, body=_IDS),
    "killExecutionsByQuery": Said(BULK, query=FILTERS),
    "setLabelsOnTerminatedExecution": Said(EXECUTION, body=many(LABEL)),
    "setLabelsOnTerminatedExecutionsByIds": Said(
        BULK,
        body=obj(
            "executionsId",
            "executionLabels",
            executionsId=many(TEXT),
            executionLabels=many(LABEL),
        ),
    ),
    "setLabelsOnTerminatedExecutionsByQuery": Said(BULK, body=many(LABEL), query=FILTERS),
    "evalExpression": Said(EVALUATION, body=TEXT),
    "evalTaskRunExpression": Said(EVALUATION, body=TEXT),
    "downloadFileFromExecution": Said(BINARY, media="application/octet-stream", query=(_PATH,)),
    "getFileMetadatasFromExecution": Said(obj("size", size=WHOLE), query=(_PATH,)),
    "previewFileFromExecution": Said(
        ANY_OBJECT,
        query=(
            _PATH,
            asked("maxRows", OpenApiTypes.INT, is_required=True),
            asked("encoding"),
        ),
    ),
    "listExecutableDistinctNamespaces": Said(many(TEXT)),
    "listFlowExecutionsByNamespace": Said(many(FLOW_FOR_EXECUTION)),
    "getFlowFromExecution": Said(FLOW_FOR_EXECUTION, query=(asked("revision", OpenApiTypes.INT),)),
    "getFlowFromExecutionById": Said(FLOW_FOR_EXECUTION),
    "getExecutionFlowGraph": Said(FLOW_GRAPH, query=(asked("subflows"),)),
    "searchConcurrencyLimits": Said(page_of(LIMIT), query=PAGING),
    "searchLogs": Said(
        obj("results", "total", "type", results=many(LOG_ENTRY), total=WHOLE, type=TEXT),
        query=_SEARCH,
    ),
    "listLogsFromExecution": Said(many(LOG_ENTRY), query=_OF_LOG),
    "deleteLogsFromExecution": Said(None, query=_OF_LOG),
    "deleteLogsFromFlow": Said(None, query=(asked("triggerId", is_required=True),)),
    "downloadLogsFromExecution": Said(TEXT, media="text/plain", query=_OF_LOG),
    "searchByExecution": Said(
        page_of(METRIC), query=(*PAGING, asked("taskRunId"), asked("taskId"))
    ),
    "listFlowMetrics": Said(many(TEXT)),
    "listTaskMetrics": Said(many(TEXT)),
    "listTasksWithMetrics": Said(many(TEXT)),
    "aggregateMetricsFromFlow": Said(AGGREGATIONS, query=_SPAN),
    "aggregateMetricsFromTask": Said(AGGREGATIONS, query=_SPAN),
    "getTaskOutputsInformation": Said(
        many(
            obj(
                "taskId",
                "taskRunId",
                taskId=TEXT,
                taskRunId=TEXT,
                value=TEXT,
                iteration=WHOLE,
                inline=FLAG,
            )
        )
    ),
    "getTaskRunOutputs": Said(ANY_OBJECT),
    "getExecutionOutputs": Said(ANY_OBJECT),
    "searchTaskRuns": Said(page_of(TASK_RUN), query=_SEARCH),
    "maxTaskRunSetting": Said(WHOLE),
    "summary": Said(obj("flows", "triggers", flows=WHOLE, triggers=WHOLE), body=_DATES),
    "dailyStatistics": Said(many(STATISTICS), body=_DATES),
    "taskRunsDailyStatistics": Said(many(STATISTICS), body=_DATES),
    "dailyGroupByFlowStatistics": Said(map_of(map_of(many(STATISTICS))), body=_DATES),
    "dailyStatisticsGroupByNamespace": Said(
        map_of(obj("counts", "total", counts=COUNTS, total=WHOLE)), body=_DATES
    ),
    "lastExecutions": Said(many(EXECUTION), body=obj(flows=_FLOW_IDS)),
    "logsDailyStatistics": Said(
        many(obj(timestamp=INSTANT, counts=COUNTS, groupBy=TEXT)), body=_DATES
    ),
}
