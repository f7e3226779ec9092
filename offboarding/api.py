"""The room's part of the HTTP API: another system, such as HR's, says who leaves, and asks how that stands."""

from http import HTTPStatus
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import HeaderEx, P, Router, Status
from ninja.errors import HttpError
from ninja.errors import ValidationError as FaultyFields
from pydantic import ValidationError

from accounts.actors import Service
from accounts.service_auth import ServiceTokenAuth
from offboarding import policy
from offboarding.api_schemas import AskIn, LineOut, ListOut, PlanOut, request_body
from offboarding.models import Order, Plan
from offboarding.operations.many import rows_from_csv
from offboarding.operations.ordering import OtherBody, carry_out, take_order
from offboarding.plan_answer import counts_by_phase, head_as_json, statement_as_json
from tokens.api import FaultsOut, RefusalOut
from workqueue.budgets import spend

SCOPE: Final = "offboardings:write"
KEY: Final = r"^[ -~]+$"
router = Router(tags=["offboarding"], auth=ServiceTokenAuth(SCOPE))
_NO_SUCH_PLAN: Final = "There is no such plan, or it was not made with this token."
_SPENT: Final = f"This token has sent its {policy.API_REQUESTS_AN_HOUR} requests of an hour. Try again in a minute."
_NONE_LEFT: Final = Status(HTTPStatus.TOO_MANY_REQUESTS, {"detail": _SPENT})
_ALWAYS: Final = {401: RefusalOut, 403: RefusalOut, 422: FaultsOut, 429: RefusalOut}
_TO_SENDING: Final = {400: RefusalOut, 409: RefusalOut, 413: RefusalOut, 415: RefusalOut, **_ALWAYS}


@router.post(
    "/offboardings",
    response={200: LineOut | ListOut, 201: LineOut | ListOut, **_TO_SENDING},
    url_name="offboardings",
    openapi_extra={"requestBody": request_body()},
)
def plan_offboardings(
    request: HttpRequest,
    response: HttpResponse,
    idempotency_key: HeaderEx[
        str, P(min_length=1, max_length=200, pattern=KEY, description="Yours; the same one is answered alike.")
    ],
) -> Any:
    """Plan for one leaver (JSON), or for each line of a list (CSV). Nothing is taken away before the plan starts:
    at `starts_at`, or when an admin starts it. 201: a plan was made; 200: none was, and `answer` says why."""
    if not _has_one_left(request, response):
        return _NONE_LEFT
    rows = _rows_from(request)
    try:
        order = take_order(_token_name(request), idempotency_key, request.body)
    except OtherBody as problem:
        raise HttpError(HTTPStatus.CONFLICT, str(problem)) from problem
    answers, is_new = carry_out(order, rows, acting_user=_caller(request))
    status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return Status(status, {"lines": answers} if request.content_type == "text/csv" else answers[0])


@router.get("/offboardings/{int:number}", response={200: PlanOut, 404: RefusalOut, **_ALWAYS}, url_name="offboarding")
def offboarding(request: HttpRequest, response: HttpResponse, number: int) -> Any:
    """How a plan stands that this token asked for."""
    if not _has_one_left(request, response):
        return _NONE_LEFT
    name = _token_name(request)
    asked = Order.objects.filter(token_name=name, answers__contains=[{"plan": number}])
    plan = Plan.objects.select_related("person").filter(Q(token_name=name) | Q(pk__in=[number] if asked else []))
    found = plan.filter(pk=number).first()
    if found is None:
        raise HttpError(HTTPStatus.NOT_FOUND, _NO_SUCH_PLAN)
    return head_as_json(found) | {"steps": counts_by_phase(found)} | statement_as_json(found)


def _caller(request: HttpRequest) -> Service:
    """The service token that was shown, as who acts."""
    service: Service = request.auth  # type: ignore[attr-defined]
    return service


def _token_name(request: HttpRequest) -> str:
    return _caller(request).name


def _has_one_left(request: HttpRequest, response: HttpResponse) -> bool:
    """Take one request of the token's hour; where none is left, say when to try again."""
    if spend("portal", f"service token {_token_name(request)}", policy.API_REQUESTS_AN_HOUR):
        return True
    response["Retry-After"] = "60"
    return False


def _rows_from(request: HttpRequest) -> list[dict[str, str]]:
    """The lines that were sent.

    Raises:
        HttpError: it is of another kind, or no list.
        FaultyFields: a field is wrong.
    """
    if request.content_type == "application/json":
        return [_ask_from(request.body).as_row()]
    if request.content_type != "text/csv":
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json for one leaver, text/csv for a list.")
    try:
        return rows_from_csv(request.body.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise HttpError(HTTPStatus.BAD_REQUEST, "The list is not UTF-8.") from problem
    except ValueError as problem:
        raise HttpError(HTTPStatus.BAD_REQUEST, str(problem)) from problem


def _ask_from(body: bytes) -> AskIn:
    try:
        return AskIn.model_validate_json(body)
    except ValidationError as problem:
        faults = problem.errors(include_url=False, include_context=False, include_input=False)
        if any(fault["type"] == "json_invalid" for fault in faults):
            raise HttpError(HTTPStatus.BAD_REQUEST, "Cannot parse request body") from None
        raise FaultyFields([dict(fault) | {"loc": ("body", *fault["loc"])} for fault in faults]) from None
