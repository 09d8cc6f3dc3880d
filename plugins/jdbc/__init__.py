"""Types that query databases: `io.kestra.plugin.jdbc.…`."""
