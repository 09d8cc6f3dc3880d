"""The Django frame without tables: tenant scope, declared permission, errors and pages of the API."""
