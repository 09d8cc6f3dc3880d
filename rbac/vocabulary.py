"""The words of permissions: resources and actions of 2.x, and what the words of 0.20 expand to.

What is checked is 2.x. An older word gives its newer ones, never the other way round."""

from collections.abc import Iterable, Mapping

from common.errors import Invalid, Violation

Pair = tuple[str, str]
Permissions = Mapping[str, Iterable[str]]

_V, _L, _C, _U, _D = "VIEW", "LIST", "CREATE", "UPDATE", "DELETE"
_ALL = (_V, _L, _C, _U, _D)
_EXECUTION_ACTS = (
    "RESTART", "KILL", "REPLAY", "PAUSE", "RESUME", "CHANGE_LABELS", "UNQUEUE", "FORCE_RUN",
)  # fmt: skip
_TRIGGER_ACTS = ("UNLOCK", "RESTART", "DISABLE", "ENABLE", "BACKFILL")
_EXECUTION_DATA = ("ACCESS_LOGS", "ACCESS_OUTPUTS", "ACCESS_FILES")

ACTIONS: dict[str, tuple[str, ...]] = {
    "FLOW": (*_ALL, "EXPORT", "EXECUTE", "DISABLE", "ENABLE", "VALIDATE", "IMPORT"),
    "EXECUTION": (_V, _L, _U, _D, "EXPORT", "FOLLOW", *_EXECUTION_DATA, *_EXECUTION_ACTS),
    "TRIGGER": (_V, _L, _D, "EXPORT", *_TRIGGER_ACTS),
    "NAMESPACE": (*_ALL, "MANAGE_FILES", "EXPORT_PLUGIN_DEFAULTS", "IMPORT_PLUGIN_DEFAULTS"),
    "KVSTORE": _ALL,
    "SECRET": (_V, _L, _U, _D),
    "CREDENTIAL": _ALL,
    "REUSABLE_INPUTS": _ALL,
    "POLICY": _ALL,
    "APP": (*_ALL, "EXECUTE", "ACCESS_FILES", "ACCESS_LOGS"),
    "APP_EXECUTION": _ALL,
    "TESTSUITE": (*_ALL, "EXECUTE"),
    "ASSET": (_V, _L, _C, _D, "LOCK", "UNLOCK"),
    "DASHBOARD": _ALL,
    "BLUEPRINT": _ALL,
    "MCP_SERVER": _ALL,
    "COPILOT": ("USE",),
    "AUDITLOG": (_V, _L, "EXPORT"),
    "USER": (*_ALL, "MANAGE_GROUP_MEMBERSHIP", "IMPERSONATE"),
    "GROUP": (*_ALL, "MANAGE_MEMBERS"),
    "ROLE": _ALL,
    "BINDING": (_V, _L, _C, _D),
    "INVITATION": (_V, _L, _C, _D),
    "SERVICE_ACCOUNT": _ALL,
    "SECURITY_INTEGRATION": _ALL,
    "SYSTEM_SETTINGS": (_V, _U),
    "TENANT_SETTINGS": (_V, _U),
    "SUPPORT": (_V,),
}
"""What a role may hold, and what `GET acls/permissions` answers."""

NAMESPACED = frozenset(
    {
        "APP", "APP_EXECUTION", "ASSET", "CREDENTIAL", "EXECUTION", "FLOW", "KVSTORE", "NAMESPACE",
        "POLICY", "REUSABLE_INPUTS", "SECRET", "TESTSUITE", "TRIGGER",
    }
)  # fmt: skip
"""Their objects name a namespace, and a binding to one reaches them."""
ADMINISTRATION = frozenset(
    {
        "AUDITLOG", "BINDING", "GROUP", "INVITATION", "ROLE", "SECURITY_INTEGRATION",
        "SERVICE_ACCOUNT", "SUPPORT", "SYSTEM_SETTINGS", "TENANT_SETTINGS", "USER",
    }
)  # fmt: skip
"""Need a binding to the whole tenant: one to a namespace must not lead to more rights."""
INSTANCE = frozenset(
    {
        "INSTANCE", "KILL_SWITCH", "NAMESPACE_FILE", "TENANT", "TENANT_ACCESS", "TESTSUITE_RUN",
        "UNKNOWN", "VERSIONED_PLUGIN", "WORKER_GROUP", "WORKER_QUEUE",
    }
)  # fmt: skip
"""Words of 2.x that a role may name without effect: the audit log's, and the super-admin's."""

