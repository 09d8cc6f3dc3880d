"""The load: flows of every structure, and what each of their executions must have left in the
end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAMESPACE = "chaos"
SHELL = "io.kestra.plugin.scripts.shell.Script"
CORE = "io.kestra.plugin.core"


@dataclass(frozen=True, slots=True)
class Expected:
    """`runs`: task runs by task; `states`: those of tasks that do not end in SUCCESS; `effects`:
    tasks whose counted attempts are told to the counting server; `counted`: how many counted
    attempts a task run has, where it is not one; `lines`: log lines of a task run that contain a
    text, for each counted attempt. `is_killed`: its load kills it, so it may end anywhere."""

    source: str
    runs: Mapping[str, int]
    state: str = "SUCCESS"
    states: Mapping[str, str] = field(default_factory=dict)
    effects: frozenset[str] = frozenset()
    counted: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Any] | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, str] = field(default_factory=dict)  # task -> flow that it starts
    is_killed: bool = False
    is_scheduled: bool = False
    is_started: bool = True  # by the load; the others are children


def flows(port: int) -> dict[str, Expected]:
    """By flow id. `port` is that of the counting server."""
    return {
        **_plain(),
        **_branches(),
        **_loops(),
        **_failures(port),
        **_subflows(),
        **_data(port),
        **_ends(port),
    }


def _flow(flow_id: str, body: str) -> str:
    return f"id: {flow_id}\nnamespace: {NAMESPACE}\n{body.strip(chr(10))}\n"


def _tell(port: int, after: str = "") -> str:
    """Lines of a bash script that tell the effect and wait for the answer."""
    lines = [
        f"exec 3<>/dev/tcp/127.0.0.1/{port}",
        'echo "{{ taskrun.id }} {{ taskrun.attemptsCount }}" >&3',
        "read -r answer <&3",
        'echo "told $answer"',
        after,
    ]
    return "\n".join(f"      {line}" for line in lines if line)


_BASH = "    interpreter: [/bin/bash, -c]"


def _plain() -> dict[str, Expected]:
    sequential = f"""
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
    return {
        "sequential": Expected(
            _flow("sequential", sequential),
            runs={"first": 1, "log": 1, "second": 1, "inline": 1, "third": 1},
            effects=frozenset({"first", "second", "third"}),
            lines={"log": "between a"},
            outputs={"value": "abcd"},
        ),
    }


