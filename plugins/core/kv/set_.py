"""`io.kestra.plugin.core.kv.Set`."""

from datetime import timedelta
from typing import Any, ClassVar, Literal

from pydantic import Field

from common.durations import parse_duration
from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import Dynamic, Example, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import Duration, RunnableTask


class Set(RunnableTask):
    """Store a value in the key-value store of a namespace.

    Other tasks and flows read it by `{{ kv('key') }}`."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.kv.Set"
    aliases: ClassVar[tuple[str, ...]] = ()
    # One statement in the database.
    is_light: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A value that expires after thirty days.",
            code="""\
id: kv_set
namespace: company.team
tasks:
  - id: remember
    type: io.kestra.plugin.core.kv.Set
    key: last_run
    kvType: DATETIME
    value: "{{ execution.startDate }}"
    ttl: P30D
""",
        ),
    )

    key: Text = Field(min_length=1, description="The key; rendered.")
    value: Any = Field(description="The value; rendered.")
    namespace: Text | None = Field(default=None, description="The flow's own when absent.")
    overwrite: Dynamic[bool] = Field(
        default=True, description="Whether a value that is there is replaced, or the task fails."
    )
    kv_type: (
        Dynamic[Literal["STRING", "NUMBER", "BOOLEAN", "DATETIME", "DATE", "DURATION", "JSON"]]
        | None
    ) = Field(default=None, description="What the text of the value is read as.")
    ttl: Dynamic[Duration] | None = Field(default=None, description="How long it is kept.")
    kv_description: Text | None = Field(default=None, description="Shown in the pages.")

    def run(self, context: RunContext) -> None:
        namespace = context.render(self.namespace)
        context.kv.set(
            str(context.render(self.key)),
            context.render(self.value),
            namespace=namespace or None,
            overwrite=str(context.render(self.overwrite)).lower() == "true",
            kv_type=context.render(self.kv_type),
            ttl_seconds=self._ttl_seconds(context),
            description=context.render(self.kv_description),
        )

    def _ttl_seconds(self, context: RunContext) -> float | None:
        if self.ttl is None:
            return None
        if isinstance(self.ttl, timedelta):
            return self.ttl.total_seconds()
        try:
            return parse_duration(str(context.render(self.ttl))).total_seconds()
        except ValueError as error:
            raise TaskFailed(f"The ttl cannot be read: {error}") from error
