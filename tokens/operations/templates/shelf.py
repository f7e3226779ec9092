"""Taking a template off the shelf, putting it back, and saying no to a proposal."""

from accounts.access import authorise
from accounts.actors import Acting
from audit.tags import Tag
from tokens.models import Template
from tokens.operations.change import Change, NotAllowed, Stale
from tokens.operations.templates.rows import lock_template, template_subject


def retire_template(template: Template, *, because: str, acting_user: Acting) -> Template:
    """Offer a template no more. What was asked for or issued under it stays as it is.

    Raises:
        PermissionDenied: the acting person may not manage templates (any more).
        NotAllowed: no reason was given, or it is a custom set.
        Stale: it is retired already.
    """
    authorise(acting_user, "tokens.manage_templates")
    if not because.strip():
        raise NotAllowed("Say why: the sentence stays beside the template.")
    with Change(acting_user) as change:
        locked = lock_template(template)
        if locked.is_custom:
            raise NotAllowed("A custom set is on no shelf. Dismiss the proposal instead.")
        if locked.retired_at is not None:
            raise Stale("This template is retired already.")
        locked.retired_at, locked.retired_because = change.at, because.strip()
        locked.save()
        change.event(Tag.TEMPLATE_RETIRED, template_subject(locked), because=locked.retired_because)
    return locked


def restore_template(template: Template, *, acting_user: Acting) -> Template:
    """Offer a retired template again, as its newest version says.

    Raises:
        PermissionDenied: the acting person may not manage templates (any more).
        Stale: it is offered already.
    """
    authorise(acting_user, "tokens.manage_templates")
    with Change(acting_user) as change:
        locked = lock_template(template)
        if locked.retired_at is None:
            raise Stale("This template is offered already.")
        was = locked.retired_because
        locked.retired_at, locked.retired_because = None, ""
        locked.save()
        change.event(Tag.TEMPLATE_RESTORED, template_subject(locked), was_retired_because=was)
    return locked


def dismiss_proposal(template: Template, *, acting_user: Acting) -> Template:
    """Answer a proposal with no: it leaves the list, and what was asked for stays as it is.

    Raises:
        PermissionDenied: the acting person may not manage templates (any more).
        NotAllowed: it is no proposal.
        Stale: somebody answered it already.
    """
    authorise(acting_user, "tokens.manage_templates")
    with Change(acting_user) as change:
        locked = lock_template(template)
        if not locked.is_custom:
            raise NotAllowed("This is a template, no proposal.")
        if locked.dismissed_at is not None:
            raise Stale("This proposal is answered already.")
        locked.dismissed_at = change.at
        locked.save()
        change.event(Tag.TEMPLATE_PROPOSAL_DISMISSED, template_subject(locked))
    return locked
