"""Which request form fits a found token, and what to say about whether it can be registered as it is."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from tokens.adviser_questions import Question, question_from
from tokens.adviser_shelf import offered_shelf
from tokens.catalogue.adviser.shelf import closest_template
from tokens.catalogue.rules import compare_scopes
from tokens.key_place import place_of
from tokens.models import Credential, Request, TemplateVersion
from tokens.named_places import address_of
from tokens.operations.adopting import left_behind, why_it_does_not_fit, why_key_does_not_fit, why_not_adoptable
from tokens.operations.key_rows import SCOPES
from tokens.policy import KEY_KIND, PERSONAL_KIND
from tokens.states import RequestState


def form_url(credential: Credential) -> str:
    """Where to ask for what a found token can do: a template that gives just that, else exactly its scopes.

    Where the listing does not tell its scopes, the shelf: its holder knows what it is for.
    """
    more = {"adopts": str(credential.pk)}
    if credential.kind == KEY_KIND:
        return _key_form_url(more)
    question = _question(credential)
    if question.is_empty:
        return f"{reverse('get_access')}?{urlencode(more)}"
    match = closest_template(question.scopes, offered_shelf(), used_by="person", kind=PERSONAL_KIND)
    if match is not None and match.covers and not match.excess:
        return f"{reverse('request_form', args=[match.slug])}?{question.query(**more)}"
    return f"{reverse('request_exactly')}?{question.query(kind=PERSONAL_KIND, **more)}"


def _key_form_url(more: dict[str, str]) -> str:
    """Where to ask for what every deploy key can do."""
    question = Question(used_by="machine", scopes=SCOPES)
    match = closest_template(SCOPES, offered_shelf(), used_by="machine", kind=KEY_KIND)
    page = reverse("request_form", args=[match.slug]) if match and match.covers else reverse("request_exactly")
    return f"{page}?{question.query(kind=KEY_KIND, **more)}"


def _question(credential: Credential) -> Question:
    """Its scopes as somebody would name them to the adviser; what nobody knows or Bitbucket removed is left out."""
    scopes = question_from(_Scopes(credential.listed_scopes or []))
    return Question(used_by="person", scopes=scopes.scopes)


class _Scopes:
    """Scopes as the parameters of an address."""

    def __init__(self, scopes: list[str]) -> None:
        self._scopes = scopes

    def get(self, key: str, default: str, /) -> str | None:
        return default

    def getlist(self, key: str, /) -> list[str]:
        return list(self._scopes) if key == "scopes" else []


def days_left(credential: Credential) -> int | None:
    """Days until its end, so that an approval made today reaches it; None where it has none."""
    if credential.expires_at is None:
        return None
    return max(1, (credential.expires_at.date() - timezone.now().date()).days)


def first_words(credential: Credential | None, version: TemplateVersion) -> dict[str, Any]:
    """What a form about a found credential is filled with."""
    if credential is None:
        return {}
    left = days_left(credential)
    place = place_of(credential)
    return {
        "reason": credential.answer_words,
        **({"boundary": address_of(place)} if place else {}),
        **({"lifetime_days": min(left, version.max_days)} if left is not None else {}),
    }


def outlook(credential: Credential | None, version: TemplateVersion, person: Person) -> dict[str, Any] | None:
    """What the form says: whether the found credential could be registered as it is, and why not where not."""
    if credential is None:
        return None
    return {
        "name": credential.name,
        "created_at": credential.created_at,
        "expires_at": credential.expires_at,
        "url": credential.get_absolute_url(),
        "why_not": _why_it_cannot(credential, person, list(version.scopes), version.max_days),
        "days": days_left(credential),
    }


def _why_it_cannot(credential: Credential, person: Person, scopes: list[str], days: int) -> str:
    """Why a request for these scopes and days could not register it, in words; empty where it could."""
    why_not = why_not_adoptable(credential, credential.holder or person)
    if why_not:
        return why_not
    if credential.kind == KEY_KIND:
        place = place_of(credential)
        return why_key_does_not_fit(credential, address_of(place) if place else "", scopes)
    if credential.listed_scopes is None:
        return "The organisation's listing does not tell what it can do."
    excess = compare_scopes(scopes, credential.listed_scopes).excess
    if excess:
        return f"It can do more than this: {', '.join(excess)}."
    left = days_left(credential)
    if left is None:
        return "It has no end."
    return f"It lives {left} more days, and this is for at most {days}." if left > days else ""


def request_words(request: Request) -> dict[str, Any] | None:
    """What the page of a request says about the found credential that it was to register."""
    old = request.adopts
    if old is None:
        return None
    adopted = old.request_id == request.pk
    is_open = request.state in (RequestState.PENDING, RequestState.APPROVED)
    return {
        "name": old.name,
        "url": old.get_absolute_url(),
        "adopted": adopted,
        "why_not": "" if adopted or not is_open else _why_not_of(old, request),
        "left_behind": left_behind(request) is not None,
        "is_open": is_open,
        "is_approved": request.state == RequestState.APPROVED,
    }


def _why_not_of(old: Credential, request: Request) -> str:
    if request.approved_until is not None:
        return why_it_does_not_fit(old, request)
    return _why_it_cannot(old, request.person, request.scopes, request.lifetime_days)
