"""A machine's request whose access token somebody has to make, and such a token; for the pages about both."""

from typing import Any

from django.utils import timezone

from tests.portal.scene import Scene
from tokens.models import Credential, HolderProof, Makers, Request
from tokens.models.credential import BindingState
from tokens.queries import current_version

KIND = "repository_access_token"


def a_request_to_make(scene: Scene) -> list[Any]:
    """The code of Emma's approved request; nobody knows who administers its place."""
    now = timezone.now()
    request, _ = Request.objects.get_or_create(
        code="bcp-7K4QXN",
        defaults={
            "person": scene.people["owner"].person,
            "template_version": current_version("ci-release"),
            "kind": KIND,
            "scopes": ["read:repository:bitbucket"],
            "scopes_hash": "0" * 64,
            "risk": "low",
            "reason": "The nightly report",
            "where_used": "the build server",
            "boundary": "acme/web",
            "lifetime_days": 30,
            "state": "approved",
            "submitted_at": now,
            "decided_at": now,
            "approved_until": now.date(),
            "makers": Makers.NOT_KNOWN,
            "makers_because": "no audit bot is set up",
        },
    )
    return [request.code]


def an_access_token(scene: Scene) -> list[Any]:
    """The number of Emma's access token."""
    (code,) = a_request_to_make(scene)
    credential, _ = Credential.objects.get_or_create(
        request=Request.objects.get(code=code),
        defaults={
            "holder": scene.people["owner"].person,
            "kind": KIND,
            "name": f"{code} CI: release",
            "scopes": ["repository"],
            "fingerprint": "pepper:access-token",
            "holder_proof": HolderProof.DECLARED,
            "binding": BindingState.NO_LISTING,
            "registered_at": timezone.now(),
        },
    )
    return [credential.pk]
