"""The default dashboard, and the figures that pages of namespaces show as well."""
