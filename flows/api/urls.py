"""Routes of this app. Literal segments stand before those that a name could take."""

from django.urls import path

from flows.api import described, plugins
from flows.api.views import bulk, flows, graphs, search, sources
from rest.openapi import older
from rest.shapes import describe

describe(described.OPERATIONS)

instance_urls = [
    path("plugins", plugins.PluginsView.as_view()),
    path("plugins/groups/subgroups", plugins.SubgroupsView.as_view()),
    path("plugins/icons", plugins.IconsView.as_view()),
    path("plugins/icons/groups", plugins.GroupIconsView.as_view()),
    path("plugins/icons/<str:cls>", plugins.IconView.as_view()),
    path("plugins/icons/<str:cls>/icon.svg", plugins.SvgView.as_view()),
    path("plugins/inputs", plugins.InputTypesView.as_view()),
    path("plugins/inputs/<str:type>", plugins.InputTypeView.as_view()),
    path("plugins/properties/<str:type>", plugins.PropertiesView.as_view()),
    path("plugins/schemas/<str:type>", plugins.SchemasView.as_view()),
    path("plugins/<str:cls>", plugins.PluginView.as_view()),
]

_FLOW = "flows/<str:namespace>/<str:id>"

tenant_urls = [
    path("plugins", older(plugins.TenantPluginsView)),
    path("plugins/groups/subgroups", older(plugins.SubgroupsView)),
    path("plugins/icons", older(plugins.IconsView)),
    path("plugins/icons/groups", older(plugins.GroupIconsView)),
    path("plugins/inputs", older(plugins.InputTypesView)),
    path("plugins/inputs/<str:type>", older(plugins.InputTypeView)),
    path("plugins/schemas/<str:type>", older(plugins.SchemasView)),
    path("plugins/<str:cls>", older(plugins.PluginView)),
    path("flows", flows.FlowsView.as_view()),
    path("flows/bulk", flows.BulkFlowsView.as_view()),
    path("flows/delete/by-ids", bulk.DeleteByIdsView.as_view()),
    path("flows/delete/by-query", bulk.DeleteByQueryView.as_view()),
    path("flows/deprecated", search.DeprecatedView.as_view()),
    path("flows/disable/by-ids", bulk.DisableByIdsView.as_view()),
    path("flows/disable/by-query", bulk.DisableByQueryView.as_view()),
    path("flows/distinct-namespaces", search.DistinctNamespacesView.as_view()),
    path("flows/enable/by-ids", bulk.EnableByIdsView.as_view()),
    path("flows/enable/by-query", bulk.EnableByQueryView.as_view()),
    path("flows/export/by-ids", bulk.ExportByIdsView.as_view()),
    path("flows/export/by-query", bulk.ExportByQueryView.as_view()),
    path("flows/export/by-query/csv", bulk.CsvView.as_view()),
    path("flows/expressions", sources.ExpressionsView.as_view()),
    path("flows/graph", sources.SourceGraphView.as_view()),
    path("flows/import", sources.ImportView.as_view()),
    path("flows/search", search.FlowSearchView.as_view()),
    path("flows/source", search.SourceSearchView.as_view()),
    path("flows/validate", sources.ValidateFlowsView.as_view()),
    path("flows/validate/task", sources.ValidateTaskView.as_view()),
    path("flows/validate/trigger", sources.ValidateTriggerView.as_view()),
    path("flows/<str:namespace>", flows.NamespaceFlowsView.as_view()),
    path(_FLOW, flows.FlowView.as_view()),
    path(f"{_FLOW}/dependencies", graphs.FlowDependenciesView.as_view()),
    path(f"{_FLOW}/graph", graphs.FlowGraphView.as_view()),
    path(f"{_FLOW}/revisions", flows.RevisionsView.as_view()),
    path(f"{_FLOW}/tasks/<str:task_id>", flows.TaskView.as_view()),
    path(f"{_FLOW}/<str:task_id>", flows.TaskPatchView.as_view()),
    path("dependencies", graphs.TenantDependenciesView.as_view()),
    path("namespaces/<str:namespace>/dependencies", graphs.NamespaceDependenciesView.as_view()),
]
