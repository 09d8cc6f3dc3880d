from audit.redaction import without_secrets


def test_names_are_compared_without_case_dashes_and_underscores() -> None:
    value = {"API-Key": 1, "api_key": 2, "apiKey": 3, "key": 4}

    assert without_secrets(value) == {"key": 4}


def test_lists_and_nested_values_are_searched() -> None:
    assert without_secrets({"a": [{"token": 1, "b": ({"password": 2},)}]}) == {"a": [{"b": [{}]}]}


def test_the_caller_may_name_more() -> None:
    assert without_secrets({"value": 1, "a": 2}, ["value"]) == {"a": 2}


def test_the_original_stays_whole() -> None:
    value = {"password": "x"}
    without_secrets(value)

    assert value == {"password": "x"}
