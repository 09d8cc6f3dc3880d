"""What a flow's source means, as frozen values."""

from flows.schema.document import FlowDocument, TaskPlace
from flows.schema.inputs import AnyInput, Input
from flows.schema.parts import (
    Check,
    Concurrency,
    ExecutionAssertion,
    FlowOutput,
    Label,
    MaxDuration,
    PluginDefault,
    Sla,
)

__all__ = [
    "AnyInput",
    "Check",
    "Concurrency",
    "ExecutionAssertion",
    "FlowDocument",
    "FlowOutput",
    "Input",
    "Label",
    "MaxDuration",
    "PluginDefault",
    "Sla",
    "TaskPlace",
]
