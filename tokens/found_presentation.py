"""From found credentials to what pages show: what their holder is asked, and what can be done about them."""

from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tokens.catalogue.rules import grouped, words_for
from tokens.models import Answer, Credential, Standing
from tokens.operations.adopting import left_behind, why_not_adoptable
from tokens.operations.answers import ASKED_ABOUT, was_set_aside
from tokens.policy import KEY_KIND
from tokens.presentation import credential_row, kind_name
from tokens.states import LIVE

MAY_BREAK: Final = "Nobody can tell which product it is for: revoking it may break Jira or Confluence."


def found_context(credential: Credential, user: User) -> dict[str, Any]:
    """What the page of a credential adds for one that was merely found, or that takes the place of such a one."""
    own = credential.holder_id == user.person_id
    is_asked_about = credential.standing in ASKED_ABOUT or was_set_aside(credential)
    can_declare = own and is_asked_about and credential.state in LIVE
    is_nobodys = credential.kind == KEY_KIND and credential.holder_id is None
    can_adopt = can_declare or (is_nobodys and is_asked_about and user.has_perm("tokens.view_inventory"))
    can_register = can_adopt and credential.state in LIVE and user.has_perm("tokens.request_credential")
    return {
        "revoke_warning": MAY_BREAK if credential.standing == Standing.UNKNOWN_PRODUCT else "",
        "declare_url": reverse("declare") if can_declare else "",
        "register_url": reverse("declare_register", args=[credential.pk])
        if can_register and not why_not_adoptable(credential, user.person)
        else "",
        "left_behind": left_behind(credential.request) if own and credential.request else None,
    }


def declared_row(credential: Any) -> dict[str, Any]:
    """A found credential as its holder is asked about it; the row comes from `found_queries.to_declare`."""
    known = credential.listed_scopes is not None or bool(credential.scopes)
    return {
        **credential_row(credential),
        "pk": credential.pk,
        "kind_name": kind_name(credential.kind),
        "place": str(credential.place or ""),
        "created_at": credential.created_at,
        "last_used_at": credential.last_used_at,
        "words": words_for(credential.scopes) if credential.scopes else "",
        "groups": grouped(credential.scopes),
        "knows_scopes": known,
        "product_is_unknown": credential.standing == Standing.UNKNOWN_PRODUCT,
        "due_at": credential.due_at,
        "is_late": bool(credential.due_at and credential.due_at < timezone.now()),
        "answer": credential.answer,
        "answer_word": credential.get_answer_display(),
        "answer_words": credential.answer_words,
        "answered_at": credential.answered_at,
        "is_ending": credential.state != "active",
        "asked_url": reverse("request", args=[credential.asked_as]) if credential.asked_as else "",
        "asked_as": credential.asked_as or "",
        "register_url": _register_url(credential),
    }


def _register_url(credential: Any) -> str:
    says_so = credential.answer == Answer.USES and not credential.asked_as
    can = says_so and not why_not_adoptable(credential, credential.holder)
    return reverse("declare_register", args=[credential.pk]) if can else ""


def unknown_row(credential: Credential) -> dict[str, Any]:
    """A token of an unknown product, as one line below its holder."""
    return {
        "name": credential.name,
        "url": credential.get_absolute_url(),
        "created_at": credential.created_at,
        "last_used_at": credential.last_used_at,
        "expires_at": credential.expires_at,
        "answer_word": credential.get_answer_display() if credential.answer else "",
    }
