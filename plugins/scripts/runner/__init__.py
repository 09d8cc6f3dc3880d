"""Task runners of script tasks."""
