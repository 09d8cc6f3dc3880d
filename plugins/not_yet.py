"""The type names of the original that this product may still lack, so that a flow which uses one is
told so. Whatever the registry has never gets here."""

from collections.abc import Mapping

# Group → types.
_CORE: Mapping[str, str] = {
    "condition": (
        "DateTimeBetween DayWeek DayWeekInMonth ExecutionFlow ExecutionLabels "
        "ExecutionNamespace ExecutionOutputs ExecutionStatus Expression FlowCondition "
        "FlowNamespaceCondition HasRetryAttempt MultipleCondition Not Or PublicHoliday "
        "TimeBetween Weekend"
    ),
    "dashboard.chart": "Bar KPI Markdown Pie Table TimeSeries",
    "dashboard.data": "Executions Flows Logs Metrics",
    "execution": "Assert Count Exit Labels PurgeExecutions Resume SetVariables UnsetVariables",
    "flow": "ForEachItem LoopUntil Pause Sleep Template WaitFor WorkingDirectory",
    "http": "SseRequest Trigger",
    "kv": "Delete GetKeys PurgeKV Version",
    "log": "Fetch PurgeLogs",
    "metric": "Publish",
    "namespace": "DeleteFiles DownloadFiles PurgeFiles UploadFiles Version",
    "purge": "Purge",
    "state": "Delete Get Set",
    "storage": "Concat DeduplicateItems Delete FilterItems LocalFiles Reverse Size Split Write",
    "templating": "TemplatedTask",
    "trigger": "Flow ScheduleOnDates Toggle Webhook",
}
_CORE_PREFIX = "io.kestra.plugin.core."


def is_known_original(name: str) -> bool:
    """Whether it is a core type of the original (conditions once ended in `Condition`)."""
    if not name.startswith(_CORE_PREFIX):
        return False
    group, _, last = name.removeprefix(_CORE_PREFIX).rpartition(".")
    known = _CORE.get(group, "").split()
    return last in known or last.removesuffix("Condition") in known


def looks_original(name: str) -> bool:
    """Whether it reads like a type of one of the original's many plugins."""
    is_core = name.startswith(_CORE_PREFIX)
    return name.startswith("io.kestra.plugin.") and not is_core and name.count(".") >= 4
