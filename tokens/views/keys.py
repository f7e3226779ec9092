"""Replacing a deploy key."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.access import require, signed_in_user
from tokens import presentation, queries
from tokens.forms import RotateKeyForm
from tokens.key_presentation import keygen_line
from tokens.operations.change import NotAllowed, Stale, record_refusal
from tokens.operations.key_rotations import rotate_key, why_not_rotated
from tokens.views.shared import found

UNPROCESSABLE = 422


# A private half may be pasted by mistake.
@sensitive_post_parameters("public_key")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
@require("tokens.request_credential")
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the public half of a newer key that works beside the older one for a while."""
    user = signed_in_user(request)
    credential = found(lambda: queries.rotatable_credential(pk, user))
    if why_not_rotated(credential):
        return redirect(credential)
    form = RotateKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["public_key"]
        try:
            return redirect(rotate_key(credential, key.text, key.fingerprint, acting_user=user))
        except (NotAllowed, Stale) as refusal:
            if isinstance(refusal, NotAllowed):
                record_refusal(user, path=request.path, because=str(refusal))
            form.add_error(None, str(refusal))
    asked = credential.approved_request
    context = {
        "credential": credential,
        "item": presentation.credential_row(credential),
        "form": form,
        "overlap_days": settings.KEY_OVERLAP_DAYS,
        "keygen": keygen_line(f"{asked.machine or asked.code} new"),
    }
    return render(request, "tokens/rotate_key.html", context, status=UNPROCESSABLE if form.errors else 200)
