"""Internal storage: the contract, its backends, and `kestra://` addresses."""
