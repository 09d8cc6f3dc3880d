import logging

import pydantic
import pytest
from django.core import exceptions as django_errors
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions as drf_errors
from rest_framework import serializers

from common import errors, json
from common.errors import Violation
from rest.errors import error_response, problem_of

PATH = "/api/v1/main/flows"


def answer(error: BaseException, **headers: str) -> tuple[int, dict[str, object]]:
    response = error_response(error, RequestFactory().get(PATH, headers=headers))
    return response.status_code, json.loads(response.content)


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (errors.NotFound("no flow 'a'"), 404, "Not Found: no flow 'a'"),
        (errors.NotFound(), 404, "Not Found"),
        (errors.BadRequest("q is missing"), 400, "Bad Request: q is missing"),
        (errors.Invalid("bad label"), 422, "Illegal argument: bad label"),
        (errors.Invalid("no", reason="Invalid sort parameter"), 422, "Invalid sort parameter: no"),
        (errors.Conflict("flow is disabled"), 409, "Illegal state: flow is disabled"),
        (errors.Unauthorized(), 401, "Unauthorized"),
        (errors.Forbidden(), 403, "Forbidden"),
        (errors.Forbidden("needs FLOW:VIEW"), 403, "Forbidden: needs FLOW:VIEW"),
        (errors.Gone("key k"), 410, "Resource has expired: key k"),
        (errors.Locked("flow"), 423, "Locked: flow"),
        (errors.TooLarge("2 GB"), 413, "Request entity too large: 2 GB"),
        (errors.Unavailable("redis"), 503, "Service unavailable: redis"),
        (Http404(), 404, "Not Found"),
        (django_errors.PermissionDenied(), 403, "Forbidden"),
        (django_errors.ObjectDoesNotExist("Flow matching"), 404, "Not Found"),
        (django_errors.RequestDataTooBig(), 413, "Request entity too large"),
        (drf_errors.ParseError("line 1"), 422, "Invalid json mapping: line 1"),
    ],
)
def test_the_kind_decides_status_and_reason(
    error: BaseException, status: int, message: str
) -> None:
    assert answer(error) == (
        status,
        {"message": message, "_links": {"self": {"href": PATH, "templated": False}}},
    )


def test_violations_are_embedded_with_their_place() -> None:
    violation = Violation("Flow id already exists", "flow.id", line=3, column=5)

    status, body = answer(errors.Invalid(violations=[violation]))

    assert status == 422
    assert body["message"] == (
        "Invalid entity: flow.id: Flow id already exists at line 3, column 5"
    )
    assert body["_embedded"] == {
        "errors": [{"message": "Flow id already exists", "path": "flow.id", "line": 3, "column": 5}]
    }


def test_what_a_serializer_finds_is_a_violation_with_its_path() -> None:
    class Inner(serializers.Serializer):
        name = serializers.CharField()

    class Outer(serializers.Serializer):
        items = Inner(many=True)

    reader = Outer(data={"items": [{"name": "a"}, {}]})
    with pytest.raises(drf_errors.ValidationError) as caught:
        reader.is_valid(raise_exception=True)

    _, body = answer(caught.value)

    assert body["_embedded"] == {
        "errors": [{"message": "This field is required.", "path": "items[1].name"}]
    }


def test_what_pydantic_finds_is_a_violation_without_the_value() -> None:
    class Model(pydantic.BaseModel):
        count: int

    with pytest.raises(pydantic.ValidationError) as caught:
        Model(count="top secret")

    status, body = answer(caught.value)

    assert status == 422
    assert "top secret" not in str(body)


def test_an_unexpected_error_shows_an_id_that_the_log_has_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        status, body = answer(ZeroDivisionError("the secret of the house"))

    message = str(body["message"])
    error_id = message.removeprefix("Internal server error: error ").split(";")[0]
    assert status == 500
    assert "secret" not in message
    assert error_id in caplog.text
    assert "the secret of the house" in caplog.text


def test_a_browser_gets_no_dialog() -> None:
    plain = error_response(errors.Unauthorized(), RequestFactory().get(PATH))
    script = error_response(
        errors.Unauthorized(), RequestFactory().get(PATH, headers={"X-Requested-With": "x"})
    )
    with_cookie = RequestFactory().get(PATH)
    with_cookie.COOKIES["JWT"] = "old"

    assert plain["WWW-Authenticate"] == 'Basic realm="kestra"'
    assert "WWW-Authenticate" not in script
    assert "WWW-Authenticate" not in error_response(errors.Unauthorized(), with_cookie)


def test_our_own_mistakes_are_no_problem_of_the_client() -> None:
    assert problem_of(KeyError("x")) is None
    assert problem_of(errors.Misconfigured("x")) is None
