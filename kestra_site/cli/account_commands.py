"""`kestra auths …` and `kestra tenants …`: accounts and tenants, straight in the database, for
whoever may use this machine. They need no server."""

from pathlib import Path
from typing import Annotated, Any

import typer

from common.actor import COMMAND_LINE
from common.errors import BadRequest, NotFound
from common.tenancy import DEFAULT_TENANT, tenant_scope

auths = typer.Typer(help="Manage accounts.", no_args_is_help=True)
users = typer.Typer(help="Manage users.", no_args_is_help=True)
tenants = typer.Typer(help="Manage tenants.", no_args_is_help=True)
auths.add_typer(users, name="users")

Config = Annotated[Path | None, typer.Option("--config", "-c", help="A configuration file.")]
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The server's data folder.")]
Tenant = Annotated[str, typer.Option("--tenant", help="The tenant.")]


@users.callback()
def describe_users() -> None:
    """Manage users."""


@users.command("create")
def create_user(
    username: Annotated[str, typer.Argument(help="An e-mail address.")] = "",
    password: Annotated[str, typer.Argument(help="The password.")] = "",
    *,
    username_option: Annotated[str, typer.Option("--username", hidden=True)] = "",
    password_option: Annotated[str, typer.Option("--password", hidden=True)] = "",
    tenant: Tenant = DEFAULT_TENANT,
    admin: Annotated[bool, typer.Option("--admin", help="Administrator of the tenant.")] = False,
    superadmin: Annotated[
        bool, typer.Option("--superadmin", "--instance-owner", help="Owner of the instance.")
    ] = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Create a user; asks for the password when none is given."""
    username = username or username_option
    if not username:
        raise BadRequest("a user name is missing: kestra auths users create NAME [PASSWORD]")
    if admin and superadmin:
        raise BadRequest("--admin and --superadmin exclude each other")
    password = password or password_option or _ask_password()
    _start(config, data_dir)
    _create_user(username, password, tenant, is_admin=admin, is_super_admin=superadmin)
    typer.echo(f"created user {username}")


@tenants.callback()
def describe_tenants() -> None:
    """Manage tenants."""


@tenants.command("create")
def create_tenant(
    *,
    tenant: Annotated[str, typer.Option("--tenant", help="Id of the new tenant.")],
    name: Annotated[str, typer.Option("--name", help="Its name.")] = "",
    admin_username: Annotated[
        str, typer.Option("--admin-username", help="A user who becomes its administrator.")
    ] = "",
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Create a tenant."""
    _start(config, data_dir)
    _create_tenant(tenant, name, admin_username)
    typer.echo(f"created tenant {tenant}")


def _ask_password() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _start(config: Path | None, data_dir: Path | None) -> None:
    from kestra_site.servers.options import ServerOptions
    from kestra_site.servers.preparation import start_django

    start_django(ServerOptions(config=config, data_dir=data_dir).install(""))


def _create_user(
    username: str, password: str, tenant: str, *, is_admin: bool, is_super_admin: bool
) -> None:
    from django.db import transaction

    from rbac import services
    from rbac.services.setup import make_tenant_administrator

    with transaction.atomic():
        user = services.create_user(
            actor=COMMAND_LINE,
            username=username,
            password=password,
            is_super_admin=is_super_admin,
        )
        if is_admin:
            make_tenant_administrator(user=user, tenant=tenant, actor=COMMAND_LINE)
        elif not is_super_admin:
            _require_tenant(tenant)
            with tenant_scope(tenant):
                services.grant_tenant_access(actor=COMMAND_LINE, user=user)


def _create_tenant(tenant: str, name: str, admin_username: str) -> None:
    from django.db import transaction

    from rbac.services.setup import make_tenant_administrator
    from tenants.services import create_tenant as create

    with transaction.atomic():
        create(actor=COMMAND_LINE, id=tenant, name=name)
        if admin_username:
            make_tenant_administrator(
                user=_user_named(admin_username), tenant=tenant, actor=COMMAND_LINE
            )


def _user_named(username: str) -> Any:
    from rbac.models import User

    user = User.objects.filter(username=username.strip().lower()).first()
    if user is None:
        raise NotFound(f"there is no user {username}")
    return user


def _require_tenant(tenant: str) -> None:
    from tenants.models import Tenant as StoredTenant

    if not StoredTenant.objects.filter(pk=tenant).exists():
        raise NotFound(f"there is no tenant {tenant}; `kestra tenants create` makes one")
