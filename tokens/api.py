"""The room's part of the HTTP API. Each answer is the one that the command of the same name gives."""

from typing import Any, Final

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tokens.adviser_shelf import offered_shelf
from tokens.catalogue.adviser.answers import answer_for_calls
from tokens.catalogue.adviser.model import UsedBy
from tokens.catalogue.diagnosis import diagnose as diagnosis_of
from tokens.catalogue.diagnosis import diagnosis_as_json
from tokens.catalogue.operations import read_calls
from tokens.clients import api_hosts

LONGEST_TEXT: Final = 50_000
router = Router(tags=["adviser"])


class CallsIn(Schema):
    """Calls, one a line."""

    text: str = Field(max_length=LONGEST_TEXT, description="One REST call, curl line or git command a line.")
    used_by: UsedBy | None = Field(None, description="Who will use the credential; decides the kind that fits.")


class CallOut(Schema):
    """What one call means; scopes as Bitbucket declares them, null where none are known."""

    input: str
    status: str
    deprecated: bool
    operation: str | None
    api_token_scopes: list[str] | None
    classic_scopes: list[str] | None


class TemplateOut(Schema):
    """The template that covers the calls best: what it adds, and what it lacks."""

    slug: str
    excess: list[str]
    missing: list[str]


class KindOut(Schema):
    """The kind of credential that fits, or none, and why."""

    slug: str
    reason: str


class ScopesOut(Schema):
    """The smallest set for all calls together."""

    calls: list[CallOut]
    api_token_scopes: list[str]
    classic_scopes: list[str]
    template: TemplateOut | None
    kind: KindOut


class ErrorTextIn(Schema):
    """What git, curl, CI or an IDE said."""

    text: str = Field(max_length=LONGEST_TEXT)


class DiagnosisOut(Schema):
    """Why it failed, and what to do now."""

    cause: str
    title: str
    remedy: str
    missing_scopes: list[str]


class RefusalOut(Schema):
    """Why nothing was answered, in words."""

    detail: str


class FaultOut(Schema):
    """What is wrong with one field."""

    type: str
    loc: list[str | int]
    msg: str


class FaultsOut(Schema):
    """What is wrong with what was sent; never the value itself."""

    detail: list[FaultOut]


_REFUSALS: Final = {400: RefusalOut, 401: RefusalOut, 403: RefusalOut, 413: RefusalOut, 422: FaultsOut}


@router.post("/scopes", response={200: ScopesOut, **_REFUSALS}, url_name="scopes")
def scopes(request: HttpRequest, body: CallsIn) -> dict[str, Any]:
    """Say which scopes calls need. Secrets are hidden before anything is read; nothing is kept."""
    return answer_for_calls(read_calls(body.text, api_hosts=api_hosts()), offered_shelf(), body.used_by)


@router.post("/diagnose", response={200: DiagnosisOut, **_REFUSALS}, url_name="diagnose")
def diagnose(request: HttpRequest, body: ErrorTextIn) -> dict[str, Any]:
    """Say why something failed. Secrets are hidden before anything is read; nothing is kept."""
    return diagnosis_as_json(diagnosis_of(body.text))
