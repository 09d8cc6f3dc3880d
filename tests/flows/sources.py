"""Sources of flows for tests."""

LOG = "io.kestra.plugin.core.log.Log"
RETURN = "io.kestra.plugin.core.debug.Return"
SUBFLOW = "io.kestra.plugin.core.flow.Subflow"
SEQUENTIAL = "io.kestra.plugin.core.flow.Sequential"


def flow(flow_id: str = "hello", namespace: str = "company.team", more: str = "") -> str:
    """A flow of one task, with more sections behind."""
    return (
        f"id: {flow_id}\nnamespace: {namespace}\ntasks:\n"
        f"  - id: greet\n    type: {LOG}\n    message: hi\n{more}"
    )


def calling(flow_id: str, other: str, namespace: str = "company.team") -> str:
    """A flow that starts another one."""
    return (
        f"id: {flow_id}\nnamespace: {namespace}\ntasks:\n"
        f"  - id: call\n    type: {SUBFLOW}\n    namespace: {namespace}\n    flowId: {other}\n"
    )
