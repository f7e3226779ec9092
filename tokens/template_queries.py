"""Questions about templates: what is on the shelf, who used it, who is outside a version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDay
from django.utils import timezone

from accounts.models import User
from tokens.binding import end_of
from tokens.catalogue.linter import TemplateDraft, UseEvidence
from tokens.models import Credential, Request, Template, TemplateVersion
from tokens.states import LIVE, REGISTERED

COUNTED_DAYS = 90
OUTSIDE_SHOWN = 50
ASKERS_SHOWN = 3


def _newest() -> Subquery:
    rows = TemplateVersion.objects.filter(template=OuterRef("template")).order_by("-number")
    return Subquery(rows.values("pk")[:1])


def _newest_versions() -> QuerySet[TemplateVersion]:
    return TemplateVersion.objects.filter(pk=_newest()).select_related("template", "created_by")


@dataclass(frozen=True)
class Use:
    """How much a template is used: requests of the last 90 days, credentials that may still open Bitbucket."""

    asked_lately: int = 0
    alive: int = 0


def use_of(versions: Iterable[TemplateVersion]) -> dict[int, Use]:
    """The use of the templates of these versions, by the template's key; two queries for all of them."""
    keys = [version.template_id for version in versions]
    since = timezone.now() - timedelta(days=COUNTED_DAYS)
    asked = _counts(Request.objects.filter(submitted_at__gte=since), "template_version__template", keys)
    alive = _counts(Credential.objects.filter(state__in=LIVE), "request__template_version__template", keys)
    return {key: Use(asked.get(key, 0), alive.get(key, 0)) for key in keys}


def _counts(rows: QuerySet[Any], path: str, keys: list[int]) -> dict[int, int]:
    counted = rows.filter(**{f"{path}__in": keys}).order_by().values(path).annotate(n=Count("pk"))
    return {row[path]: row["n"] for row in counted}


def library(*, retired: bool = False, text: str = "") -> QuerySet[TemplateVersion]:
    """The newest version of each template, in the order of the shelf.

    Args:
        retired: the retired ones instead of those on the shelf.
        text: words of the name, the purpose, the short name or a scope.
    """
    found = _newest_versions().filter(template__is_custom=False, template__retired_at__isnull=not retired)
    if text:
        found = found.filter(
            Q(name__icontains=text)
            | Q(purpose__icontains=text)
            | Q(template__slug__icontains=text)
            | Q(scopes__icontains=text)
        )
    return found.order_by("template__position", "template__slug")


def proposals() -> QuerySet[TemplateVersion]:
    """Custom sets that nobody has answered, most wanted first, with `asked` (times) and `last_asked_at`."""
    asked = Count("template__versions__requests", distinct=True)
    last = Max("template__versions__requests__submitted_at")
    return (
        _newest_versions()
        .filter(template__is_custom=True, template__dismissed_at=None)
        .annotate(asked=asked, last_asked_at=last)
        .order_by("-asked", "-last_asked_at", "pk")
    )


def askers(versions: Iterable[TemplateVersion]) -> dict[int, list[str]]:
    """Who asked for these custom sets: names by the template's key, each once, the newest ask first."""
    keys = [version.template_id for version in versions]
    rows = Request.objects.filter(template_version__template__in=keys).order_by("-submitted_at", "-pk")
    names: dict[int, dict[str, None]] = {}
    for key, name, account_id in rows.values_list(
        "template_version__template", "person__display_name", "person__account_id"
    ):
        names.setdefault(key, {}).setdefault(name or account_id)
    return {key: list(found) for key, found in names.items()}


def library_entry(slug: str) -> TemplateVersion:
    """The newest version of any template, retired and custom ones too.

    Raises:
        TemplateVersion.DoesNotExist: none of that name.
    """
    return _newest_versions().get(template__slug=_possible(slug))


def proposal(slug: str) -> TemplateVersion:
    """The custom set of a proposal that nobody has answered.

    Raises:
        TemplateVersion.DoesNotExist: no such proposal.
    """
    return proposals().get(template__slug=_possible(slug))


def _possible(slug: str) -> str:
    """The short name, if PostgreSQL can look it up at all."""
    if not slug.isprintable():
        raise TemplateVersion.DoesNotExist(repr(slug))
    return slug


def versions_of(template: Template) -> QuerySet[TemplateVersion]:
    """Every version of a template, newest first."""
    return template.versions.select_related("template", "created_by").order_by("-number")


def visible_version(slug: str, number: int, user: User) -> TemplateVersion:
    """One version, old or new. Anybody may read it; a custom set only its askers, approvers and the overseers.

    Raises:
        TemplateVersion.DoesNotExist: none, or not for this user: the answer is the same.
    """
    version = TemplateVersion.objects.select_related("template", "created_by").get(template__slug=slug, number=number)
    if not version.template.is_custom or user.has_perm("tokens.view_templates"):
        return version
    if user.has_perm("tokens.approve_request") or version.requests.filter(person=user.person).exists():
        return version
    raise TemplateVersion.DoesNotExist(slug)


def outside(template: Template, draft: TemplateDraft) -> QuerySet[Credential]:
    """Credentials in use, of any version of a template, that this draft of it would not allow.

    What counts is what each can do now, its kind, and the days from its registration to its end.
    """
    within = Q(scopes__contained_by=list(draft.scopes), kind__in=list(draft.kinds)) & _ends_within(draft.max_days)
    return (
        Credential.objects.filter(state__in=REGISTERED, request__template_version__template=template)
        .exclude(within)
        .select_related("holder", "request__template_version__template")
        .order_by("-registered_at", "-pk")
    )


def outside_shown(template: Template, draft: TemplateDraft) -> tuple[list[Credential], int]:
    """The newest credentials outside a draft, as many as a page shows, and how many there are in all."""
    rows = outside(template, draft)
    shown = list(rows[: OUTSIDE_SHOWN + 1])
    return shown[:OUTSIDE_SHOWN], rows.count() if len(shown) > OUTSIDE_SHOWN else len(shown)


def _ends_within(days: int) -> Q:
    """Ends on the last allowed day or before; an end that nobody read is the approved day's, with its margin."""
    last_day = TruncDay("registered_at", tzinfo=UTC) + timedelta(days=days)
    margin = end_of(date.min) - datetime.combine(date.min, time.min, tzinfo=UTC)
    return Q(expiry_is_read=True, expires_at__lt=last_day + timedelta(days=1)) | Q(
        expiry_is_read=False, expires_at__lte=last_day + margin
    )


def use_evidence(template: Template) -> UseEvidence:
    """What the requests for a template showed about what people really need."""
    asked = Request.objects.filter(template_version__template=template, needed__has_key="scopes")
    smaller = (
        Credential.objects.filter(request__template_version__template=template, state__in=REGISTERED)
        .filter(scopes__contained_by=F("request__scopes"))
        .exclude(scopes=F("request__scopes"))
    )
    asked_sets, smaller_sets = _sets(asked, "needed__scopes"), _sets(smaller, "scopes")
    return UseEvidence(
        asked=sum(number for _, number in asked_sets),
        needed=frozenset(name for names, _ in asked_sets for name in names),
        smaller=sum(number for _, number in smaller_sets),
        granted=frozenset(name for names, _ in smaller_sets for name in names),
    )


def _sets(rows: QuerySet[Any], path: str) -> list[tuple[list[str], int]]:
    """Each different set of scopes among the rows, and how often it is there: few, however many rows there are."""
    counted = rows.order_by().values(path).annotate(n=Count("pk"))
    return [(row[path], row["n"]) for row in counted if isinstance(row[path], list)]
