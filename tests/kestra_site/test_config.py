"""The configuration's sources, names, warnings and refusals."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from common.errors import Misconfigured
from kestra_site.config import Configuration, load_configuration

COMPOSE_FILE = """
datasources:
  postgres:
    url: jdbc:postgresql://postgres:5432/kestra
    driverClassName: org.postgresql.Driver
    username: kestra
    password: hidden-word
kestra:
  server:
    basicAuth: {enabled: false, username: admin@kestra.io, password: another-hidden-word}
  repository: {type: postgres}
  storage: {type: local, local: {basePath: /app/storage}}
  queue: {type: postgres}
  tasks: {tmpDir: {path: /tmp/kestra-wd/tmp}}
  url: http://localhost:8080/
"""


def load(text: str = "", **environment: str) -> Configuration:
    return load_configuration(environment={"KESTRA_CONFIGURATION": text, **environment})


def refusal(text: str = "", **environment: str) -> str:
    with pytest.raises(Misconfigured) as caught:
        load(text, **environment)
    return str(caught.value)


def test_nothing_said_gives_sqlite_in_the_data_folder() -> None:
    configuration = load(KESTRA_DATA_DIR="/srv/kestra")

    assert configuration.database.name == "/srv/kestra/kestra.sqlite3"
    assert configuration.is_embedded
    assert configuration.warnings == ()


def test_configuration_of_a_compose_file_is_understood() -> None:
    configuration = load(COMPOSE_FILE)

    assert configuration.database.place == "postgres:5432/kestra"
    assert configuration.database.password == "hidden-word"
    assert configuration.first_administrator.username == "admin@kestra.io"
    assert configuration.kestra.tasks.tmp_dir.path == Path("/tmp/kestra-wd/tmp")
    assert configuration.public_url == "http://localhost:8080"
    assert not configuration.is_embedded


def test_each_source_wins_over_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "application.yaml"
    file.write_text("kestra: {url: http://file, worker: {threads: 1, group: file}}")
    environment = {
        "KESTRA_CONFIGURATION": "kestra: {url: http://text, worker: {threads: 2}}",
        "KESTRA_URL": "http://environment",
    }

    configuration = load_configuration(
        file=file, environment=environment, overrides={"kestra.url": "http://command-line"}
    )
    without_options = load_configuration(file=file, environment=environment)

    assert configuration.kestra.url == "http://command-line"
    assert without_options.kestra.url == "http://environment"
    assert configuration.kestra.worker.threads == 2
    assert configuration.kestra.worker.group == "file"


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        (
            "KESTRA_ENCRYPTION_SECRET_KEY",
            "abc",
            lambda c: c.kestra.encryption.secret_key.get_secret_value(),
        ),
        ("KESTRA_SERVER_BASIC_AUTH_USERNAME", "abc", lambda c: c.first_administrator.username),
        ("KESTRA_ADMIN_USER", "abc", lambda c: c.first_administrator.username),
        ("KESTRA_STORAGE_LOCAL_BASE_PATH", "abc", lambda c: c.kestra.storage.local["base-path"]),
        ("KESTRA_VARIABLES_GLOBALS_HOST", "abc", lambda c: c.kestra.variables.globals["host"]),
        ("DATASOURCES_POSTGRES_USERNAME", "abc", lambda c: c.datasources.postgres.username),
        ("REDIS_URL", "redis://abc", lambda c: c.redis_url),
    ],
)
def test_environment_name_finds_its_key(name: str, value: str, read: Any) -> None:
    configuration = load(**{name: value})

    assert read(configuration) == value


@pytest.mark.parametrize("key", ["secret-key", "secretKey", "secret_key"])
def test_kebab_camel_and_snake_case_are_one_key(key: str) -> None:
    configuration = load(f"kestra: {{encryption: {{{key}: abc}}}}")

    assert configuration.kestra.encryption.secret_key.get_secret_value() == "abc"


def test_keys_with_dots_are_nested_keys() -> None:
    configuration = load("kestra.worker.threads: 3\nlogger.levels.io.kestra.core: TRACE")

    assert configuration.kestra.worker.threads == 3
    assert configuration.logger.levels == {"io.kestra.core": "TRACE"}


def test_keys_of_globals_keep_their_spelling() -> None:
    configuration = load("kestra: {variables: {globals: {myHost: a, my_host: b}}}")

    assert configuration.kestra.variables.globals == {"myHost": "a", "my_host": "b"}


def test_unknown_key_is_warned_of_with_the_nearest_one() -> None:
    configuration = load("kestra: {encription: {secret-key: abc}}")

    assert configuration.warnings == (
        "kestra.encription is not a known key and was ignored; did you mean kestra.encryption?",
    )


def test_key_of_other_software_is_ignored_with_one_line() -> None:
    configuration = load("jackson: {serialization: {a: 1, b: 2}}")

    assert configuration.warnings == ("jackson is not used here and was ignored",)


@pytest.mark.parametrize(
    "text",
    [
        "kestra: {queue: {type: kafka}}",
        "kestra: {repository: {type: elasticsearch}}",
        "kestra: {server: {basic-auth: {enabled: false}}}",
    ],
)
def test_what_has_no_effect_is_accepted_with_a_warning(text: str) -> None:
    assert len(load(text).warnings) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kestra: {worker: {threads: many}}", "kestra.worker.threads is 'many': expected a whole"),
        ("kestra: {executor: {lease: soon}}", "kestra.executor.lease is 'soon': expected a dura"),
        ("kestra: {server: 5}", "kestra.server is 5: expected a map of keys"),
        ("kestra: {queue: {type: carrier}}", "kestra.queue.type is 'carrier'"),
        ("kestra: {executor: {renew: 7s}}", "expected `renew` to be shorter than `lease`"),
        ("kestra: {worker: {heartbeat: 40s}}", "expected at most half of kestra.worker.lease"),
        ("kestra: [", "KESTRA_CONFIGURATION is not valid YAML at line 1, column 10"),
        ("just a text", "must be a YAML map"),
    ],
)
def test_wrong_value_stops_with_key_value_and_expectation(text: str, said: str) -> None:
    assert said in refusal(text)


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"gone\.yaml cannot be read: No such file"):
        load_configuration(file=tmp_path / "gone.yaml", environment={})


@pytest.mark.parametrize(
    "environment",
    [
        {"DATABASE_URL": "oracle://user:hidden-word@host/db"},
        {"DATABASE_URL": "postgresql://user:hidden-word:9@host:1x/db"},
        {"KESTRA_SECURITY_SUPER_ADMIN_PASSWORD": "hidden-word", "KESTRA_WORKER_THREADS": "x"},
    ],
)
def test_refusal_never_shows_a_secret(environment: dict[str, str]) -> None:
    assert "hidden-word" not in refusal(**environment)


def test_secrets_are_not_in_the_representation() -> None:
    text = COMPOSE_FILE + "  secret: {type: vault, vault: {token: {token: hidden-word}}}\n"

    shown = repr(load(text, KESTRA_ENCRYPTION_SECRET_KEY="hidden-word", REDIS_URL="hidden-word"))

    assert "hidden-word" not in shown


def test_flows_see_prefixed_variables_but_never_the_keys() -> None:
    configuration = load(
        KESTRA_MY_HOST="a",
        KESTRA_ENCRYPTION_SECRET_KEY="b",
        KESTRA_ADMIN_PASSWORD="c",
        KESTRA_API_TOKEN="d",
        HOME="e",
    )

    assert configuration.template_environment == {"my_host": "a"}


def test_mistyped_environment_name_is_warned_of_and_kept_from_flows() -> None:
    configuration = load(KESTRA_ENCRYPTION_SECRETKEYS="hidden-word")

    assert "did you mean KESTRA_ENCRYPTION_SECRET_KEY?" in configuration.warnings[0]
    assert configuration.template_environment == {}


def test_liveness_keys_of_the_original_tune_the_workers() -> None:
    engine = load("kestra: {server: {liveness: {timeout: 1m, heartbeat-interval: 5s}}}").engine

    assert engine.worker_lease_seconds == 60
    assert engine.worker_heartbeat_seconds == 5


@pytest.mark.parametrize(("strategy", "restarts"), [("IMMEDIATELY", True), ("NEVER", False)])
def test_what_was_lost_with_a_worker_is_started_again_or_not(strategy: str, restarts: bool) -> None:
    engine = load(f"kestra: {{server: {{worker-task-restart-strategy: {strategy}}}}}").engine

    assert engine.restart_lost_attempts is restarts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45s", timedelta(seconds=45)),
        ("500ms", timedelta(milliseconds=500)),
        ("PT1M30S", timedelta(seconds=90)),
        ("7", timedelta(seconds=7)),
    ],
)
def test_durations_have_three_forms(text: str, expected: timedelta) -> None:
    configuration = load(f"kestra: {{worker: {{kill-grace: {text}}}}}")

    assert configuration.kestra.worker.kill_grace == expected


@pytest.mark.parametrize(
    "environment",
    [{"KESTRA_CONFIGURATION": COMPOSE_FILE}, {"DATABASE_URL": "postgresql://host/kestra"}],
)
def test_local_server_keeps_its_own_database_and_says_so(environment: dict[str, str]) -> None:
    configuration = load_configuration(environment=environment, component="local")

    assert configuration.database.engine == "sqlite"
    assert any("the PostgreSQL named is not used" in line for line in configuration.warnings)


def test_address_of_postgresql_keeps_what_libpq_knows() -> None:
    configuration = load(
        DATABASE_URL="jdbc:postgresql://host/db?user=u&password=p&ssl=true&currentSchema=s&x=1"
    )

    assert configuration.database.user == "u"
    assert configuration.database.options == {
        "sslmode": "require",
        "options": "-c search_path=s",
    }


def test_cookies_may_have_a_key_and_a_lifetime_of_their_own() -> None:
    configuration = load(
        "micronaut: {security: {token: {cookie: {cookie-max-age: P2D},"
        " jwt: {signatures: {secret: {generator: {secret: abc}}}}}}}"
    )

    assert configuration.cookie_signing_secret == "abc"
    assert configuration.micronaut.security.token.cookie.cookie_max_age == timedelta(days=2)
