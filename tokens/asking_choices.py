"""Who will use what is asked for, and as which kind: what the form of a request lets one choose before it asks more."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse

from tokens.adviser_questions import Question, question_from
from tokens.catalogue.adviser.kinds import NO_KIND, KindChoice, choose_kind
from tokens.catalogue.adviser.model import UsedBy as Asker
from tokens.catalogue.adviser.needs import needs_of
from tokens.catalogue.adviser.ranking import RankedKind, ranked_kinds
from tokens.models import TemplateVersion, UsedBy
from tokens.policy import is_for_machine, users_of
from tokens.presentation import kind_name

PIPELINES: Final[Asker] = "pipelines"
_USERS: Final[dict[Asker, str]] = {
    "person": "I will, myself",
    "machine": "A machine: a build server, a bot, a cluster",
    "pipelines": "Bitbucket Pipelines",
}


@dataclass(frozen=True)
class Choices:
    """What was chosen so far, and what else there is.

    Attributes:
        used_by: who works with it.
        kind: one of the template's kinds.
        why_none: why no credential is needed at all; empty where one is.
        kinds: those it may be issued as for this user, the one to take first.
        users: whom one can choose, each with an address that keeps everything else.
    """

    used_by: UsedBy
    kind: str
    why_none: str
    kinds: tuple[RankedKind, ...]
    users: list[dict[str, Any]]
    page: str
    question: Question

    def kind_rows(self) -> list[dict[str, Any]]:
        """The kinds as a page shows them, the chosen one marked."""
        return [
            {
                "slug": one.slug,
                "name": kind_name(one.slug),
                "reason": one.reason,
                "is_chosen": one.slug == self.kind,
                "url": f"{self.page}?{self.question.query(kind=one.slug)}",
            }
            for one in self.kinds
        ]


def choices_from(parameters: QueryDict, version: TemplateVersion, *, page: str) -> Choices:
    """Read what was chosen from the address of a form. What makes no sense is what the template is meant for first.

    Args:
        parameters: `used_by` and `kind`, and what the adviser was asked.
        version: the template.
        page: the form's address.
    """
    question = question_from(parameters)
    asked_for = parameters.get("kind", "")
    asker = _asker(question, version, asked_for)
    used_by = UsedBy.PERSON if asker == "person" else UsedBy.MACHINE
    question = question.as_used_by(asker)
    choice = _choice(question, version, asker)
    kinds = ranked_kinds(list(version.kinds), by_machine=used_by == UsedBy.MACHINE, choice=choice)
    known = [one.slug for one in kinds]
    return Choices(
        used_by=used_by,
        kind=asked_for if asked_for in known else known[0],
        why_none=choice.reason if choice and choice.slug == NO_KIND and asker == PIPELINES else "",
        kinds=kinds,
        users=_users(version, question, asker, page),
        page=page,
        question=question,
    )


def _asker(question: Question, version: TemplateVersion, kind: str) -> Asker:
    possible = users_of(version)
    if kind in version.kinds and is_for_machine(kind, UsedBy.PERSON):
        return "machine" if question.used_by in (None, "person") else question.used_by
    if question.used_by == "person" and UsedBy.PERSON not in possible:
        return "machine"
    return question.used_by or ("person" if possible[0] == UsedBy.PERSON else "machine")


def _choice(question: Question, version: TemplateVersion, asker: Asker) -> KindChoice | None:
    """What the adviser chooses. Where nobody told it what is called, a template's own order says more than its scopes,
    except of Pipelines, which needs nothing for its own repository."""
    if not question.is_empty:
        return choose_kind(question.needs(), asker)
    if asker == PIPELINES:
        return choose_kind(needs_of((), named_scopes=list(version.scopes)), asker)
    return None


def _users(version: TemplateVersion, question: Question, asker: Asker, page: str) -> list[dict[str, Any]]:
    possible: tuple[Asker, ...] = ("person", "machine") if UsedBy.PERSON in users_of(version) else ("machine",)
    return [
        {
            "slug": one,
            "name": _USERS[one],
            "is_chosen": one == asker,
            "url": f"{page}?{question.as_used_by(one).query()}",
        }
        for one in (*possible, PIPELINES)
    ]


def form_page(version: TemplateVersion) -> str:
    """The address of a template's form."""
    if version.template.is_custom:
        return reverse("request_exactly")
    return reverse("request_form", args=[version.template.slug])
