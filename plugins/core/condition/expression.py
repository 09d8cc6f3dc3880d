"""`io.kestra.plugin.core.condition.Expression`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.condition import Condition
from plugins.contracts.model import Example
from plugins.contracts.truth import is_true


class Expression(Condition):
    """Only when an expression is true."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.condition.Expression"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.core.condition.ExpressionCondition",
        "io.kestra.core.models.conditions.types.VariableCondition",
        "io.kestra.core.models.conditions.types.ExpressionCondition",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Only on the first day of a month.",
            code="""\
id: monthly
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: a new month
triggers:
  - id: daily
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "@daily"
    conditions:
      - type: io.kestra.plugin.core.condition.Expression
        expression: "{{ trigger.date | date('d') == '1' }}"
""",
        ),
    )

    expression: Any = Field(description="Rendered; false, null and the like start nothing.")

    def templates(self) -> Mapping[str, Any]:
        return {"expression": self.expression}

    def holds(self, rendered: Mapping[str, Any]) -> bool:
        return is_true(rendered["expression"])
