"""One task after another, side by side, one of several, by what they need."""

from __future__ import annotations

from chaos.flows.expected import CORE, Expected, flow_of

_SEQUENTIAL = f"""
tasks:
  - id: first
    type: bench.Effect
    value: a
  - id: log
    type: {CORE}.log.Log
    message: "between {{{{ outputs.first.value }}}}"
  - id: second
    type: bench.Effect
    value: "{{{{ outputs.first.value }}}}b"
    sleep: 0.03
  - id: inline
    type: {CORE}.debug.Return
    format: "{{{{ outputs.second.value }}}}c"
  - id: third
    type: bench.Effect
    value: "{{{{ outputs.inline.value }}}}d"
outputs:
  - id: value
    type: STRING
    value: "{{{{ outputs.third.value }}}}"
"""
_PARALLEL = f"""
tasks:
  - id: together
    type: {CORE}.flow.Parallel
    concurrent: 2
    tasks:
      - {{id: p1, type: bench.Effect, value: "1"}}
      - {{id: p2, type: bench.Effect, value: "2", sleep: 0.05}}
      - id: line
        type: {CORE}.flow.Sequential
        tasks:
          - {{id: p3, type: bench.Effect, value: "3"}}
          - {{id: p4, type: bench.Effect, value: "{{{{ outputs.p3.value }}}}4"}}
      - {{id: p5, type: bench.Effect, value: "5"}}
outputs:
  - id: value
    type: STRING
    value: "{{{{ outputs.p1.value }}}}{{{{ outputs.p2.value }}}}{{{{ outputs.p4.value }}}}"
"""
_CHOICE = f"""
inputs:
  - {{id: way, type: STRING}}
tasks:
  - id: switch
    type: {CORE}.flow.Switch
    value: "{{{{ inputs.way }}}}"
    cases:
      left:
        - {{id: left, type: bench.Effect, value: l}}
      right:
        - id: if
          type: {CORE}.flow.If
          condition: "{{{{ kv('truth') == 'yes' }}}}"
          then:
            - {{id: then, type: bench.Effect, value: t}}
          else:
            - {{id: else, type: bench.Effect, value: e}}
    defaults:
      - {{id: other, type: bench.Effect, value: o}}
  - id: skipped
    type: bench.Effect
    runIf: "{{{{ kv('truth') == 'no' }}}}"
  - id: taken
    type: bench.Effect
    runIf: "{{{{ kv('truth') == 'yes' }}}}"
  - id: last
    type: {CORE}.flow.If
    condition: "{{{{ inputs.way == 'left' }}}}"
    then:
      - {{id: never, type: bench.Effect}}
"""
_DAG = f"""
tasks:
  - id: dag
    type: {CORE}.flow.Dag
    tasks:
      - task: {{id: d1, type: bench.Effect, value: "1"}}
      - task: {{id: d2, type: bench.Effect, value: "2"}}
      - task:
          id: d3
          type: bench.Effect
          value: "{{{{ outputs.d1.value }}}}{{{{ outputs.d2.value }}}}"
        dependsOn: [d1, d2]
      - task: {{id: d4, type: {CORE}.debug.Return, format: "{{{{ outputs.d3.value }}}}4"}}
        dependsOn: [d3]
outputs:
  - {{id: value, type: STRING, value: "{{{{ outputs.d4.value }}}}"}}
"""


def sequences() -> dict[str, Expected]:
    return {
        "sequential": Expected(
            flow_of("sequential", _SEQUENTIAL),
            runs={"first": 1, "log": 1, "second": 1, "inline": 1, "third": 1},
            effects=frozenset({"first", "second", "third"}),
            lines={"log": "between a"},
            outputs={"value": "abcd"},
        ),
    }


def branches() -> dict[str, Expected]:
    return {
        "parallel": Expected(
            flow_of("parallel", _PARALLEL),
            runs={"together": 1, "line": 1, "p1": 1, "p2": 1, "p3": 1, "p4": 1, "p5": 1},
            effects=frozenset({"p1", "p2", "p3", "p4", "p5"}),
            outputs={"value": "1234"},
        ),
        "choice": Expected(
            flow_of("choice", _CHOICE),
            runs={"switch": 1, "if": 1, "then": 1, "skipped": 1, "taken": 1, "last": 1},
            states={"skipped": "SKIPPED"},
            effects=frozenset({"then", "taken"}),
            counted={"skipped": 0},
            inputs={"way": "right"},
        ),
        "dag": Expected(
            flow_of("dag", _DAG),
            runs={"dag": 1, "d1": 1, "d2": 1, "d3": 1, "d4": 1},
            effects=frozenset({"d1", "d2", "d3"}),
            outputs={"value": "124"},
        ),
    }
