"""Flows that start others."""

from __future__ import annotations

from chaos.flows.expected import CORE, NAMESPACE, Expected, flow_of

_CHILD = """
inputs:
  - {id: number, type: STRING}
tasks:
  - {id: work, type: bench.Effect, value: "{{ inputs.number }}"}
outputs:
  - {id: value, type: STRING, value: "{{ outputs.work.value }}"}
"""
_PARENT = f"""
tasks:
  - id: each
    type: {CORE}.flow.ForEach
    values: ["1", "2", "3"]
    concurrencyLimit: 0
    tasks:
      - id: call
        type: {CORE}.flow.Subflow
        namespace: {NAMESPACE}
        flowId: child
        wait: true
        inputs:
          number: "{{{{ taskrun.value }}}}"
  - id: free
    type: {CORE}.flow.Subflow
    namespace: {NAMESPACE}
    flowId: child
    wait: false
    inputs: {{number: "0"}}
outputs:
  - {{id: value, type: STRING, value: "{{{{ outputs.call['2'].outputs.value }}}}"}}
"""


def subflows() -> dict[str, Expected]:
    return {
        "child": Expected(
            flow_of("child", _CHILD),
            runs={"work": 1},
            effects=frozenset({"work"}),
            is_started=False,
        ),
        "parent": Expected(
            flow_of("parent", _PARENT),
            runs={"each": 1, "call": 3, "free": 1},
            outputs={"value": "2"},
            children={"call": "child", "free": "child"},
        ),
    }
