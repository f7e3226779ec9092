"""Who spent how many requests of the rolling hour, and how many are left."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Now

from tokens.clients import WORKSPACE_TOKEN, bot_allowance, organisation_allowance
from tokens.inventory.lanes import Lane, allowance_of
from workqueue.budgets import WINDOW
from workqueue.models import Spending


@dataclass(frozen=True)
class HourlyBudget:
    """One principal's hour.

    Attributes:
        name: whose limit it is, in words.
        principal: an account or an organisation; never a secret.
        spent: requests in the last 60 minutes.
        limit: how many an hour may hold.
        reserve: how many of them are kept for revocation.
    """

    name: str
    principal: str
    spent: int
    limit: int
    reserve: int

    @property
    def left(self) -> int:
        """How many a run may still send now."""
        return max(0, self.limit - self.reserve - self.spent)


def hourly_budgets() -> tuple[HourlyBudget, ...]:
    """Every principal that sent something in the last hour, and those that a run uses in any case.

    One query; one more where the workspace access token was used, whose limit Bitbucket told.
    """
    rows = Spending.objects.filter(minute__gt=Now() - WINDOW).order_by().values_list("principal")
    spent = dict(rows.annotate(spent=Sum("used")))
    for principal in (settings.AUDIT_BOT_EMAIL, settings.ATLASSIAN_ORG_ID):
        if principal:
            spent.setdefault(principal, 0)
    return tuple(sorted((_budget(*row) for row in spent.items()), key=lambda one: (one.name, one.principal)))


def name_of(principal: str) -> str:
    """Whose limit it is, in words."""
    names = {
        settings.ATLASSIAN_ORG_ID: "Organisation",
        WORKSPACE_TOKEN: "Workspace access token",
        settings.AUDIT_BOT_EMAIL: "Audit bot",
        settings.REVOKE_BOT_EMAIL: "Revoke bot",
    }
    return names.get(principal, "Bot")


def _budget(principal: str, spent: int) -> HourlyBudget:
    name = name_of(principal)
    if principal == settings.ATLASSIAN_ORG_ID:
        allowance = organisation_allowance()
    elif principal == WORKSPACE_TOKEN:
        allowance = allowance_of(Lane.TOKEN)
    elif principal == settings.AUDIT_BOT_EMAIL:
        allowance = bot_allowance()
    else:
        return HourlyBudget(name, principal, spent, settings.BITBUCKET_REQUESTS_PER_HOUR, 0)
    return HourlyBudget(name, principal, spent, allowance.limit_per_hour, allowance.reserve)
