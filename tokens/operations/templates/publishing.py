"""Publishing a version: only what the linter has no error about, and only on top of the version that was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.access import authorise
from accounts.actors import Acting
from accounts.models import Person, User
from audit.tags import Tag
from tokens.catalogue.linter import LintMessage, TemplateDraft, errors_of, lint
from tokens.catalogue.masking import looks_like_secret
from tokens.models import Template, TemplateVersion
from tokens.operations.change import Change, NotAllowed, Stale
from tokens.operations.templates.rows import newest_version, template_subject, version_fields
from tokens.template_comparison import compare, draft_from_version

NOTE_LENGTH = 300
FIRST_NOTE = "The first version"


class Unpublishable(Exception):
    """The draft cannot become a version; the text is for its author, `messages` are the linter's errors."""

    def __init__(self, text: str, messages: Sequence[LintMessage] = ()) -> None:
        super().__init__(text)
        self.messages = tuple(messages)


@dataclass(frozen=True)
class Publication:
    """What somebody wants to publish.

    Attributes:
        expected: the number of the version that the draft was made from; 0 for a new template.
        note: what is new, one sentence.
        proposal: the slug of the custom set that the template takes over; empty for none.
    """

    draft: TemplateDraft
    expected: int
    note: str = ""
    proposal: str = ""


def publish_version(publication: Publication, *, acting_user: Acting) -> TemplateVersion:
    """Publish one version; requests and credentials of earlier ones keep what they were approved for.

    Raises:
        PermissionDenied: the acting person may not manage templates (any more).
        Unpublishable: the linter has errors, nothing changed, or the note holds a secret.
        NotAllowed: the template is retired, or a custom set.
        Stale: somebody else published meanwhile, or took the short name.
    """
    return publish_versions([publication], acting_user=acting_user)[0]


def publish_versions(publications: Sequence[Publication], *, acting_user: Acting) -> list[TemplateVersion]:
    """Publish several versions, all or none; raises what `publish_version` raises."""
    authorise(acting_user, "tokens.manage_templates")
    for publication in publications:
        _require_clean(publication)
    with Change(acting_user) as change:
        return [_publish(publication, change) for publication in publications]


def _require_clean(publication: Publication) -> None:
    errors = errors_of(lint(publication.draft))
    if errors:
        raise Unpublishable("There are errors to correct first.", errors)
    note = publication.note
    if len(note) > NOTE_LENGTH or not note.isprintable() or looks_like_secret(note):
        raise Unpublishable(f"The note is one line of at most {NOTE_LENGTH} characters, without a secret.")


def _publish(publication: Publication, change: Change) -> TemplateVersion:
    template = _template_for(publication)
    before = newest_version(template)
    _require_current(publication.expected, before)
    differences = compare(draft_from_version(before), publication.draft) if before else None
    if differences is not None and differences.is_same:
        raise Unpublishable("Nothing changed, so there is nothing to publish.")
    version = TemplateVersion.objects.create(
        template=template,
        number=publication.expected + 1,
        change_note=publication.note or _default_note(before),
        created_by=_author(change.acting_user),
        **version_fields(publication.draft),
    )
    if publication.proposal:
        _take_over(publication.proposal, change)
    change.event(
        Tag.TEMPLATE_PUBLISHED,
        template_subject(template, version.name),
        version=version.number,
        scopes=sorted(version.scopes),
        risk=version.risk,
        changes=differences.sentences() if differences else [],
        note=version.change_note,
        **({"proposal": publication.proposal} if publication.proposal else {}),
    )
    return version


def _template_for(publication: Publication) -> Template:
    slug = publication.draft.slug
    known = Template.objects.select_for_update().filter(slug=slug).first()
    if known is None:
        if publication.expected:
            raise Stale("This template is not there any more.")
        return _insert(slug)
    if known.is_custom:
        raise NotAllowed("A custom set is not changed: make it a template of its own.")
    if known.retired_at is not None:
        raise NotAllowed("This template is retired. Offer it again first.")
    return known


def _insert(slug: str) -> Template:
    last = Template.objects.filter(is_custom=False).aggregate(last=Max("position"))["last"]
    try:
        with transaction.atomic():
            return Template.objects.create(slug=slug, position=(last or 0) + 1)
    except IntegrityError:
        raise Stale("Somebody has just made a template with this short name.") from None


def _require_current(expected: int, newest: TemplateVersion | None) -> None:
    number = newest.number if newest else 0
    if number == expected:
        return
    if not expected:
        raise Stale("There is a template with this short name already. Choose another one, or change that template.")
    by = f" by {newest.created_by}" if newest and newest.created_by else ""
    raise Stale(f"Version {number} was published{by} meanwhile. Look at it and start again from there.")


def _default_note(before: TemplateVersion | None) -> str:
    return "Changed" if before else FIRST_NOTE


def _author(acting_user: Acting) -> Person | None:
    return acting_user.person if isinstance(acting_user, User) else None


def _take_over(slug: str, change: Change) -> None:
    """A proposal that became a template is answered, so it leaves the list."""
    Template.objects.filter(slug=slug, is_custom=True, dismissed_at=None).update(dismissed_at=change.at)
