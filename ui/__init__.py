"""All HTML pages; owns no table."""
