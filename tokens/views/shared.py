"""What every view of this room does the same way."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import signed_in_user
from audit.content import RefusedContent
from tokens.forms import REFUSED_TEXT
from tokens.operations.change import NotAllowed, Stale, record_refusal
from tokens.states import IllegalMove

Row = TypeVar("Row")
CHANGED = "This changed while you were looking at it. Here is how it stands now."


def found(find: Callable[[], Row]) -> Row:
    """The row, or the same 404 for what is not there and for what is not yours."""
    try:
        return find()
    except ObjectDoesNotExist:
        raise Http404 from None


def attempt(
    request: HttpRequest,
    act: Callable[[], object],
    *,
    then: str,
    done: str = "",
    refused: Callable[[str], HttpResponse] | None = None,
) -> HttpResponse:
    """Call an operation and go on; what it refuses is said in its own words, and forbidden things are in the trail.

    Args:
        request: the request.
        act: the operation.
        then: the address to go to in any case.
        done: what to say when it worked.
        refused: makes the answer from the words of a refusal, for a form whose text is not to be lost; without it
            the words stand on the page that is gone to.
    """
    try:
        act()
    except PermissionDenied as refusal:
        record_refusal(signed_in_user(request), path=request.path, because=str(refusal))
        raise
    except (NotAllowed, Stale, IllegalMove, RefusedContent) as refusal:
        words = _words_of(refusal)
        if isinstance(refusal, NotAllowed):
            record_refusal(signed_in_user(request), path=request.path, because=words)
        if refused is not None:
            return refused(words)
        messages.error(request, words)
    else:
        if done:
            messages.success(request, done)
    return redirect(then)


def _words_of(refusal: Exception) -> str:
    if isinstance(refusal, IllegalMove):
        return CHANGED
    return REFUSED_TEXT if isinstance(refusal, RefusedContent) else str(refusal)


def page_or_live_part(request: HttpRequest, template: str) -> str:
    """The template's name, or its part called ``live`` when htmx asks for an update."""
    return f"{template}#live" if is_update(request) else template


def is_update(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page; a restored page is a whole one."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")
