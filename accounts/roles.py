"""Roles, their permissions, and the authentication backend through which Django follows them."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from accounts.models import Person, User
from accounts.policy import ACTIVE, ROLE_PERMISSIONS, ROLE_WORDS, Role

__all__ = ["ROLE_PERMISSIONS", "ROLE_WORDS", "Role", "RoleBackend", "permissions_of", "roles_of"]


def roles_of(who: User | Person) -> frozenset[Role]:
    """The roles of a user or a person, computed from the database and the settings at this moment."""
    return who.current_roles()


class RoleBackend(BaseBackend):
    """Makes ``has_perm`` mean: one of the roles held now carries it. Nothing else grants a right."""

    def get_user(self, user_id: Any) -> User | None:
        """The user of a session, or None, which signs out, when the account is off here or at Bitbucket."""
        return (
            User.objects.select_related("person")
            .filter(pk=user_id, is_active=True, person__account_status=ACTIVE, person__blocked_at=None)
            .first()
        )

    def get_group_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """``app.codename`` of everything the roles carry; read once per user object, so once a request."""
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        cached: set[str] | None = getattr(user_obj, "_role_permissions", None)
        if cached is None:
            cached = permissions_of(user_obj)
            user_obj._role_permissions = cached  # type: ignore[attr-defined]
        return cached

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        """Whether a role carries the permission.

        Raises:
            PermissionDenied: it does not. Django then asks no other backend, so a group left over in the
                database never grants what the role no longer does.
        """
        if perm in self.get_group_permissions(user_obj, obj):
            return True
        raise PermissionDenied


def permissions_of(user: User) -> set[str]:
    """``app.codename`` of everything the groups of the user's current roles carry."""
    rows = Permission.objects.filter(group__name__in=roles_of(user))
    return {f"{app}.{codename}" for app, codename in rows.values_list("content_type__app_label", "codename")}


def install_role_permissions(sender: AppConfig, using: str = "default", **_: Any) -> None:
    """After migrate: give each role's group exactly the permissions of this app that ROLE_PERMISSIONS lists.

    Args:
        sender: the app whose permissions Django has just created.
        using: the database that was migrated.
    """
    for role, names in ROLE_PERMISSIONS.items():
        wanted = {name.partition(".")[2] for name in names if name.startswith(f"{sender.label}.")}
        group, _created = Group.objects.using(using).get_or_create(name=role.value)
        of_app = Permission.objects.using(using).filter(content_type__app_label=sender.label)
        group.permissions.remove(*of_app.exclude(codename__in=wanted).filter(group=group))
        group.permissions.add(*of_app.filter(codename__in=wanted))
