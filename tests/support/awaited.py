"""What a caller is told who waits for an execution, on whichever wiring."""

from typing import Any

from tests.support.product import Product

FLOW = """
id: awaited_%d
namespace: company.team
labels: {team: data}
inputs:
  - {id: text, type: STRING, defaults: "%s"}
variables: {greeting: hello}
tasks:
  - id: text
    type: io.kestra.plugin.core.debug.Return
    format: "{{ vars.greeting }}"
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: ["a", "b"]
    tasks:
      - {id: key, type: io.kestra.plugin.core.kv.Set, key: "{{ taskrun.value }}", value: v}
  - id: may_fail
    type: io.kestra.plugin.core.flow.AllowFailure
    tasks:
      - {id: fail, type: io.kestra.plugin.core.execution.Fail}
  - id: large
    type: io.kestra.plugin.core.output.OutputValues
    values: {text: "{{ inputs.text }}"}
outputs:
  - {id: said, type: STRING, value: "{{ outputs.text.value }}"}
"""


def told_and_read(product: Product, size: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answer to the call that waits, and the execution as it is read then."""
    product.save_flow(FLOW % (size, size * "x"))
    told = product.run(f"company.team/awaited_{size}")
    told.pop("url")
    return told, product.call("GET", f"/executions/{told['id']}").json()
