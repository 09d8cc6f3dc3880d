"""Pages of namespaces: the tree, and for each its flows, executions, keys and files."""
