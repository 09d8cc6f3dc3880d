"""Where the pages of an execution are."""

from executions.models import Execution

PAGE = "executions/<str:namespace>/<str:flow_id>/<str:execution_id>"


def path_of(execution: Execution) -> str:
    """As `executions.api.serializers.page_url` has it, on this host."""
    return (
        f"/ui/{execution.tenant}/executions/{execution.namespace}/{execution.flow_id}"
        f"/{execution.public_id}"
    )
