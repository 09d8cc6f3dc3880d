"""How much one tenant may put where; beyond it the answer is 422 with the number in it."""

MAX_VALUE_BYTES = 1024 * 1024  # of one key; what is larger belongs into a namespace file
MAX_KEY_LENGTH = 256
MAX_NAMESPACE_LENGTH = 150
MAX_TENANT_LENGTH = 100
MAX_DOCUMENT_BYTES = 256 * 1024  # variables, plugin defaults, configuration of a namespace
MAX_NESTING = 200
MAX_FILE_BYTES = 256 * 1024 * 1024  # one namespace file
MAX_LISTED_FILES = 10_000  # of one listing, search or export
MAX_EXPORT_BYTES = 1024 * 1024 * 1024
MAX_LISTED_KEYS = 10_000  # of a listing without pages
MAX_KEYS_AT_ONCE = 1_000  # deleted by one call
KEPT_REVISIONS = 20  # older ones of a namespace file are dropped
MAX_LISTED_NAMESPACES = 10_000  # of an autocompletion
