"""Tasks that run once for each value."""

from __future__ import annotations

from chaos.flows.expected import CORE, Expected, flow_of

_LOOP = f"""
tasks:
  - id: each
    type: {CORE}.flow.ForEach
    values: "{{{{ kv('values') }}}}"
    concurrencyLimit: 2
    tasks:
      - {{id: in, type: bench.Effect, value: "{{{{ taskrun.value }}}}"}}
      - {{id: out, type: {CORE}.debug.Return, format: "{{{{ outputs.in[taskrun.value].value }}}}!"}}
outputs:
  - {{id: value, type: STRING, value: "{{{{ outputs.out['two'].value }}}}"}}
"""
_EACH = f"""
tasks:
  - id: each
    type: {CORE}.flow.EachParallel
    value: ["a", "b", "c", "d"]
    tasks:
      - id: line
        type: {CORE}.flow.Sequential
        tasks:
          - {{id: e1, type: bench.Effect, value: "{{{{ parent.taskrun.value }}}}", sleep: 0.02}}
          - {{id: e2, type: bench.Effect}}
  - id: after
    type: {CORE}.flow.EachSequential
    value: ["x", "y"]
    tasks:
      - {{id: e3, type: bench.Effect}}
"""
_NESTED = f"""
tasks:
  - id: top
    type: {CORE}.flow.Sequential
    tasks:
      - id: side
        type: {CORE}.flow.Parallel
        tasks:
          - id: each
            type: {CORE}.flow.ForEach
            values: ["1", "2", "3"]
            concurrencyLimit: 0
            tasks:
              - id: if
                type: {CORE}.flow.If
                condition: "{{{{ taskrun.value != '2' }}}}"
                then:
                  - {{id: odd, type: bench.Effect}}
                else:
                  - {{id: even, type: bench.Effect, runIf: "{{{{ kv('truth') == 'yes' }}}}"}}
          - {{id: beside, type: bench.Effect}}
      - {{id: end, type: bench.Effect}}
"""


def loops() -> dict[str, Expected]:
    return {
        "loop": Expected(
            flow_of("loop", _LOOP),
            runs={"each": 1, "in": 5, "out": 5},
            effects=frozenset({"in"}),
            outputs={"value": "two!"},
        ),
        "each": Expected(
            flow_of("each", _EACH),
            runs={"each": 1, "line": 4, "e1": 4, "e2": 4, "after": 1, "e3": 2},
            effects=frozenset({"e1", "e2", "e3"}),
        ),
        "nested": Expected(
            flow_of("nested", _NESTED),
            runs={
                "top": 1,
                "side": 1,
                "each": 1,
                "if": 3,
                "odd": 2,
                "even": 1,
                "beside": 1,
                "end": 1,
            },
            effects=frozenset({"odd", "even", "beside", "end"}),
        ),
    }
