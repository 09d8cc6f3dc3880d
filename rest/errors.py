"""Errors to HTTP: the one place where a kind becomes a status and the API's JSON body."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pydantic
from django.core import exceptions as django_errors
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions as drf_errors
from rest_framework.response import Response

from common import errors, json
from common.errors import Violation
from common.ids import new_id
from rest.identity import SESSION_COOKIE

_log = logging.getLogger(__name__)

_KINDS: tuple[tuple[type[errors.KestraError], int, str], ...] = (
    (errors.NotFound, 404, "Not Found"),
    (errors.BadRequest, 400, "Bad Request"),
    (errors.TooLarge, 413, "Request entity too large"),
    (errors.Invalid, 422, "Illegal argument"),
    (errors.Conflict, 409, "Illegal state"),
    (errors.Unauthorized, 401, "Unauthorized"),
    (errors.Forbidden, 403, "Forbidden"),
    (errors.Gone, 410, "Resource has expired"),
    (errors.Locked, 423, "Locked"),
    (errors.Unavailable, 503, "Service unavailable"),
)
REASONS = {status: reason for _, status, reason in _KINDS} | {
    405: "Method Not Allowed",
    406: "Not Acceptable",
    415: "Unsupported Media Type",
    429: "Too many requests",
    500: "Internal server error",
}


class MethodNotAllowed(errors.KestraError):
    """This address does not answer that method."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a client sees it."""

    status: int
    detail: str = ""
    reason: str = ""
    violations: tuple[Violation, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        reason = self.reason or REASONS.get(self.status, "Error")
        return f"{reason}: {self.detail}" if self.detail else reason

    def body(self, path: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "message": self.message,
            "_links": {"self": {"href": path, "templated": False}},
        }
        if self.violations:
            body["_embedded"] = {"errors": [_violation_body(item) for item in self.violations]}
        return body


def problem_of(error: BaseException) -> Problem | None:
    """None for what is our own fault: see `unexpected`."""
    if isinstance(error, MethodNotAllowed):
        return Problem(405, str(error))
    if isinstance(error, errors.Invalid):
        return _invalid(error)
    if isinstance(error, errors.KestraError):
        return _kind(error)
    if isinstance(error, drf_errors.APIException):
        return _of_drf(error)
    return _of_libraries(error)


def unexpected(error: BaseException, path: str) -> Problem:
    """Logs the error under an id, which is all that the client is told."""
    error_id = new_id()
    _log.error("error %s at %s", error_id, path, exc_info=error)
    return Problem(500, f"error {error_id}; the server's log has the details")


def error_response(error: BaseException, request: HttpRequest) -> HttpResponse:
    problem = problem_of(error) or unexpected(error, request.path)
    return problem_response(problem, request)


def problem_response(problem: Problem, request: HttpRequest) -> HttpResponse:
    response = HttpResponse(
        json.dump_bytes(problem.body(request.path)),
        status=problem.status,
        content_type="application/json",
    )
    for name, value in _headers(problem, request).items():
        response[name] = value
    return response


def drf_exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Named by `REST_FRAMEWORK["EXCEPTION_HANDLER"]`."""
    request: HttpRequest = context["request"]._request
    problem = problem_of(error) or unexpected(error, request.path)
    return Response(
        problem.body(request.path), status=problem.status, headers=_headers(problem, request)
    )


def _headers(problem: Problem, request: HttpRequest) -> dict[str, str]:
    headers = dict(problem.headers)
    browser = SESSION_COOKIE in request.COOKIES or "HTTP_X_REQUESTED_WITH" in request.META
    if problem.status == 401 and not browser:  # a browser would open a dialog
        headers["WWW-Authenticate"] = 'Basic realm="kestra"'
    return headers


def _kind(error: errors.KestraError) -> Problem | None:
    for kind, status, reason in _KINDS:
        if isinstance(error, kind):
            told = str(error)
            own_words = told != kind.default_message()
            return Problem(status, told if own_words else "", getattr(error, "reason", reason))
    return None


def _invalid(error: errors.Invalid) -> Problem:
    status = 413 if isinstance(error, errors.TooLarge) else 422
    reason = getattr(error, "reason", "Invalid entity" if error.violations else "")
    if not error.violations:
        return Problem(status, str(error), reason)
    detail = ", ".join(str(violation) for violation in error.violations)
    return Problem(status, detail, reason, error.violations)


def _violation_body(violation: Violation) -> dict[str, Any]:
    body: dict[str, Any] = {"message": violation.message, "path": violation.path}
    if violation.line is not None:
        body["line"] = violation.line
    if violation.column is not None:
        body["column"] = violation.column
    return body


def _of_drf(error: drf_errors.APIException) -> Problem:
    if isinstance(error, drf_errors.ValidationError):
        violations = tuple(_drf_violations(error.detail))
        return _invalid(errors.Invalid(violations=violations))
    if isinstance(error, drf_errors.ParseError):
        return Problem(422, str(error.detail), "Invalid json mapping")
    headers = {}
    wait = getattr(error, "wait", None)  # of Throttled
    if wait:
        headers["Retry-After"] = str(int(wait) + 1)
    return Problem(error.status_code, str(error.detail), headers=headers)


def _drf_violations(detail: Any, path: str = "") -> Iterator[Violation]:
    if isinstance(detail, dict):
        for key, item in detail.items():
            yield from _drf_violations(item, _below(path, key))
    elif isinstance(detail, list):
        for position, item in enumerate(detail):
            nested = isinstance(item, dict | list)
            if not (nested and not item):
                yield from _drf_violations(item, f"{path}[{position}]" if nested else path)
    else:
        yield Violation(str(detail), path)


def _below(path: str, key: str | int) -> str:
    if key == "non_field_errors":
        return path
    return f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")


def _of_libraries(error: BaseException) -> Problem | None:
    if isinstance(error, Http404 | django_errors.ObjectDoesNotExist):
        return Problem(404)
    if isinstance(error, django_errors.PermissionDenied):
        return Problem(403, str(error))
    if isinstance(error, django_errors.RequestDataTooBig | django_errors.TooManyFilesSent):
        return Problem(413)
    if isinstance(error, django_errors.SuspiciousOperation | django_errors.BadRequest):
        return Problem(400)
    if isinstance(error, django_errors.ValidationError):
        return _invalid(errors.Invalid(violations=tuple(_django_violations(error))))
    if isinstance(error, pydantic.ValidationError):
        return _invalid(errors.Invalid(violations=tuple(_pydantic_violations(error))))
    if isinstance(error, DataError):  # a value that the database cannot take
        _log.warning("refused by the database: %s", error)
        return Problem(422, "a value is too long, out of range or of the wrong form")
    return None


def _django_violations(error: django_errors.ValidationError) -> Iterator[Violation]:
    if not hasattr(error, "error_dict"):
        yield from (Violation(message) for message in error.messages)
        return
    for name, messages in error.message_dict.items():
        path = "" if name == django_errors.NON_FIELD_ERRORS else name
        yield from (Violation(message, path) for message in messages)


def _pydantic_violations(error: pydantic.ValidationError) -> Iterator[Violation]:
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        yield Violation(item["msg"], ".".join(str(part) for part in item["loc"]))
