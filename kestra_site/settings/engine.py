"""What the engine, flows and expressions are given from the configuration."""

from kestra_site.config import current_configuration

_configuration = current_configuration()
_kestra = _configuration.kestra

KESTRA = _configuration
KESTRA_ENGINE = _configuration.engine
KESTRA_IS_EMBEDDED = _configuration.is_embedded
KESTRA_REDIS_URL = _configuration.redis_url
KESTRA_URL = _configuration.public_url
KESTRA_GLOBALS = _kestra.variables.globals
KESTRA_ENVIRONMENT = _configuration.template_environment
KESTRA_RECURSIVE_RENDERING = _kestra.variables.recursive_rendering
KESTRA_PLUGIN_DEFAULTS = (*_kestra.tasks.defaults, *_kestra.plugins.defaults)
KESTRA_PLUGIN_CONFIGURATIONS = _kestra.plugins.configurations
KESTRA_PLUGIN_SECURITY = _kestra.plugins.security
KESTRA_SYSTEM_NAMESPACE = _kestra.system_flows.namespace
KESTRA_REQUIRE_EXISTING_NAMESPACE = _kestra.ee.require_existing_namespace
KESTRA_DEFAULT_TENANT = "main"