def _branches() -> dict[str, Expected]:
    parallel = f"""
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
    choice = f"""
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
    dag = f"""
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
    return {
        "parallel": Expected(
            _flow("parallel", parallel),
            runs={"together": 1, "line": 1, "p1": 1, "p2": 1, "p3": 1, "p4": 1, "p5": 1},
            effects=frozenset({"p1", "p2", "p3", "p4", "p5"}),
            outputs={"value": "1234"},
        ),
        "choice": Expected(
            _flow("choice", choice),
            runs={"switch": 1, "if": 1, "then": 1, "skipped": 1, "taken": 1, "last": 1},
            states={"skipped": "SKIPPED"},
            effects=frozenset({"then", "taken"}),
            counted={"skipped": 0},
            inputs={"way": "right"},
        ),
        "dag": Expected(
            _flow("dag", dag),
            runs={"dag": 1, "d1": 1, "d2": 1, "d3": 1, "d4": 1},
            effects=frozenset({"d1", "d2", "d3"}),
            outputs={"value": "124"},
        ),
    }


def _loops() -> dict[str, Expected]:
    loop = f"""
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
    each = f"""
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
    nested = f"""
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
    return {
        "loop": Expected(
            _flow("loop", loop),
            runs={"each": 1, "in": 5, "out": 5},
            effects=frozenset({"in"}),
            outputs={"value": "two!"},
        ),
        "each": Expected(
            _flow("each", each),
            runs={"each": 1, "line": 4, "e1": 4, "e2": 4, "after": 1, "e3": 2},
            effects=frozenset({"e1", "e2", "e3"}),
        ),
        "nested": Expected(
            _flow("nested", nested),
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


def _failures(port: int) -> dict[str, Expected]:
    allowed = f"""
tasks:
  - id: allow
    type: {CORE}.flow.AllowFailure
    tasks:
      - id: fails
        type: {SHELL}
{_BASH}
        script: |
    {_tell(port, "exit 3").replace(chr(10), chr(10) + "    ")}
      - {{id: never, type: bench.Effect}}
  - {{id: goes_on, type: bench.Effect}}
""".replace(_BASH, "    " + _BASH)
    errors = f"""
tasks:
  - {{id: before, type: bench.Effect}}
  - {{id: fail, type: {CORE}.execution.Fail}}
  - {{id: never, type: bench.Effect}}
errors:
  - {{id: error, type: bench.Effect}}
  - {{id: error_log, type: {CORE}.log.Log, message: "it has failed"}}
finally:
  - {{id: always, type: bench.Effect}}
"""
    local = f"""
tasks:
  - id: group
    type: {CORE}.flow.Sequential
    tasks:
      - {{id: fail, type: {CORE}.execution.Fail}}
    errors:
      - {{id: error, type: bench.Effect}}
    finally:
      - {{id: always, type: bench.Effect}}
"""
    retry = f"""
tasks:
  - id: tries
    type: {SHELL}
    retry: {{type: constant, interval: PT0.3S, maxAttempt: 3}}
{_BASH}
    script: |
{_tell(port, "[ {{ taskrun.attemptsCount }} -ge 2 ]")}
  - id: inline
    type: {CORE}.execution.Fail
    condition: "{{{{ taskrun.attemptsCount < 1 }}}}"
    retry: {{type: constant, interval: PT0.2S, maxAttempt: 2}}
  - {{id: after, type: bench.Effect}}
"""
    return {
        "allowed": Expected(
            _flow("allowed", allowed),
            state="WARNING",
            runs={"allow": 1, "fails": 1, "goes_on": 1},
            states={"allow": "WARNING", "fails": "FAILED"},
            effects=frozenset({"fails", "goes_on"}),
            lines={"fails": "told ok"},
        ),
        "errors": Expected(
            _flow("errors", errors),
            state="FAILED",
            runs={"before": 1, "fail": 1, "error": 1, "error_log": 1, "always": 1},
            states={"fail": "FAILED"},
            effects=frozenset({"before", "error", "always"}),
            lines={"error_log": "it has failed"},
        ),
        "local_errors": Expected(
            _flow("local_errors", local),
            state="FAILED",
            runs={"group": 1, "fail": 1, "error": 1, "always": 1},
            states={"group": "FAILED", "fail": "FAILED"},
            effects=frozenset({"error", "always"}),
        ),
        "retry": Expected(
            _flow("retry", retry),
            runs={"tries": 1, "inline": 1, "after": 1},
            effects=frozenset({"tries", "after"}),
            counted={"tries": 3, "inline": 2},
            lines={"tries": "told ok"},
        ),
    }


def _subflows() -> dict[str, Expected]:
    child = """
inputs:
  - {id: number, type: STRING}
tasks:
  - {id: work, type: bench.Effect, value: "{{ inputs.number }}"}
outputs:
  - {id: value, type: STRING, value: "{{ outputs.work.value }}"}
"""
    parent = f"""
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
    return {
        "child": Expected(
            _flow("child", child),
            runs={"work": 1},
            effects=frozenset({"work"}),
            is_started=False,
        ),
        "parent": Expected(
            _flow("parent", parent),
            runs={"each": 1, "call": 3, "free": 1},
            outputs={"value": "2"},
            children={"call": "child", "free": "child"},
        ),
    }


def _data(port: int) -> dict[str, Expected]:
    large = f"""
tasks:
  - {{id: big, type: bench.Effect, size: 200000}}
  - {{id: inline, type: {CORE}.debug.Return, format: "{{{{ outputs.big.big | length }}}}"}}
  - id: file
    type: {SHELL}
{_BASH}
    outputFiles: [out.txt]
    script: |
{_tell(port, "echo -n 'from a file' > out.txt")}
  - {{id: reads, type: bench.Effect, value: "{{{{ read(outputs.file.outputFiles['out.txt']) }}}}"}}
  - {{id: known, type: bench.Effect, value: "{{{{ kv('truth') }}}}"}}
outputs:
  - {{id: length, type: STRING, value: "{{{{ outputs.inline.value }}}}"}}
  - {{id: text, type: STRING, value: "{{{{ outputs.reads.value }}}}"}}
  - {{id: key, type: STRING, value: "{{{{ outputs.known.value }}}}"}}
"""
    return {
        "large": Expected(
            _flow("large", large),
            runs={"big": 1, "inline": 1, "file": 1, "reads": 1, "known": 1},
            effects=frozenset({"big", "file", "reads", "known"}),
            lines={"file": "told ok"},
            outputs={"length": "200000", "text": "from a file", "key": "yes"},
        ),
    }


def _ends(port: int) -> dict[str, Expected]:
    shell = f"""
tasks:
  - id: script
    type: {SHELL}
{_BASH}
    script: |
{_tell(port, "sleep 0.3")}
  - id: says
    type: {SHELL}
{_BASH}
    script: |
      echo '::{{"outputs": {{"x": "y"}}}}::'
{_tell(port)}
outputs:
  - {{id: value, type: STRING, value: "{{{{ outputs.says.vars.x }}}}"}}
"""
    killed = f"""
tasks:
  - {{id: before, type: bench.Effect}}
  - id: side
    type: {CORE}.flow.Parallel
    tasks:
      - id: long
        type: {SHELL}
{_BASH}
        script: |
    {_tell(port, "sleep 25").replace(chr(10), chr(10) + "    ")}
      - {{id: beside, type: bench.Effect}}
  - {{id: never, type: bench.Effect}}
""".replace(_BASH, "    " + _BASH)
    later = """
tasks:
  - {id: work, type: bench.Effect}
"""
    return {
        "shell": Expected(
            _flow("shell", shell),
            runs={"script": 1, "says": 1},
            effects=frozenset({"script", "says"}),
            lines={"script": "told ok", "says": "told ok"},
            outputs={"value": "y"},
        ),
        "killed": Expected(
            _flow("killed", killed),
            state="KILLED",
            runs={"before": 1, "side": 1, "long": 1, "beside": 1},
            effects=frozenset({"before", "long", "beside"}),
            is_killed=True,
        ),
        "later": Expected(
            _flow("later", later),
            runs={"work": 1},
            effects=frozenset({"work"}),
            is_scheduled=True,
        ),
    }
