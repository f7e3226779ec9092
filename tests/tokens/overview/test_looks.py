"""Full pages in a real browser: no accessibility fault, nothing wider than the screen, nothing the policy forbids.

They are drawn from hand-made numbers, without a database: what is looked at here is the page.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from django.test import override_settings
from playwright.sync_api import Browser

from tests.portal.browser import show
from tests.portal.gallery import gallery_context
from tests.tokens.overview.rows import DAY, NOW, WEEK
from tokens import overview_presentation, runs_presentation
from tokens.inventory.alarms import Alarm
from tokens.inventory.figures import FindingAges, Headline, Share, Totals
from tokens.inventory.forecast import Forecast
from tokens.inventory.freshness import Freshness
from tokens.inventory.hourly import HourlyBudget
from tokens.inventory.progress import KindProgress, Progress
from tokens.inventory.trend import TrendPoint
from tokens.models import Sync

pytestmark = pytest.mark.e2e
SHOTS = os.environ.get("SHOTS", "")
LOOKS = [(1280, "light"), (640, "light"), (360, "dark")]

FIGURE = Headline(approved=42_371, counted=71_857, share=58.9, unknown_product=6_657, other_product=4_636)
TOTALS = Totals(
    headline=FIGURE,
    kinds=(Share("api_token", 33_000, 55_198), Share("repository_access_token", 3_000, 4_160), Share("runner", 0, 425)),
    standings={
        "approved": 45_725, "undeclared": 26_132, "unknown_product": 6_657, "other_product": 4_636, "own": 0,
    },
    verifications={"exact": 38_656, "missing": 3_715, "excess": 501, "": 28_985},
    needs_human=990,
    weeks=(1_300, 1_250, 0, 1_400, 1_200, 1_100, 900, 1_300, 1_000, 800, 1_150, 1_300, 1_250),
    past_end=581,
    later=47_167,
    endless=8_575,
)  # fmt: skip
FINDINGS = (FindingAges("no_deputy", (10, 60, 400, 900), 3), FindingAges("undeclared", (1, 0, 0, 0), 0))
FRESHNESS = (
    Freshness("organisation_tokens", "", 1, 1, 0, 0, 900, NOW - 40 * DAY, NOW, (), 0, 0),
    Freshness(
        "user_grants", "Acme", 2_080, 2_000, 4, 9, 6_000, NOW - 40 * DAY, NOW - DAY,
        (("Bitbucket did not answer in time.", 5), ("The bot may not administer this place (403).", 4)), 2_000, 80,
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _plain_files() -> Iterator[None]:
    plain = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=plain, STATIC_URL="/static/"):
        yield


def _frame() -> dict[str, Any]:
    frame = {name: gallery_context()[name] for name in ("shell", "csp_nonce", "csrf_token")}
    return frame | {"can_run": True, "request": SimpleNamespace(path="/inventory/runs/7/")}


def _run(**fields: Any) -> Sync:
    return Sync(**{"pk": 7, "mode": "full", "started_at": NOW} | fields)


def _overview(*, is_first: bool) -> str:
    points = [TrendPoint(NOW - WEEK * (11 - at), 60_000 + at * 900, 30_000 + at * 1_100) for at in range(12)]
    context = {
        "alarms": [Alarm("27 parts could not be read", "They are tried again.", ("14: no answer",), "caution")],
        "newest": None if is_first else _run(),
        "running": not is_first,
        "forecast": overview_presentation.forecast_words(Forecast(2_000, 80, 6_286, 800, 7.9)),
        "is_first": is_first,
        "mode": overview_presentation.MODES["observe"],
        "baseline_days": 60,
        "baseline_ends": None if is_first else NOW + 20 * DAY,
        "headline": overview_presentation.headline_card(FIGURE, everything_was_read=False),
        "needs_human": 990,
        "totals": TOTALS,
        "kinds": overview_presentation.kind_chart(TOTALS),
        "standings": overview_presentation.standing_bars(TOTALS),
        "verifications": overview_presentation.verification_bars(TOTALS),
        "expiry": overview_presentation.expiry_chart(TOTALS, NOW),
        "findings": overview_presentation.finding_chart(FINDINGS),
        "trend": overview_presentation.trend_chart(points),
        "freshness": overview_presentation.freshness_rows(FRESHNESS),
        "budgets": overview_presentation.budget_rows(
            [HourlyBudget("Audit bot", "audit-bot@acme.test", 412, 1000, 200)]
        ),
    }
    return render_to_string("tokens/inventory/overview.html", _frame() | context)


def _running() -> str:
    done = Progress((KindProgress("user_grants", 2_080, 1_379, 694, 7), KindProgress("members", 1, 1, 0, 0)), 34)
    run = _run()
    context = {
        "run": run,
        "row": runs_presentation.run_row(run),
        "live": True,
        "progress": done,
        "kinds": runs_presentation.kind_rows(done),
        "tried": 1_387,
        "requests_left": 0,
        "is_waiting": True,
        "speed": runs_presentation.speed_words(done),
        "ends_at": NOW + timedelta(hours=2),
        "unread": [
            {"kind": "Deploy keys", "place": "acme/web-with-a-rather-long-name", "reason": "403", "observed_at": NOW}
        ],
        "more_unread": 3,
    }
    return render_to_string("tokens/inventory/run.html", _frame() | context)


def _list() -> str:
    ended = _run(pk=6, mode="lists", finished_at=NOW, result={"complete": False, "unread": {"deploy_keys": 4}})
    rows = [runs_presentation.run_row(run) for run in (_run(), ended)]
    return render_to_string("tokens/inventory/runs.html", _frame() | {"rows": rows, "older_url": "?before=6"})


DRAWN = {
    "overview": lambda: _overview(is_first=False),
    "overview-first": lambda: _overview(is_first=True),
    "run": _running,
    "runs": _list,
}


@pytest.mark.parametrize("name", DRAWN)
def test_axe_finds_nothing_and_it_fits(browser: Browser, name: str) -> None:
    html = DRAWN[name]()
    for width, scheme in LOOKS:
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        complaints = show(page, html)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{scheme}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints == []
        page.close()
