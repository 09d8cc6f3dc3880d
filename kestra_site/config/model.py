"""The shape of the configuration: every key that has a meaning here, its type and its default.
Field names are the keys with underscores; the file may write them in kebab or camel case."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from kestra_site.config.values import Duration, Size, TextList

Hidden: Any = Field(default_factory=dict, repr=False)
"""A map that may hold credentials: never shown."""


def _expand_home(value: Any) -> Any:
    return Path(value).expanduser() if isinstance(value, str) and value else value


Folder = Annotated[Path, BeforeValidator(_expand_home)]


class Section(BaseModel):
    """A part of the configuration; frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class BasicAuth(Section):
    enabled: bool = True
    username: str = ""
    password: SecretStr = SecretStr("")
    open_urls: TextList = ()
    realm: str = "kestra"


class Liveness(Section):
    enabled: bool = True
    interval: Duration = timedelta(seconds=5)
    timeout: Duration = timedelta(seconds=45)
    initial_delay: Duration = timedelta(seconds=45)
    heartbeat_interval: Duration = timedelta(seconds=3)


class Server(Section):
    """The grace of a stop, when absent, is 10 seconds for the embedded server, else 5 minutes."""

    basic_auth: BasicAuth = BasicAuth()
    liveness: Liveness = Liveness()
    termination_grace_period: Duration | None = None
    worker_task_restart_strategy: Literal[
        "IMMEDIATELY", "AFTER_TERMINATION_GRACE_PERIOD", "NEVER"
    ] = "IMMEDIATELY"
    access_log: bool = False


class Storage(Section):
    """`type` names a backend; what it is given stands under its own name."""

    type: str = "local"
    local: dict[str, Any] = Hidden
    s3: dict[str, Any] = Hidden
    minio: dict[str, Any] = Hidden
    gcs: dict[str, Any] = Hidden
    azure: dict[str, Any] = Hidden
    isolation: dict[str, Any] = Hidden


class Backend(Section):
    type: Literal["postgres", "h2", "memory", "mysql", "kafka", "elasticsearch", "sqlite"] = (
        "postgres"
    )


class Encryption(Section):
    secret_key: SecretStr = SecretStr("")
    previous_keys: tuple[SecretStr, ...] = ()


class TemporaryFolder(Section):
    path: Folder | None = None


class Tasks(Section):
    tmp_dir: TemporaryFolder = TemporaryFolder()
    scripts: dict[str, Any] = Hidden
    defaults: tuple[dict[str, Any], ...] = Field(default=(), repr=False)


class Variables(Section):
    env_vars_prefix: str = "KESTRA_"
    globals: dict[str, Any] = Hidden
    recursive_rendering: bool = False
    cache_enabled: bool = True
    cache_size: int = Field(default=1000, ge=0)


class PluginSecurity(Section):
    includes: TextList = ()
    excludes: TextList = ()


class Plugins(Section):
    defaults: tuple[dict[str, Any], ...] = Field(default=(), repr=False)
    configurations: tuple[dict[str, Any], ...] = Field(default=(), repr=False)
    security: PluginSecurity = PluginSecurity()


class SuperAdmin(Section):
    username: str = ""
    password: SecretStr = SecretStr("")
    tenant_admin_access: TextList = ()


class PasswordPolicy(Section):
    min_length: int = Field(default=8, ge=1)
    min_digits: int = Field(default=1, ge=0)
    min_lower: int = Field(default=1, ge=0)
    min_upper: int = Field(default=1, ge=0)
    require_special: bool = False
    special_characters: str = "!@#$%^&*"


class FailedAttempts(Section):
    threshold: int = Field(default=10, ge=1)
    monitoring_window: Duration = timedelta(minutes=5)
    lock_duration: Duration = timedelta(minutes=30)


class Login(Section):
    failed_attempts: FailedAttempts = FailedAttempts()


class Invitations(Section):
    expire_after: Duration = timedelta(days=7)


class Oidc(Section):
    groups_claim_path: str = ""


class Security(Section):
    super_admin: SuperAdmin = SuperAdmin()
    default_role: dict[str, Any] = Field(default_factory=dict)
    basic_auth: PasswordPolicy = PasswordPolicy()
    login: Login = Login()
    invitations: Invitations = Invitations()
    oidc: Oidc = Oidc()


