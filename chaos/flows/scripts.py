"""Scripts, what passes between tasks, and ends that somebody else decides."""

from __future__ import annotations

from chaos.flows.expected import BASH, CORE, SHELL, Expected, deeper, flow_of, tell

_LATER = """
tasks:
  - {id: work, type: bench.Effect}
"""


def _large(port: int) -> str:
    return f"""
tasks:
  - {{id: big, type: bench.Effect, size: 200000}}
  - {{id: inline, type: {CORE}.debug.Return, format: "{{{{ outputs.big.big | length }}}}"}}
  - id: file
    type: {SHELL}
{BASH}
    outputFiles: [out.txt]
    script: |
{tell(port, "echo -n 'from a file' > out.txt")}
  - {{id: reads, type: bench.Effect, value: "{{{{ read(outputs.file.outputFiles['out.txt']) }}}}"}}
  - {{id: known, type: bench.Effect, value: "{{{{ kv('truth') }}}}"}}
outputs:
  - {{id: length, type: STRING, value: "{{{{ outputs.inline.value }}}}"}}
  - {{id: text, type: STRING, value: "{{{{ outputs.reads.value }}}}"}}
  - {{id: key, type: STRING, value: "{{{{ outputs.known.value }}}}"}}
"""


def _shell(port: int) -> str:
    return f"""
tasks:
  - id: script
    type: {SHELL}
{BASH}
    script: |
{tell(port, "sleep 0.3")}
  - id: says
    type: {SHELL}
{BASH}
    script: |
      echo '::{{"outputs": {{"x": "y"}}}}::'
{tell(port)}
outputs:
  - {{id: value, type: STRING, value: "{{{{ outputs.says.vars.x }}}}"}}
"""


def _killed(port: int) -> str:
    return f"""
tasks:
  - {{id: before, type: bench.Effect}}
  - id: side
    type: {CORE}.flow.Parallel
    tasks:
      - id: long
        type: {SHELL}
{deeper(BASH)}
        script: |
{deeper(tell(port, "sleep 25"))}
      - {{id: beside, type: bench.Effect}}
  - {{id: never, type: bench.Effect}}
"""


def data(port: int) -> dict[str, Expected]:
    return {
        "large": Expected(
            flow_of("large", _large(port)),
            runs={"big": 1, "inline": 1, "file": 1, "reads": 1, "known": 1},
            effects=frozenset({"big", "file", "reads", "known"}),
            lines={"file": "told ok"},
            outputs={"length": "200000", "text": "from a file", "key": "yes"},
        ),
    }


def ends(port: int) -> dict[str, Expected]:
    return {
        "shell": Expected(
            flow_of("shell", _shell(port)),
            runs={"script": 1, "says": 1},
            effects=frozenset({"script", "says"}),
            lines={"script": "told ok", "says": "told ok"},
            outputs={"value": "y"},
        ),
        "killed": Expected(
            flow_of("killed", _killed(port)),
            state="KILLED",
            runs={"before": 1, "side": 1, "long": 1, "beside": 1},
            effects=frozenset({"before", "long", "beside"}),
            is_killed=True,
        ),
        "later": Expected(
            flow_of("later", _LATER),
            runs={"work": 1},
            effects=frozenset({"work"}),
            is_scheduled=True,
        ),
    }
