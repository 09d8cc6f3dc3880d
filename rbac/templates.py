"""The five managed roles that each tenant has, in the words of 2.x."""

from rbac.vocabulary import ACTIONS, every_action

_READ = ["VIEW", "LIST"]
_EXPORT = ["VIEW", "LIST", "EXPORT"]
_EXECUTION_DATA = ["ACCESS_LOGS", "ACCESS_OUTPUTS", "ACCESS_FILES"]
_EDITED = (
    "FLOW", "EXECUTION", "TRIGGER", "KVSTORE", "DASHBOARD", "APP", "APP_EXECUTION", "TESTSUITE",
    "ASSET", "MCP_SERVER", "REUSABLE_INPUTS", "COPILOT", "SYSTEM_SETTINGS", "TENANT_SETTINGS",
)  # fmt: skip
_DEVELOPED = (*_EDITED, "NAMESPACE", "SECRET", "CREDENTIAL", "BLUEPRINT", "POLICY")

ADMIN = "Admin"


def _all_of(*resources: str) -> dict[str, list[str]]:
    return {resource: list(ACTIONS[resource]) for resource in resources}


MANAGED_ROLES: dict[str, dict[str, list[str]]] = {
    ADMIN: every_action(),
    "Developer": _all_of(*_DEVELOPED),
    "Editor": {**_all_of(*_EDITED), "NAMESPACE": _READ, "BLUEPRINT": _READ},
    "Launcher": {
        "FLOW": [*_READ, "EXECUTE"],
        "EXECUTION": [
            *_EXPORT, "RESTART", "REPLAY", "CHANGE_LABELS", "FOLLOW", *_EXECUTION_DATA,
        ],
        "TRIGGER": _READ,
        "KVSTORE": _READ,
        "DASHBOARD": _READ,
        "ASSET": _READ,
    },
    "Viewer": {
        "FLOW": _EXPORT,
        "EXECUTION": [*_EXPORT, "FOLLOW", *_EXECUTION_DATA],
        "TRIGGER": _EXPORT,
        "NAMESPACE": [*_READ, "EXPORT_PLUGIN_DEFAULTS"],
        "MCP_SERVER": _READ,
    },
}  # fmt: skip
