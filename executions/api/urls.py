"""Routes of this app. Literal segments stand before those that a name could take."""

from django.urls import path

from executions.api import creation, described, streams
from executions.api.dispatch import below_execution
from executions.api.views import (
    bulk,
    concurrency,
    evaluation,
    executions,
    files,
    flows,
    logs,
    metrics,
    outputs,
    search,
    statistics,
    task_runs,
)
from rest.openapi import older
from rest.shapes import describe

describe(described.OPERATIONS)

_EXECUTION = "executions/<str:execution_id>"
_FLOW = "executions/<str:namespace>/<str:id>"

tenant_urls = [
    path("concurrency-limit/search", concurrency.ConcurrencySearchView.as_view()),
    path("executions", search.FlowExecutionsView.as_view()),
    path("executions/bulk", creation.create_executions_in_bulk),
    path("executions/by-ids", bulk.DeleteByIdsView.as_view()),
    path("executions/by-query", bulk.DeleteByQueryView.as_view()),
    path("executions/distinct-field-values", search.DistinctValuesView.as_view()),
    path("executions/export/by-query/csv", search.CsvView.as_view()),
    path("executions/flows/<str:namespace>/<str:flow_id>", flows.FlowView.as_view()),
    path("executions/kill/by-ids", bulk.KillByIdsView.as_view()),
    path("executions/kill/by-query", bulk.KillByQueryView.as_view()),
    path("executions/labels/by-ids", bulk.LabelsByIdsView.as_view()),
    path("executions/labels/by-query", bulk.LabelsByQueryView.as_view()),
    path("executions/latest", search.LatestExecutionsView.as_view()),
    path("executions/namespaces", flows.ExecutableNamespacesView.as_view()),
    path("executions/namespaces/<str:namespace>/flows", flows.ExecutableFlowsView.as_view()),
    path("executions/search", search.ExecutionSearchView.as_view()),
    path(_EXECUTION, executions.ExecutionView.as_view()),
    path(f"{_EXECUTION}/actions/eval", evaluation.EvaluationView.as_view()),
    path(
        f"{_EXECUTION}/actions/eval/<str:task_run_id>", evaluation.TaskRunEvaluationView.as_view()
    ),
    path(f"{_EXECUTION}/actions/kill", executions.KillActionView.as_view()),
    path(f"{_EXECUTION}/actions/labels", executions.LabelsView.as_view()),
    path(f"{_EXECUTION}/eval/<str:task_run_id>", older(evaluation.TaskRunEvaluationView)),
    path(f"{_EXECUTION}/file/metas", files.FileMetasView.as_view()),
    path(f"{_EXECUTION}/file/preview", files.FilePreviewView.as_view()),
    below_execution("eval", post=older(evaluation.EvaluationView)),
    below_execution("file", get=files.FileView.as_view()),
    below_execution("flow", get=flows.ExecutionFlowView.as_view()),
    below_execution("follow", get=streams.follow_execution),
    below_execution("follow-dependencies", get=streams.follow_dependencies),
    below_execution("graph", get=flows.ExecutionGraphView.as_view()),
    below_execution("kill", delete=older(executions.KillView)),
    below_execution("labels", post=older(executions.LabelsView)),
    path("executions/trigger/<str:namespace>/<str:id>", older(creation.create_execution)),
    path(_FLOW, creation.create_execution),
    path(f"{_FLOW}/validate", creation.validate_execution),
    path("logs/search", logs.LogSearchView.as_view()),
    path("logs/<str:execution_id>", logs.LogsView.as_view()),
    path("logs/<str:execution_id>/download", logs.LogDownloadView.as_view()),
    path("logs/<str:execution_id>/follow", streams.follow_logs),
    path("logs/<str:namespace>/<str:flow_id>", logs.FlowLogsView.as_view()),
    path(
        "metrics/aggregates/<str:namespace>/<str:flow_id>/<str:metric>",
        metrics.FlowAggregatesView.as_view(),
    ),
    path(
        "metrics/aggregates/<str:namespace>/<str:flow_id>/<str:task_id>/<str:metric>",
        metrics.TaskAggregatesView.as_view(),
    ),
    path("metrics/names/<str:namespace>/<str:flow_id>", metrics.MetricNamesView.as_view()),
    path(
        "metrics/names/<str:namespace>/<str:flow_id>/<str:task_id>",
        metrics.TaskMetricNamesView.as_view(),
    ),
    path("metrics/tasks/<str:namespace>/<str:flow_id>", metrics.TasksWithMetricsView.as_view()),
    path("metrics/<str:execution_id>", metrics.ExecutionMetricsView.as_view()),
    path("outputs/executions/<str:execution_id>", outputs.ExecutionOutputsView.as_view()),
    path("outputs/tasks/<str:execution_id>", older(outputs.TaskOutputsListView)),
    path("outputs/tasks/<str:execution_id>/<str:task_run_id>", older(outputs.TaskOutputsView)),
    path("outputs/<str:execution_id>", outputs.TaskOutputsListView.as_view()),
    path("outputs/<str:execution_id>/<str:task_run_id>", outputs.TaskOutputsView.as_view()),
    path("stats/summary", statistics.SummaryView.as_view()),
    path("stats/executions/daily", statistics.DailyExecutionsView.as_view()),
    path("stats/executions/daily/group-by-flow", statistics.DailyByFlowView.as_view()),
    path("stats/executions/daily/group-by-namespace", statistics.DailyByNamespaceView.as_view()),
    path("stats/executions/latest/group-by-flow", statistics.LatestByFlowView.as_view()),
    path("stats/logs/daily", statistics.DailyLogsView.as_view()),
    path("stats/taskruns/daily", statistics.DailyTaskRunsView.as_view()),
    path("taskruns/maxTaskRunSetting", task_runs.MaximumView.as_view()),
    path("taskruns/search", task_runs.TaskRunSearchView.as_view()),
]
