"""Numbers for Prometheus, without names of people in them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from offboarding.gauges import gauges as offboarding_gauges
from tokens.inventory.gauges import gauges
from workqueue.queries import job_counts

REGISTRY = CollectorRegistry()
REQUESTS = Counter("portal_requests_total", "Requests answered", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram("portal_request_seconds", "Seconds to answer", ["route"], registry=REGISTRY)
JOBS = Gauge("portal_jobs", "Rows of work by state", ["kind", "state"], registry=REGISTRY)
APPROVED = Gauge(
    "portal_credentials_approved_ratio",
    "Share of live Bitbucket credentials with an approved and verified record; NaN where there is none to count",
    registry=REGISTRY,
)
FINDINGS = Gauge("portal_findings_open", "Open findings by kind", ["kind"], registry=REGISTRY)
PART_AGE = Gauge(
    "portal_inventory_oldest_part_seconds", "Age of the oldest part that was ever read; NaN before", registry=REGISTRY
)
UNREAD = Gauge(
    "portal_inventory_unread_parts", "Parts never read to the end, or whose newest try failed", registry=REGISTRY
)
NEEDS_HUMAN = Gauge("portal_credentials_need_a_person", "Credentials the machine could not end", registry=REGISTRY)

PLANS = Gauge("portal_offboarding_plans", "Offboarding plans by state", ["state"], registry=REGISTRY)
STUCK = Gauge("portal_offboarding_stuck_steps", "Steps of offboardings that need a person", registry=REGISTRY)
STUCK_AGE = Gauge(
    "portal_offboarding_oldest_stuck_seconds",
    "Age of the oldest of them; 0 without any",
    registry=REGISTRY,
)


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request; ``route`` is the URL pattern, never the path."""
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


@require_safe
def metrics(_: HttpRequest) -> HttpResponse:
    """The numbers of this process, and the work queue's from the database."""
    JOBS.clear()
    for kind, state, count in job_counts():
        JOBS.labels(kind, state).set(count)
    _inventory()
    _offboarding()
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _inventory() -> None:
    found = gauges()
    APPROVED.set(found.approved_ratio)
    PART_AGE.set(found.oldest_part_seconds)
    UNREAD.set(found.unread_parts)
    NEEDS_HUMAN.set(found.needs_human)
    # A kind without any is 0, not absent: an alarm on it must be able to end.
    for kind, count in found.open_findings.items():
        FINDINGS.labels(kind).set(count)


def _offboarding() -> None:
    found = offboarding_gauges()
    for state, count in found.plans.items():
        PLANS.labels(state).set(count)
    STUCK.set(found.stuck)
    STUCK_AGE.set(found.oldest_stuck_seconds)
