"""What goes into the HTTP API's offboardings and what comes out."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict, model_validator

from offboarding.operations.csv_lines import LONGEST


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("This time is not in the calendar.") from None


Moment = Annotated[datetime, AfterValidator(_in_utc)]


class AskIn(Schema):
    """One leaver: an account id, or an address that Bitbucket calls confirmed. Times are UTC unless they say else."""

    model_config = ConfigDict(extra="forbid")

    account_id: str | None = Field(None, min_length=1, max_length=LONGEST["account_id"])
    email: str | None = Field(None, min_length=3, max_length=LONGEST["email"])
    leaves_at: Moment | None = None
    reported_at: Moment | None = None
    starts_at: Moment | None = Field(None, description="When it starts by itself; without it an admin starts it.")
    reference: str = Field("", max_length=LONGEST["reference"], description="Such as a ticket's number.")

    @model_validator(mode="after")
    def names_somebody(self) -> Self:
        """An account id or an address."""
        if not self.account_id and not self.email:
            raise ValueError("Name an account_id or an email.")
        return self

    def as_row(self) -> dict[str, str]:
        """As a line of a list."""
        said = self.dict(exclude_none=True)
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}


class LineOut(Schema):
    """What became of one leaver: planned, done, unknown, not a member, or refused."""

    line: int
    who: str
    answer: str
    plan: int | None
    words: str


class ListOut(Schema):
    """One answer for each line of a list; the header is line 1."""

    lines: list[LineOut]


class CoveredOut(Schema):
    """One kind of thing that opens Bitbucket, and how it ended."""

    kind: str
    name: str
    covered: str
    words: str
    owner: str | None
    due_at: str | None


class MinutesOut(Schema):
    """Whole minutes from a moment to four ends; null where either is not there."""

    since: str
    moment: str | None
    last_token_gone: int | None
    account_off: int | None
    last_grant_gone: int | None
    last_manual_step: int | None


class PlanOut(Schema):
    """A plan: how it stands, how many steps of each phase are in which state, and what it covers so far."""

    plan: int
    account_id: str
    state: str
    reference: str
    leaves_at: str | None
    reported_at: str | None
    starts_at: str | None
    planned_by: str
    started_at: str | None
    cut_at: str | None
    completed_at: str | None
    waits_for_second_admin: str
    steps: dict[str, dict[str, int]]
    coverage: list[CoveredOut]
    minutes: list[MinutesOut]
    requests: int
    is_final: bool


def request_body() -> dict[str, Any]:
    """What may be sent, for the document: one leaver as JSON, or a list as CSV."""
    example = "account_id,leaves_at,reference\n712020:0e9f…,2026-11-30T17:00:00Z,HR-4711\n"
    return {
        "required": True,
        "content": {
            "application/json": {"schema": AskIn.json_schema()},
            "text/csv": {"schema": {"type": "string"}, "example": example},
        },
    }
