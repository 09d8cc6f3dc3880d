"""Serializer fields of the API's own notations."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from common.durations import format_duration, parse_duration


class IsoDurationField(serializers.Field[timedelta, str, str, timedelta]):
    """`PT1H`, `P7D`."""

    def to_internal_value(self, data: Any) -> timedelta:
        try:
            return parse_duration(data)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error

    def to_representation(self, value: timedelta) -> str:
        return format_duration(value)
