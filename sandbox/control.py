"""The stand-in's own levers: counts, switches, faults, clock, the OAuth consumer, starting over."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.faults import KINDS
from sandbox.html import stylesheet as page_stylesheet


def body_of(context: Context) -> dict[str, Any]:
    """Read the JSON object that was sent; raises Refusal (400).

    Only JSON is read, so that no page of another origin can send it without the browser asking first.
    """
    body = context.request.get_json(silent=True) if context.request.is_json else None
    if not isinstance(body, dict):
        raise Refusal(as_json({"error": "send a JSON object"}, 400))
    return body


def serve(context: Context, arguments: dict[str, Any]) -> Response:
    """Answer one request to the levers; a wrong value is told in words."""
    try:
        if context.request.method == "POST":
            body_of(context)
        with context.world.lock:
            return context.route.handler(context, **arguments)
    except Refusal as refusal:
        return refusal.response
    except (KeyError, TypeError, ValueError) as error:
        return as_json({"error": str(error)}, 400)


def stylesheet(context: Context) -> Response:
    """GET /_sandbox/style.css."""
    return page_stylesheet()


def icon(context: Context) -> Response:
    """GET /_sandbox/icon.svg."""
    return Response((Path(__file__).parent / "pages" / "icon.svg").read_text(), content_type="image/svg+xml")


def requests(context: Context) -> Response:
    """GET /_sandbox/requests."""
    return as_json(context.world.counters.report())


def clear_requests(context: Context) -> Response:
    """DELETE /_sandbox/requests: counts and spent limits start again."""
    context.world.counters.clear()
    context.world.limits.clear()
    return Response(status=204)


def switches(context: Context) -> Response:
    """GET /_sandbox/switches."""
    return as_json(vars(context.world.switches))


def turn_switches(context: Context) -> Response:
    """POST /_sandbox/switches with the ones to change."""
    context.world.switches.turn(body_of(context))
    return switches(context)


def faults(context: Context) -> Response:
    """GET /_sandbox/faults: rules in force, and the kinds there are."""
    return as_json({"faults": context.world.faults.report(), "kinds": KINDS})


def add_fault(context: Context) -> Response:
    """POST /_sandbox/faults with one rule."""
    context.world.faults.add(body_of(context))
    return faults(context)


def clear_faults(context: Context) -> Response:
    """DELETE /_sandbox/faults."""
    context.world.faults.clear()
    return Response(status=204)


def clock(context: Context) -> Response:
    """POST /_sandbox/clock with `ahead_seconds`."""
    context.world.ahead = timedelta(seconds=float(body_of(context)["ahead_seconds"]))
    return as_json({"now": context.world.now().isoformat()})


def reset(context: Context) -> Response:
    """POST /_sandbox/reset: everything as at the first start."""
    context.world.start_over()
    return Response(status=204)


def consumer(context: Context) -> Response:
    """POST /_sandbox/consumer with `callback_urls` and/or `scopes`."""
    body, known = body_of(context), context.world.consumer
    known.callback_urls = [str(one) for one in body.get("callback_urls", known.callback_urls)]
    known.scopes = tuple(str(one) for one in body.get("scopes", known.scopes))
    return as_json({"key": known.key, "callback_urls": known.callback_urls, "scopes": known.scopes})
