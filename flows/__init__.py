"""Flow source: parsing, validation, revisions, import and export."""
