"""`io.kestra.plugin.core.flow.AllowFailure`."""

from typing import ClassVar

from plugins.contracts.model import Example
from plugins.contracts.state import State
from plugins.core.flow.sequential import Sequential


class AllowFailure(Sequential):
    """Run tasks one after another and let the flow go on when one fails.

    After a failure the group's own `errors` run, the group ends with a warning and so does the
    execution, unless something else fails."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.AllowFailure"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.flows.AllowFailure",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="The last task runs although one before it failed.",
            code="""\
id: allow_failure
namespace: company.team
tasks:
  - id: try
    type: io.kestra.plugin.core.flow.AllowFailure
    tasks:
      - id: fails
        type: io.kestra.plugin.core.execution.Fail
  - id: last
    type: io.kestra.plugin.core.log.Log
    message: still here
""",
        ),
    )

    def outcome(self, state: State) -> State:
        return State.WARNING if state is State.FAILED else state
