"""`io.kestra.plugin.core.flow.Subflow`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from common.clock import from_iso
from common.errors import Invalid
from plugins.contracts.labels import Labels, label_map
from plugins.contracts.model import Dynamic, Example, Text
from plugins.contracts.plan import SubflowRequest
from plugins.contracts.state import State
from plugins.contracts.task import ExecutableTask


class Subflow(ExecutableTask):
    """Start an execution of another flow.

    The task waits for it unless `wait` is false, and fails with it unless `transmitFailed` is
    false. The outputs of the other flow are `outputs.<task>.outputs`, its execution's id is
    `outputs.<task>.executionId`."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.Subflow"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.core.tasks.flows.Subflow",
        "io.kestra.core.tasks.flows.Flow",
        "io.kestra.plugin.core.flow.Flow",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Call a flow with an input and read its output.",
            code="""\
id: parent
namespace: company.team
tasks:
  - id: call
    type: io.kestra.plugin.core.flow.Subflow
    namespace: company.team
    flowId: child
    inputs:
      day: "{{ execution.startDate | date('yyyy-MM-dd') }}"
  - id: show
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.call.outputs.total }}"
""",
        ),
    )

    namespace: str = Field(min_length=1, description="The other flow's namespace.")
    flow_id: str = Field(min_length=1, description="The other flow's id.")
    revision: Dynamic[int] | None = Field(
        default=None, description="Its revision; the latest when absent."
    )
    inputs: dict[str, Any] | None = Field(default=None, description="Its inputs.")
    labels: Labels | None = Field(default=None, description="Labels of the new execution.")
    inherit_labels: bool = Field(
        default=False, description="Whether it also gets the labels of this execution."
    )
    wait: bool = Field(default=True, description="Whether the task waits for its end.")
    transmit_failed: bool = Field(
        default=True, description="Whether the task fails when the other execution does."
    )
    schedule_date: Text | None = Field(
        default=None, description="When it shall start; at once when absent."
    )
    restart_behavior: Literal["RETRY_FAILED", "NEW_EXECUTION"] = Field(
        default="RETRY_FAILED",
        description="On restart: go on with the failed execution, or start a new one.",
    )
    outputs: dict[str, Any] | None = Field(
        default=None,
        description="Outputs rendered in the other execution. Better: `outputs` of that flow.",
    )

    def templates(self) -> Mapping[str, Any]:
        return {
            "namespace": self.namespace,
            "flowId": self.flow_id,
            "revision": self.revision,
            "inputs": self.inputs or {},
            "labels": label_map(self.labels),
            "scheduleDate": self.schedule_date,
        }

    def request(self, rendered: Mapping[str, Any]) -> SubflowRequest:
        return SubflowRequest(
            namespace=str(rendered["namespace"]),
            flow_id=str(rendered["flowId"]),
            revision=_revision(rendered["revision"]),
            inputs=rendered["inputs"],
            labels={key: str(value) for key, value in rendered["labels"].items()},
            inherit_labels=self.inherit_labels,
            wait=self.wait,
            transmit_failed=self.transmit_failed,
            schedule_date=_moment(rendered["scheduleDate"]),
        )

    def outcome(self, child: State) -> State:
        if not (self.wait and self.transmit_failed):
            return State.SUCCESS
        if child.is_failure:
            return State.FAILED
        return State.WARNING if child is State.WARNING else State.SUCCESS


def _revision(value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise Invalid(f"The revision '{value}' of the subflow is not a whole number") from error


def _moment(value: Any) -> datetime | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value
    try:
        return from_iso(str(value))
    except ValueError as error:
        raise Invalid(
            f"The scheduleDate '{value}' is not a date such as 2025-01-31T08:00:00Z"
        ) from error