_OLD_ACTIONS = frozenset({"CREATE", "READ", "UPDATE", "DELETE"})
_NEW_ACTIONS = frozenset(action for actions in ACTIONS.values() for action in actions)
_ONLY_NEW_ACTIONS = (_NEW_ACTIONS | {"PROMOTE", "TEMPLATE", "UNKNOWN"}) - _OLD_ACTIONS
_EXPANSION: dict[str, tuple[str, ...]] = {
    "READ": (_V, _L, "EXPORT", "FOLLOW", *_EXECUTION_DATA, "USE", "EXPORT_PLUGIN_DEFAULTS"),
    "CREATE": (_C, "IMPORT"),
    "UPDATE": (
        _U, "VALIDATE", "LOCK", "MANAGE_FILES", "MANAGE_MEMBERS", "MANAGE_GROUP_MEMBERSHIP",
        "IMPORT_PLUGIN_DEFAULTS", *_EXECUTION_ACTS, *_TRIGGER_ACTS,
    ),
    "DELETE": (_D,),
}  # fmt: skip
_RENAMED = {
    "AI_COPILOT": "COPILOT",
    "APPEXECUTION": "APP_EXECUTION",
    "GROUP_MEMBERSHIP": "GROUP",
    "TENANT_ACCESS": "USER",
    "TEST": "TESTSUITE",
}
_WITHOUT_EFFECT = frozenset(
    {"APITOKEN", "IMPERSONATE", "INFRASTRUCTURE", "ME", "TEMPLATE", "WORKER"}
)
_BESIDES: dict[Pair, tuple[Pair, ...]] = {
    ("EXECUTION", "CREATE"): (("FLOW", "EXECUTE"),),
    ("EXECUTION", "READ"): tuple(("TRIGGER", action) for action in (_V, _L, "EXPORT")),
    ("EXECUTION", "UPDATE"): tuple(("TRIGGER", action) for action in _TRIGGER_ACTS),
    ("EXECUTION", "DELETE"): (("EXECUTION", "KILL"), ("TRIGGER", _D)),
    ("FLOW", "READ"): tuple(("TRIGGER", action) for action in (_V, _L, "EXPORT")),
    ("FLOW", "CREATE"): (("NAMESPACE", "MANAGE_FILES"),),
    ("APP", "UPDATE"): (("APP", "EXECUTE"), ("APP", "ACCESS_FILES"), ("APP", "ACCESS_LOGS")),
    ("APPEXECUTION", "READ"): (("APP", "ACCESS_FILES"), ("APP", "ACCESS_LOGS")),
    ("APPEXECUTION", "UPDATE"): (("APP", "EXECUTE"),),
    ("APPEXECUTION", "CREATE"): (("APP", "EXECUTE"),),
    ("TEST", "CREATE"): (("TESTSUITE", "EXECUTE"),),
}
"""What an older word gives on another resource, or against the general rule."""


def expand_permissions(given: Permissions) -> frozenset[Pair]:
    """The pairs that are checked. Raises Invalid for a word of neither line.

    CREATE, UPDATE and DELETE are words of both lines with unlike reach. A role is taken as one of
    the older line if it says READ, or says no word that only the newer line has."""
    actions = {str(action).upper() for listed in given.values() for action in listed}
    is_older = "READ" in actions or not actions & _ONLY_NEW_ACTIONS
    violations: list[Violation] = []
    pairs: set[Pair] = set()
    for resource, listed in given.items():
        name = _singular(str(resource).upper())
        for action in listed:
            word = str(action).upper()
            if not _is_known(name, word):
                violations.append(_unknown(str(resource), str(action)))
            elif word in _OLD_ACTIONS and (is_older or word == "READ"):
                pairs |= _expand(name, word)
            else:
                pairs |= {(_RENAMED.get(name, name), word)}
    if violations:
        raise Invalid(violations=violations)
    return frozenset(pair for pair in pairs if pair[1] in ACTIONS.get(pair[0], ()))


def every_action() -> dict[str, list[str]]:
    return {resource: list(actions) for resource, actions in ACTIONS.items()}


def _expand(resource: str, word: str) -> set[Pair]:
    if resource == "SETTING":
        return _expand("SYSTEM_SETTINGS", word) | _expand("TENANT_SETTINGS", word)
    if resource == "GROUP_MEMBERSHIP" and word != "READ":
        return {("GROUP", "MANAGE_MEMBERS")}
    name = _RENAMED.get(resource, resource)
    known = ACTIONS.get(name, ())
    pairs = {(name, action) for action in _EXPANSION[word] if action in known}
    return pairs | set(_BESIDES.get((resource, word), ()))


def _singular(name: str) -> str:
    """The first line wrote FLOWS, EXECUTIONS, ..."""
    shorter = name.removesuffix("S")
    return shorter if name not in ACTIONS and _is_resource(shorter) else name


def _is_resource(name: str) -> bool:
    return (
        name in ACTIONS
        or name in _RENAMED
        or name in _WITHOUT_EFFECT
        or name in INSTANCE
        or name == "SETTING"
    )


def _is_known(name: str, word: str) -> bool:
    return _is_resource(name) and (word in _OLD_ACTIONS or word in _ONLY_NEW_ACTIONS)


def _unknown(resource: str, action: str) -> Violation:
    name = _singular(resource.upper())
    path = f"permissions.{resource}"
    if not _is_resource(name):
        return Violation(f"'{resource}' is no resource; known: {', '.join(ACTIONS)}", path)
    known = ACTIONS.get(_RENAMED.get(name, name), tuple(sorted(_OLD_ACTIONS)))
    return Violation(f"'{action}' is no action; known: {', '.join(known)}", path)
