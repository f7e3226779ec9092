"""Reading the inventory, one part a row of work; what is asked next; and the end of a run."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Now

from bitbucket.admin import AdminClient
from bitbucket.cloud import CloudClient
from bitbucket.errors import AuthMethodRefused, Forbidden, MissingScope, RemoteError, Unauthorized
from tokens import clients
from tokens.inventory.lanes import Lane, reader_for, take_from_token
from tokens.inventory.moments import database_now
from tokens.inventory.organisation_reading import read_organisation_tokens
from tokens.inventory.parts import ensure_parts, open_parts
from tokens.inventory.planning import top_up
from tokens.inventory.reading import read_listing
from tokens.inventory.results import result_of
from tokens.inventory.workspaces import label_workspace
from tokens.jobs.failing import settle_failure, words_of
from tokens.models import Part, PartKind, Sync
from tokens.operations.circuits import close_circuits
from tokens.operations.reads import drop_read, leave_part_unread, note_read, write_read
from tokens.operations.syncs import end_sync
from workqueue.claims import Claim, finish, postpone
from workqueue.holding import hold

NO_READER = "No credential is set up for this worker that could read it"
# A list that was written down just before its run was to end shows places that nobody has read yet.
LOOK_AGAIN_AFTER = timedelta(minutes=1)
REFUSALS = (Unauthorized, Forbidden, MissingScope, AuthMethodRefused)


def read_part(claim: Claim) -> None:
    """Read one part as a whole and write it down; whatever fails leaves what was known and says why."""
    part = _wanted_part(claim)
    if part is None:
        drop_read(claim, because="It was asked again, or nobody asks for it any more.")
        return
    began = part.now
    client = clients.audit_admin() if part.kind == PartKind.ORGANISATION_TOKENS else reader_for(part, _lane(claim))
    if client is None:
        leave_part_unread(claim, part, began=began, requests=0, problem=NO_READER)
        return
    before = client.requests_sent
    try:
        _read(claim, part, client, began)
    except RemoteError as error:
        _failed(claim, part, error, began=began, requests=client.requests_sent - before)


def _wanted_part(claim: Claim) -> Any:
    """The part with its place and the database's time as ``now``; None where nobody wants it read any more."""
    places = ("workspace", "repository__workspace", "project__workspace")
    parts = Part.objects.select_related(*places).annotate(now=Now())
    part = parts.filter(pk=claim.payload["part"], retired_at=None).first()
    if part is not None and _is_gone(part):
        Part.objects.filter(pk=part.pk).update(asked_at=None)
        return None
    asked = part.asked_at.isoformat() if part and part.asked_at else ""
    return part if asked == claim.payload["asked"] else None


def _is_gone(part: Part) -> bool:
    place = part.place
    return place is not None and place.gone_at is not None


def _lane(claim: Claim) -> str:
    return str(claim.payload["lane"])


def _read(claim: Claim, part: Part, client: CloudClient | AdminClient, began: datetime) -> None:
    before = client.requests_sent
    if isinstance(client, AdminClient):
        listed = read_organisation_tokens(client, began=began)
        requests = client.requests_sent - before
        _went_well(claim, part)
        with hold(claim):
            note_read(part, began=began, items=listed, requests=requests)
            finish(claim, result={"requests": requests, "items": listed})
    else:
        if part.kind == PartKind.MEMBERS and part.workspace is not None:
            label_workspace(client, part.workspace)
        items = read_listing(client, part)
        _went_well(claim, part)
        write_read(claim, part, items, began=began, requests=client.requests_sent - before)


def _went_well(claim: Claim, part: Part) -> None:
    """Close what a probe showed to be open, while the probe is still asked for: between its end and the closing another
    worker would find an open circuit that was just probed, and leave the whole run unread."""
    if "probe" in claim.payload:
        close_circuits(_lane(claim), part.kind)


def _failed(claim: Claim, part: Part, error: RemoteError, *, began: datetime, requests: int) -> None:
    if _lane(claim) == Lane.TOKEN and isinstance(error, REFUSALS):
        _tell_token_refused(part, error)
        bot = clients.audit_bot()
        if bot is not None:
            _read_with_bot(claim, part, bot, began)
            return
    if "probe" in claim.payload and not isinstance(error, Unauthorized) and error.status in (403, 404):
        # The place is closed to us, but the credential was accepted; so was the call, where it is this place alone.
        close_circuits(_lane(claim), part.kind if isinstance(error, Forbidden) else "")
    settle_failure(claim, part, error, began=began, requests=requests)


def _tell_token_refused(part: Part, error: RemoteError) -> None:
    if isinstance(error, Forbidden):
        return  # this place only
    take_from_token("" if isinstance(error, Unauthorized) else part.kind, words_of(error))


def _read_with_bot(claim: Claim, part: Part, bot: CloudClient, began: datetime) -> None:
    """The workspace access token was refused: the audit bot reads this one, on its own budget."""
    before = bot.requests_sent
    try:
        _read(claim, part, bot, began)
    except RemoteError as error:
        bots = _as_bots(claim)
        settle_failure(bots, part, error, began=began, requests=bot.requests_sent - before)


def _as_bots(claim: Claim) -> Claim:
    payload: dict[str, Any] = claim.payload | {"lane": Lane.BOT.value}
    return Claim(claim.job_id, claim.kind, claim.key, payload, claim.attempt, claim.fence, claim.created_at)


def read_gave_up(claim: Claim, reason: str) -> None:
    """A read that crashed or failed without end: its part is unread, and no run waits for it."""
    problem = f"It could not be read: {reason}"[:300]
    Part.objects.filter(pk=claim.payload["part"]).update(asked_at=None, tried_at=database_now(), problem=problem)


def ask_for_more() -> None:
    """Workers have nothing left to read: hand out what comes next."""
    top_up()


def plan_reads(claim: Claim) -> None:
    """A run was started: hand out its first reads now, not at the next minute."""
    top_up()


def finish_sync(claim: Claim) -> None:
    """A run has nothing left to read: see what differs, and write down what it found."""
    sync = Sync.objects.filter(pk=claim.payload["sync"], finished_at=None).first()
    if sync is None:
        return
    ensure_parts()
    if open_parts(sync).exists():
        with hold(claim):
            postpone(claim, at=LOOK_AGAIN_AFTER, reason="There is something left to read.")
        return
    result = result_of(sync)
    with hold(claim):
        finish(claim)
        end_sync(sync, result)


def finish_gave_up(claim: Claim, reason: str) -> None:
    """What a run found could not be written down: it ends all the same, and says that it is not complete."""
    sync = Sync.objects.filter(pk=claim.payload["sync"], finished_at=None).first()
    if sync is not None:
        end_sync(sync, {"complete": False, "problem": reason})
