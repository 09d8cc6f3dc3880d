"""`io.kestra.plugin.core.kv.Get`."""

from typing import Any, ClassVar

from pydantic import Field

from common.errors import Gone, NotFound
from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import Dynamic, Example, Output, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import RunnableTask


class GetOutput(Output):
    """What Get leaves behind."""

    value: Any = Field(default=None, description="The value; absent if there is none.")


class Get(RunnableTask):
    """Read a value of the key-value store of a namespace."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.kv.Get"
    aliases: ClassVar[tuple[str, ...]] = ()
    output_type: ClassVar[type[Output]] = GetOutput
    # One statement in the database.
    is_light: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A value of another namespace, which must be there.",
            code="""\
id: kv_get
namespace: company.team
tasks:
  - id: read
    type: io.kestra.plugin.core.kv.Get
    namespace: company
    key: region
    errorOnMissing: true
  - id: show
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.read.value }}"
""",
        ),
    )

    key: Text = Field(min_length=1, description="The key; rendered.")
    namespace: Text | None = Field(default=None, description="The flow's own when absent.")
    error_on_missing: Dynamic[bool] = Field(
        default=False, description="Whether the task fails when there is no such key."
    )

    def run(self, context: RunContext) -> GetOutput:
        key, namespace = str(context.render(self.key)), context.render(self.namespace)
        try:
            return GetOutput(value=context.kv.get(key, namespace=namespace or None))
        except (NotFound, Gone) as error:
            if str(context.render(self.error_on_missing)).lower() == "true":
                place = namespace or context.namespace
                raise TaskFailed(f"There is no key '{key}' in the namespace {place}") from error
            return GetOutput()
