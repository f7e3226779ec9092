"""The inventory's first page: how much of what opens Bitbucket is approved, and how well that is known."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import require, signed_in_user
from tokens import overview_presentation as show
from tokens.inventory.alarms import alarms
from tokens.inventory.figures import findings_by_age, totals
from tokens.inventory.forecast import forecast
from tokens.inventory.freshness import Freshness, freshness, is_first_time, was_everything_read
from tokens.inventory.hourly import hourly_budgets
from tokens.inventory.trend import trend
from tokens.models import Sync


@require_safe
@require("tokens.view_inventory")
def overview(request: HttpRequest) -> HttpResponse:
    """The numbers; before the first run, how to come to some."""
    found, newest = freshness(), Sync.objects.first()
    running = newest is not None and newest.finished_at is None
    context: dict[str, Any] = {
        "alarms": alarms(found),
        "newest": newest,
        "running": running,
        "can_run": signed_in_user(request).has_perm("tokens.run_sync"),
        "forecast": show.forecast_words(forecast(found)),
        "is_first": is_first_time(found) and not (newest and running and newest.mode == Sync.Mode.FULL),
        "mode": show.MODES[settings.INVENTORY_MODE],
        "baseline_days": settings.BASELINE_DAYS,
    }
    context |= _numbers(everything_was_read=was_everything_read(found)) | _knowledge(found)
    return render(request, "tokens/inventory/overview.html", context)


def _numbers(*, everything_was_read: bool) -> dict[str, Any]:
    now = timezone.now()
    counted, ages = totals(now), findings_by_age(now)
    return {
        "everything_was_read": everything_was_read,
        "headline": show.headline_card(counted.headline, everything_was_read=everything_was_read),
        "needs_human": counted.needs_human,
        "totals": counted,
        "kinds": show.kind_chart(counted),
        "standings": show.standing_bars(counted),
        "verifications": show.verification_bars(counted),
        "expiry": show.expiry_chart(counted, now),
        "findings": show.finding_chart(ages),
        "trend": show.trend_chart(trend(counted.headline, now)),
    }


def _knowledge(found: tuple[Freshness, ...]) -> dict[str, Any]:
    return {
        "freshness": show.freshness_rows(found),
        "max_age_hours": settings.INVENTORY_MAX_AGE_HOURS,
        "budgets": show.budget_rows(hourly_budgets()),
        "baseline_ends": show.baseline_ends(found),
    }
