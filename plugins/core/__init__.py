"""The built-in types: `io.kestra.plugin.core.…`."""
