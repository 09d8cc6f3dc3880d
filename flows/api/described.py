"""What the OpenAPI document says of flows and plugins."""

from drf_spectacular.types import OpenApiTypes

from rest.shapes import (
    ANY_OBJECT,
    BINARY,
    FILTERS,
    FLAG,
    INSTANT,
    NO_BODY,
    PAGING,
    TEXT,
    WHOLE,
    Said,
    asked,
    component,
    flags,
    many,
    map_of,
    obj,
    page_of,
    words,
)

LABEL = component("Label", obj("key", "value", key=TEXT, value=TEXT))
TASK = component(
    "Task",
    {**obj("id", "type", id=TEXT, type=TEXT), "additionalProperties": {}},
)
_FLOW = {
    "tenantId": TEXT,
    "id": TEXT,
    "namespace": TEXT,
    "revision": WHOLE,
    "description": TEXT,
    "labels": many(LABEL),
    "inputs": many(ANY_OBJECT),
    "variables": ANY_OBJECT,
    "tasks": many(TASK),
    "errors": many(TASK),
    "finally": many(TASK),
    "afterExecution": many(TASK),
    "triggers": many(ANY_OBJECT),
    "outputs": many(ANY_OBJECT),
    "pluginDefaults": many(ANY_OBJECT),
    "concurrency": obj(limit=WHOLE, behavior=words("QUEUE", "CANCEL", "FAIL")),
    "retry": ANY_OBJECT,
    "sla": many(ANY_OBJECT),
    "disabled": FLAG,
    "deleted": FLAG,
    "draft": FLAG,
    "updated": INSTANT,
}
_ALWAYS = ("id", "namespace", "disabled", "deleted", "draft", "tasks")
FLOW = component("Flow", obj(*_ALWAYS, **_FLOW))
FLOW_WITH_SOURCE = component("FlowWithSource", obj(*_ALWAYS, **_FLOW, source=TEXT))
REPORT = component(
    "ValidateConstraintViolation",
    obj(
        "index",
        index=WHOLE,
        flow=TEXT,
        namespace=TEXT,
        constraints=TEXT,
        outdated=FLAG,
        deprecationPaths=many(TEXT),
        warnings=many(TEXT),
        infos=many(TEXT),
    ),
)
_NODE = component(
    "FlowGraphNode",
    obj(
        "uid",
        "type",
        uid=TEXT,
        type=TEXT,
        task=ANY_OBJECT,
        taskRun=ANY_OBJECT,
        values=many(TEXT),
        relationType=TEXT,
        error=FLAG,
    ),
)
FLOW_GRAPH = component(
    "FlowGraph",
    obj(
        "nodes",
        "edges",
        "clusters",
        "flowables",
        nodes=many(_NODE),
        edges=many(
            obj(
                "source",
                "target",
                source=TEXT,
                target=TEXT,
                relation=obj(relationType=TEXT, value=TEXT),
            )
        ),
        clusters=many(
            obj(cluster=_NODE, nodes=many(TEXT), parents=many(TEXT), start=TEXT, end=TEXT)
        ),
        flowables=many(TEXT),
    ),
)
TOPOLOGY = component(
    "FlowTopologyGraph",
    obj(
        "nodes",
        "edges",
        nodes=many(obj(uid=TEXT, namespace=TEXT, id=TEXT)),
        edges=many(obj(source=TEXT, target=TEXT, relation=words("FLOW_TASK", "FLOW_TRIGGER"))),
    ),
)
PLUGIN = component(
    "Plugin",
    {**obj("name", name=TEXT, title=TEXT, group=TEXT), "additionalProperties": {}},
)
ICON = component(
    "PluginIcon",
    obj("name", "icon", name=TEXT, icon=TEXT, flowable=FLAG, monochrome=FLAG, hash=TEXT),
)
DOCUMENTATION = component(
    "DocumentationWithSchema", obj("markdown", "schema", markdown=TEXT, schema=ANY_OBJECT)
)

_BULK = obj("count", count=WHOLE, totalItems=WHOLE)
_IDS = many(obj("namespace", "id", namespace=TEXT, id=TEXT))
_REVISION = asked("revision", OpenApiTypes.INT)
_DESTINATION = flags("destinationOnly")

