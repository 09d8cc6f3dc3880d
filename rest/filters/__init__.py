"""Filters of searches, exports and by-query calls: query parameters to values, values to rows."""

from rest.filters.fields import (
    Custom,
    Field,
    Flag,
    Labels,
    Level,
    Moment,
    Namespace,
    Number,
    Search,
    TimeRange,
    Value,
)
from rest.filters.sets import FilterSet
from rest.filters.tree import Filter, Group, Node, Operation, read_bracketed

__all__ = [
    "Custom",
    "Field",
    "Filter",
    "FilterSet",
    "Flag",
    "Group",
    "Labels",
    "Level",
    "Moment",
    "Namespace",
    "Node",
    "Number",
    "Operation",
    "Search",
    "TimeRange",
    "Value",
    "read_bracketed",
]
