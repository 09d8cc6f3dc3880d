"""The whole configuration as one frozen value, with what follows from its keys."""

from datetime import timedelta
from typing import Any, Literal

from pydantic import Field, model_validator

from kestra_site.config.engine import EngineSettings
from kestra_site.config.model import (
    Datasources,
    Hidden,
    Kestra,
    Logger,
    Micronaut,
    Section,
    SuperAdmin,
)
from kestra_site.config.values import DatabaseAddress, parse_database_url

Component = Literal["", "local", "webserver", "executor", "scheduler", "worker"]


class Configuration(Section):
    """Read once, handed around, never changed."""

    kestra: Kestra = Kestra()
    datasources: Datasources = Datasources()
    micronaut: Micronaut = Micronaut()
    endpoints: dict[str, Any] = Hidden
    logger: Logger = Logger()
    component: Component = ""
    warnings: tuple[str, ...] = ()
    template_environment: dict[str, str] = Field(default_factory=dict, repr=False)

    @model_validator(mode="after")
    def _has_a_readable_database(self) -> "Configuration":
        try:
            _ = self.database
        except ValueError as error:
            raise ValueError(f"datasources.postgres.url (or DATABASE_URL): {error}") from None
        return self

    @property
    def is_embedded(self) -> bool:
        """SQLite, threads and memory in one process; otherwise PostgreSQL, Redis and Celery."""
        return self.component == "local" or self.database.engine == "sqlite"

    @property
    def database(self) -> DatabaseAddress:
        own = self.kestra.database.url.get_secret_value()
        source = self.datasources.postgres
        url = own or source.url.get_secret_value()
        if not url or self.component == "local":
            sqlite = own if own.startswith("sqlite:") else ""
            name = str(self.kestra.data_dir / "kestra.sqlite3")
            return (
                parse_database_url(sqlite)
                if sqlite
                else DatabaseAddress(engine="sqlite", name=name)
            )
        if own:
            return parse_database_url(own)
        return parse_database_url(
            url, user=source.username, password=source.password.get_secret_value()
        )

    @property
    def redis_url(self) -> str:
        return self.kestra.redis.url.get_secret_value() or "redis://127.0.0.1:6379/0"

    @property
    def public_url(self) -> str:
        """Where people reach the pages, without a slash at the end."""
        server = self.micronaut.server
        host = "localhost" if server.host in ("127.0.0.1", "0.0.0.0", "::") else server.host  # noqa: S104 - compared, not bound
        return (self.kestra.url or f"http://{host}:{server.port}").rstrip("/")

    @property
    def cookie_signing_secret(self) -> str:
        """The key for cookies alone, where one is configured beside the encryption key."""
        node: Any = self.micronaut.security.token.jwt
        for key in ("signatures", "secret", "generator", "secret"):
            node = node.get(key) if isinstance(node, dict) else None
        return node if isinstance(node, str) else ""

    @property
    def first_administrator(self) -> SuperAdmin:
        """The configured super-admin, in the newer place or the older one; maybe empty."""
        if self.kestra.security.super_admin.username:
            return self.kestra.security.super_admin
        basic = self.kestra.server.basic_auth
        return SuperAdmin(username=basic.username, password=basic.password)

    @property
    def engine(self) -> EngineSettings:
        executor, worker, server = self.kestra.executor, self.kestra.worker, self.kestra.server
        heartbeat = worker.heartbeat or server.liveness.heartbeat_interval
        lease = worker.lease or server.liveness.timeout
        return EngineSettings(
            lease_seconds=executor.lease.total_seconds(),
            renew_seconds=executor.renew.total_seconds(),
            sweep_seconds=executor.sweep.total_seconds(),
            linger_seconds=executor.linger.total_seconds(),
            batch_size=executor.batch_size,
            window_factor=executor.window_factor,
            output_inline_limit=executor.output_inline_limit,
            outputs_memory_limit=executor.outputs_memory_limit,
            inline_render_seconds=executor.inline_render_limit.total_seconds(),
            render_timeout_seconds=executor.render_timeout.total_seconds(),
            render_threads=executor.render_threads,
            worker_threads=worker.threads,
            worker_group=worker.group,
            worker_heartbeat_seconds=heartbeat.total_seconds(),
            worker_lease_seconds=lease.total_seconds(),
            restart_lost_attempts=server.worker_task_restart_strategy != "NEVER",
            kill_grace_seconds=worker.kill_grace.total_seconds(),
            shutdown_grace_seconds=self._grace.total_seconds(),
            log_batch=worker.log_batch,
            log_flush_seconds=worker.log_flush.total_seconds(),
            light_bundle=worker.light_bundle,
            celery_prefetch=worker.prefetch,
        )

    @property
    def _grace(self) -> timedelta:
        chosen = self.kestra.server.termination_grace_period
        if chosen is not None:
            return chosen
        return timedelta(seconds=10) if self.component == "local" else timedelta(minutes=5)

    @model_validator(mode="after")
    def _workers_beat_before_they_are_lost(self) -> "Configuration":
        engine = self.engine
        if engine.worker_heartbeat_seconds * 2 > engine.worker_lease_seconds:
            raise ValueError(
                "kestra.worker.heartbeat is too long: expected at most half of"
                " kestra.worker.lease (or of kestra.server.liveness.timeout)"
            )
        return self
