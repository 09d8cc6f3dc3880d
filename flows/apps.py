"""The Django app of flows."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "flows"
    label = "flows"

    def ready(self) -> None:
        from flows.queries.listing import has_flows  # needs the models
        from flows.services import remove_all_flows
        from tenants.hooks import register_namespace_use, register_tenant_part

        register_namespace_use("flows", has_flows)
        register_tenant_part("flows", deleted=lambda tenant: remove_all_flows())
