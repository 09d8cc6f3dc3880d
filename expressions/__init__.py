"""The expression language of flows: `{{ … }}` and `{% … %}`, compiled by Jinja2, sandboxed."""
