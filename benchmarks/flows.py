"""The flows that are measured, as sources. Those of light tasks have a twin whose name ends in
`-log`: a Log, which runs in the executor, stands in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.client import NAMESPACE

LIGHT, LOG = "light", "log"
KEY, SMALL_FILE, LARGE_FILE = "greeting", "small.txt", "large.txt"
LARGE_SIZE = 200_000

_Flow = tuple[str, str]
_SHELL = """\
type: io.kestra.plugin.scripts.shell.Commands
    taskRunner:
      type: io.kestra.plugin.core.runner.Process
    commands:
      - echo hello"""


def name_of(flow: str, kind: str) -> str:
    return flow if kind == LIGHT else f"{flow}-{kind}"


def source_of(name: str) -> str:
    return all_sources()[name]


def all_sources() -> dict[str, str]:
    """By flow id."""
    return dict(_sources())


def _sources() -> Iterator[_Flow]:
    found = [_reading(), *(_shell_chain(count) for count in (10, 40))]
    for kind in (LIGHT, LOG):
        found += [_chain(1, kind), _chain(10, kind), _chain(40, kind)]
        found += [_parallel(kind), _for_each(kind)]
    yield from found


def _flow(name: str, tasks: Iterable[str], head: str = "") -> _Flow:
    lines = "".join(f"  - {task}\n" for task in tasks)
    return name, f"id: {name}\nnamespace: {NAMESPACE}\n{head}tasks:\n{lines}"


def _task(kind: str, number: int) -> str:
    """One that reads the output of the one before."""
    if kind == LIGHT:
        previous = f"{{{{ outputs.t{number - 1}.value | length }}}}" if number else "0"
        return f"id: t{number}\n    type: bench.Light\n    value: '{{{{ flow.id }}}} {previous}'"
    message = "{{ flow.id }} {{ execution.id }}"
    return f"id: t{number}\n    type: io.kestra.plugin.core.log.Log\n    message: '{message}'"


def _chain(count: int, kind: str) -> _Flow:
    return _flow(name_of(f"chain-{count}", kind), (_task(kind, i) for i in range(count)))


def _reading() -> _Flow:
    """As `chain-10`, but every task reads a key and a file, and all but the first the output of 200
    KB that the first one leaves in storage."""
    reads = f"{{{{ kv('{KEY}') }}}} {{{{ read('{SMALL_FILE}') }}}}"
    first = f"{reads} {{{{ read('{LARGE_FILE}') }}}}"
    values = [first, *[f"{reads} {{{{ outputs.t0.value | length }}}}"] * 9]
    return _flow(
        "reading-10",
        (
            f'id: t{number}\n    type: bench.Light\n    value: "{value}"'
            for number, value in enumerate(values)
        ),
    )


def _shell_chain(count: int) -> _Flow:
    return _flow(f"shell-{count}", (f"id: t{i}\n    {_SHELL}" for i in range(count)))


def _parallel(kind: str) -> _Flow:
    children = [_task(kind, 0).replace("t0", f"t{i}", 1) for i in range(40)]
    nested = "\n".join(_indented(child) for child in children)
    parallel = f"id: all\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n{nested}"
    return _flow(name_of("parallel-40", kind), [parallel])


def _for_each(kind: str) -> _Flow:
    child = _indented(_task(kind, 0).replace("flow.id", "taskrun.value"))
    loop = (
        "id: each\n    type: io.kestra.plugin.core.flow.ForEach\n"
        '    values: "{{ range(1, inputs.n) }}"\n    concurrencyLimit: 0\n'
        f"    tasks:\n{child}"
    )
    inputs = "inputs:\n  - id: n\n    type: INT\n"
    return _flow(name_of("for-each", kind), [loop], inputs)


def _indented(task: str) -> str:
    first, *rest = task.split("\n")
    return "\n".join([f"      - {first}", *(f"    {line}" for line in rest)])