OPERATIONS = {
    "createFlow": Said(FLOW_WITH_SOURCE),
    "updateFlow": Said(FLOW_WITH_SOURCE),
    "updateTask": Said(FLOW_WITH_SOURCE),
    "getFlow": Said(FLOW_WITH_SOURCE, query=(_REVISION, *flags("source", "allowDeleted"))),
    "deleteFlow": Said(None, 204),
    "listFlowsByNamespace": Said(many(FLOW)),
    "updateFlowsInNamespace": Said(many(FLOW_WITH_SOURCE), query=flags("delete", "override")),
    "bulkUpdateFlows": Said(
        many(FLOW_WITH_SOURCE),
        query=(*flags("delete", "allowNamespaceChild"), asked("namespace")),
    ),
    "listFlowRevisions": Said(many(FLOW_WITH_SOURCE), query=flags("allowDelete")),
    "deleteRevisions": Said(ANY_OBJECT, query=(asked("revisions", is_required=True),)),
    "getTaskFromFlow": Said(TASK, query=(_REVISION,)),
    "searchFlows": Said(page_of(FLOW), query=(*PAGING, *FILTERS)),
    "searchFlowsBySourceCode": Said(
        page_of(
            obj(
                model=FLOW,
                fragments=many(TEXT),
                namespace=TEXT,
                id=TEXT,
                editable=FLAG,
                matches=many(TEXT),
            )
        ),
        query=(*PAGING, asked("q"), asked("namespace")),
    ),
    "listDistinctNamespaces": Said(many(TEXT), query=(asked("q"),)),
    "listDeprecated": Said(
        many(
            obj(
                namespace=TEXT,
                flowId=TEXT,
                revision=WHOLE,
                deprecatedTasks=many(obj(taskId=TEXT, taskType=TEXT, replacement=TEXT)),
            )
        ),
        query=(asked("namespace"),),
    ),
    "deleteFlowsByIds": Said(_BULK, body=_IDS),
    "deleteFlowsByQuery": Said(_BULK, query=FILTERS),
    "disableFlowsByIds": Said(_BULK, body=_IDS),
    "disableFlowsByQuery": Said(_BULK, body=NO_BODY, query=FILTERS),
    "enableFlowsByIds": Said(_BULK, body=_IDS),
    "enableFlowsByQuery": Said(_BULK, body=NO_BODY, query=FILTERS),
    "exportFlowsByIds": Said(BINARY, media="application/octet-stream", body=_IDS),
    "exportFlowsByQuery": Said(BINARY, media="application/octet-stream", query=FILTERS),
    "exportFlows": Said(TEXT, media="text/csv", query=FILTERS),
    "importFlows": Said(
        many(TEXT), body=obj("fileUpload", fileUpload=BINARY), query=flags("failOnError")
    ),
    "validateFlows": Said(many(REPORT)),
    "validateTask": Said(REPORT, query=(asked("section", is_required=True),)),
    "validateTrigger": Said(REPORT),
    "expressions": Said(obj(categories=map_of(many(TEXT))), query=(asked("taskId"),)),
    "generateFlowGraphFromSource": Said(FLOW_GRAPH, query=(asked("subflows"),)),
    "generateFlowGraph": Said(FLOW_GRAPH, query=(_REVISION, asked("subflows"))),
    "getFlowDependencies": Said(TOPOLOGY, query=(*_DESTINATION, *flags("expandAll"))),
    "getFlowDependenciesFromNamespace": Said(TOPOLOGY, query=_DESTINATION),
    "getFlowDependenciesFromTenant": Said(TOPOLOGY, query=_DESTINATION),
    "listPlugins": Said(page_of(PLUGIN), query=(*PAGING, *FILTERS, asked("q"))),
    "listPlugins_1": Said({"oneOf": [many(PLUGIN), page_of(PLUGIN)]}, query=PAGING),
    "getPluginBySubgroups": Said(many(PLUGIN)),
    "getPluginIcons": Said(map_of(ICON)),
    "getPluginGroupIcons": Said(map_of(ICON)),
    "getPluginIcon": Said(obj("icon", icon=ICON)),
    "getAllInputTypes": Said(many(obj(type=TEXT, cls=TEXT))),
    "getSchemaFromInputType": Said(DOCUMENTATION),
    "getPropertiesFromType": Said(ANY_OBJECT),
    "getSchemasFromType": Said(ANY_OBJECT, query=flags("arrayOf")),
    "getPluginDocumentation": Said(DOCUMENTATION, query=flags("all")),
}
