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

from workqueue.queries import job_counts

REGISTRY = CollectorRegistry()
REQUESTS = Counter("portal_requests_total", "Requests answered", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram("portal_request_seconds", "Seconds to answer", ["route"], registry=REGISTRY)
JOBS = Gauge("portal_jobs", "Rows of work by state", ["kind", "state"], registry=REGISTRY)


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
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