class TenantSwitch(Section):
    enabled: bool = True
    default_tenant: bool = True
    fallback_tenant: str = ""


class Enterprise(Section):
    tenants: TenantSwitch = TenantSwitch()
    require_existing_namespace: bool = False
    mail_service: dict[str, Any] = Hidden
    java_security: dict[str, Any] = Hidden
    license: dict[str, Any] = Hidden
    execution_data: dict[str, Any] = Hidden
    left_sidebar: dict[str, Any] = Field(default_factory=dict)
    right_sidebar: dict[str, Any] = Field(default_factory=dict)


class SystemFlows(Section):
    namespace: str = "system"


class Executor(Section):
    lease: Duration = timedelta(seconds=6)
    renew: Duration = timedelta(seconds=2)
    sweep: Duration = timedelta(seconds=2)
    linger: Duration = timedelta(milliseconds=2.5)
    batch_size: int = Field(default=500, ge=1)
    window_factor: int = Field(default=4, ge=1)
    output_inline_limit: Size = 65_536
    outputs_memory_limit: Size = 1_048_576
    inline_render_limit: Duration = timedelta(milliseconds=2)
    render_timeout: Duration = timedelta(seconds=10)
    render_threads: int = Field(default=4, ge=1)

    @model_validator(mode="after")
    def _renews_before_the_lease_ends(self) -> "Executor":
        if self.renew >= self.lease:
            raise ValueError("expected `renew` to be shorter than `lease`")
        return self


class Worker(Section):
    """Heartbeat and lease, when absent, are those of `kestra.server.liveness`."""

    threads: int = Field(default=8, ge=1)
    group: str = ""
    heartbeat: Duration | None = None
    lease: Duration | None = None
    kill_grace: Duration = timedelta(seconds=10)
    log_batch: int = Field(default=200, ge=1)
    log_flush: Duration = timedelta(milliseconds=100)
    light_bundle: int = Field(default=50, ge=1)
    prefetch: int = Field(default=4, ge=1)


class Redis(Section):
    url: SecretStr = SecretStr("")


class Database(Section):
    url: SecretStr = SecretStr("")


class Kestra(Section):
    url: str = ""
    data_dir: Folder = Path("~/.kestra-site").expanduser()
    database: Database = Database()
    redis: Redis = Redis()
    server: Server = Server()
    storage: Storage = Storage()
    queue: Backend = Backend()
    repository: Backend = Backend()
    encryption: Encryption = Encryption()
    tasks: Tasks = Tasks()
    variables: Variables = Variables()
    secret: dict[str, Any] = Hidden
    security: Security = Security()
    ee: Enterprise = Enterprise()
    system_flows: SystemFlows = SystemFlows()
    plugins: Plugins = Plugins()
    executor: Executor = Executor()
    worker: Worker = Worker()
    anonymous_usage_report: dict[str, Any] = Hidden
    tutorial_flows: dict[str, Any] = Hidden
    configurations: dict[str, Any] = Hidden


class Datasource(Section):
    url: SecretStr = SecretStr("")
    username: str = ""
    password: SecretStr = SecretStr("")
    driver_class_name: str = ""


class Datasources(Section):
    postgres: Datasource = Datasource()
    h2: dict[str, Any] = Hidden


class HttpServer(Section):
    port: int = Field(default=8080, ge=0, le=65535)
    host: str = "127.0.0.1"
    max_request_size: Size = 10 * 1024**3
    cors: dict[str, Any] = Field(default_factory=dict)


class Cookie(Section):
    cookie_max_age: Duration | None = None


class Token(Section):
    cookie: Cookie = Cookie()
    jwt: dict[str, Any] = Hidden


class MicronautSecurity(Section):
    token: Token = Token()
    oauth2: dict[str, Any] = Hidden
    ldap: dict[str, Any] = Hidden


class Micronaut(Section):
    server: HttpServer = HttpServer()
    security: MicronautSecurity = MicronautSecurity()


class Logger(Section):
    levels: dict[str, str] = Field(default_factory=dict)
