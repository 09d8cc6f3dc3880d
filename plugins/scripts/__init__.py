"""Types that run scripts: `io.kestra.plugin.scripts.…`."""
