"""What the tests of machines' requests do over and over: the form, the ask, the answer."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from tests.tokens.desk import signed_in
from tokens.models import Request

REASON = "Push the release tags"


def machine_form(deputy: User, /, **changes: str) -> dict[str, str]:
    """A form that can be sent; what is changed to nothing is left out."""
    form = {
        "reason": REASON,
        "machine": "Nightly build",
        "where_used": "the build server",
        "boundary": "acme/web",
        "deputy": deputy.person.email,
        "lifetime_days": "30",
        **changes,
    }
    return {name: value for name, value in form.items() if value}


def send(user: User, slug: str, form: dict[str, str], **query: str) -> Any:
    """Send the form of a template; the answer, without following it. Slug `exactly` is the form for one's own set."""
    page = reverse("request_exactly") if slug == "exactly" else reverse("request_form", args=[slug])
    return signed_in(user).post(f"{page}?{urlencode(query)}", form)


def asked(user: User, slug: str, form: dict[str, str], **query: str) -> Request:
    """The same, for a form that is taken; the request that came of it."""
    answer = send(user, slug, form, **query)
    assert answer.status_code == 302, answer.content.decode()
    row = Request.objects.latest("pk")
    assert answer["Location"] == row.get_absolute_url()
    return row
