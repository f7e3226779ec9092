"""The app's start: role permissions are installed after each migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """People, users, sign-in, roles."""

    name = "accounts"

    def ready(self) -> None:
        from accounts import checks  # noqa: F401, PLC0415  registers itself
        from accounts.roles import install_role_permissions  # noqa: PLC0415  models are loaded only now

        post_migrate.connect(install_role_permissions, dispatch_uid="accounts.roles")
