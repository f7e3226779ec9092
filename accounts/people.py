"""The questions asked of the table of people, and the settings that name some of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.policy import ACTIVE, Role

if TYPE_CHECKING:
    from accounts.models import Person  # noqa: F401  the query set's type parameter


@dataclass(frozen=True)
class RoleSettings:
    """Who the settings name, and which workspaces make somebody an employee.

    Attributes:
        admins: account ids of PORTAL_ADMINS.
        auditors: account ids of PORTAL_AUDITORS.
        workspaces: uuids of BITBUCKET_WORKSPACES.
    """

    admins: frozenset[str]
    auditors: frozenset[str]
    workspaces: frozenset[str]

    def names(self, account_id: str) -> bool:
        """Whether the account is named here and so needs no seat."""
        return account_id in self.admins or account_id in self.auditors


def role_settings() -> RoleSettings:
    """The settings as they are at this moment; never kept between requests."""
    return RoleSettings(
        admins=frozenset(settings.PORTAL_ADMINS),
        auditors=frozenset(settings.PORTAL_AUDITORS),
        workspaces=frozenset(settings.BITBUCKET_WORKSPACES),
    )


class PersonQuerySet(models.QuerySet["Person"]):
    """People, and the facts that their roles are computed from."""

    def with_role_facts(self) -> Self:
        """Adds ``is_live``, ``has_seat`` and ``is_named_approver`` to each person, in the same query."""
        seats = apps.get_model("accounts", "Seat").objects.filter(
            person=OuterRef("pk"), workspace__uuid__in=role_settings().workspaces
        )
        users = apps.get_model("accounts", "User").objects.filter(person=OuterRef("pk"))
        return self.annotate(
            is_live=Q(account_status=ACTIVE, blocked_at=None) & ~Exists(users.filter(is_active=False)),
            has_seat=Exists(seats),
            is_named_approver=Exists(users.filter(groups__name=Role.APPROVER)),
        )

    def live(self) -> Self:
        """Those whose account works, here and at Bitbucket."""
        return self.with_role_facts().filter(is_live=True)

    def approver_candidates(self) -> Self:
        """Who could be named an approver: a live user with a right to use the portal, and not one already."""
        settings_now = role_settings()
        return (
            self.live()
            .filter(user__isnull=False, is_named_approver=False)
            .filter(Q(has_seat=True) | Q(account_id__in=settings_now.admins))
            .exclude(account_id__in=settings_now.auditors)
        )

    def named_approvers(self) -> Self:
        """Everybody an admin named, whether or not the name has an effect now."""
        return self.with_role_facts().filter(is_named_approver=True)

    def approvers(self) -> Self:
        """Those who may decide on requests now: named, live, and still with a seat (or named an admin)."""
        settings_now = role_settings()
        return (
            self.live()
            .filter(is_named_approver=True)
            .filter(Q(has_seat=True) | Q(account_id__in=settings_now.admins))
            .exclude(account_id__in=settings_now.auditors)
            .order_by("display_name", "id")
        )

    def admins(self) -> Self:
        """Those whom the settings name admins and whose account works, by name."""
        return self.live().filter(account_id__in=role_settings().admins).order_by("display_name", "id")

    def colleagues(self) -> Self:
        """Those whose account works and who hold a seat."""
        return self.live().filter(has_seat=True)
