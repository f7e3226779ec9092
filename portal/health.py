"""Is the process alive, and can it do its work?"""

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry


@require_safe
def healthz(_: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(_: HttpRequest) -> JsonResponse:
    """200 when database, migrations and Redis are fine; 503 names what is not."""
    checks = {"database": _database(), "migrations": _migrations(), "redis": _redis()}
    return JsonResponse(checks, status=200 if all(word == "ok" for word in checks.values()) else 503)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    return "pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def _redis() -> str:
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))
    try:
        client.ping()
    except RedisError:
        return "unreachable"
    finally:
        client.close()
    return "ok"
