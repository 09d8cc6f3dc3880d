"""A flow that has every structure, with results that lead through all of it."""

from plugins.contracts.state import State

EVERYTHING = """
retry: {type: constant, interval: PT1S, maxAttempt: 2}
outputs: [{id: o, type: STRING, value: "{{ outputs.first.value }}"}]
tasks:
  - {id: first, type: Return, format: x}
  - {id: skipped, type: Work, runIf: "{{ false }}"}
  - {id: taken, type: Work, runIf: "{{ true }}"}
  - {id: disabled, type: Work, disabled: true}
  - id: steps
    type: Sequential
    runIf: "{{ true }}"
    tasks: [{id: s1, type: Work}, {id: s2, type: Work}]
    finally: [{id: s3, type: Work}]
  - id: together
    type: Parallel
    concurrent: 2
    tasks:
      - id: each
        type: ForEach
        values: "{{ ['1', '2', '3'] }}"
        concurrencyLimit: 2
        tasks:
          - {id: a, type: Work, runIf: "{{ taskrun.value != '2' }}"}
          - id: inner
            type: EachParallel
            value: [x, y]
            tasks: [{id: b, type: Work}, {id: c, type: Work}]
      - id: old
        type: EachSequential
        value: [1, 2]
        tasks: [{id: d, type: Work}]
      - {id: call, type: Subflow, namespace: a.b, flowId: child}
      - {id: call_and_go, type: Subflow, namespace: a.b, flowId: child, wait: false}
      - {id: refused, type: Subflow, namespace: a.b, flowId: child, allowFailure: true}
  - id: if
    type: If
    condition: "{{ outputs.first.value == 'x' }}"
    then:
      - id: switch
        type: Switch
        value: "{{ 'two' }}"
        cases: {one: [{id: e, type: Work}], two: [{id: f, type: Work}]}
    else: [{id: g, type: Work}]
  - id: dag
    type: Dag
    tasks:
      - {task: {id: h, type: Work}, dependsOn: [i]}
      - {task: {id: i, type: Work}}
  - id: try
    type: AllowFailure
    tasks: [{id: j, type: Work}, {id: k, type: Work}]
    errors: [{id: l, type: Work}]
  - id: broken
    type: Parallel
    tasks: [{id: m, type: Work}, {id: n, type: Work}]
    errors: [{id: o, type: Work}]
  - {id: never, type: Work}
errors: [{id: p, type: Work}]
finally: [{id: q, type: Work}]
"""

RESULTS = {
    "taken": [State.FAILED, State.SUCCESS],
    "s1": [None, State.SUCCESS],
    "b": [State.WARNING],
    "j": [State.FAILED],
    "m": [State.FAILED],
}

SUBFLOWS = {"call": [State.FAILED, (State.SUCCESS, {"n": 1})], "refused": ["no such flow"]}
