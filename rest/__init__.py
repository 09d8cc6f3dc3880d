"""The Django frame without tables: tenant scope, declared permission, errors, pages of the API."""
