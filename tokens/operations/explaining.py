"""An approved credential vanished, and somebody knows why: mostly its holder, who deleted it."""

from accounts.access import authorise
from accounts.models import User
from audit.tags import Tag
from tokens.models import Finding, FindingKind
from tokens.operations.change import Change, NotAllowed, Stale
from tokens.operations.findings import finding_subject, remember


def explain_gone(finding: Finding, *, because: str, acting_user: User) -> None:
    """Say what happened to a credential that is gone, which closes the finding. Nothing is alive, so a word is enough.

    Args:
        because: a sentence for the history and the trail.

    Raises:
        PermissionDenied: somebody else's, without the right to act on findings.
        NotAllowed: no sentence, or a difference that no word takes away.
        Stale: it is closed.
    """
    if finding.person_id != acting_user.person_id:
        authorise(acting_user, "tokens.handle_finding")
    if not because.strip():
        raise NotAllowed("Say what happened: the sentence stays with the finding.")
    with Change(acting_user) as change:
        locked = Finding.objects.select_for_update().get(pk=finding.pk)
        if locked.kind != FindingKind.GONE:
            raise NotAllowed("This difference closes when it is gone, not by a word.")
        if locked.closed_at is not None:
            raise Stale("This finding is closed already.")
        said = f"{acting_user.person}: {because.strip()}"[:200]
        locked.closed_at, locked.closed_because = change.at, said
        remember(locked, change.at, "closed", because.strip()[:200], by=str(acting_user.person))
        locked.save()
        change.event(Tag.FINDING_CLOSED, finding_subject(locked), because=because.strip()[:200])
