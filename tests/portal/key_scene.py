"""A machine's deploy key that works; for the pages about it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from sandbox.deploy_keys import public_key
from tests.portal.scene import Scene
from tokens.models import Credential, HolderProof, Request, Source
from tokens.models.credential import BindingState
from tokens.queries import current_version

SCOPES = ["read:repository:bitbucket"]


def a_key(scene: Scene) -> list[Any]:
    """The number of Emma's deploy key."""
    now, emma = timezone.now(), scene.people["owner"].person
    request, _ = Request.objects.get_or_create(
        code="bcp-7K5QXN",
        defaults={
            "person": emma,
            "template_version": current_version("clone-and-pull"),
            "kind": "deploy_key",
            "used_by": "machine",
            "machine": "Staging cluster",
            "public_key": public_key("scene"),
            "scopes": SCOPES,
            "scopes_hash": "0" * 64,
            "risk": "low",
            "reason": "Pull the manifests",
            "where_used": "eu-1",
            "boundary": "acme/web",
            "lifetime_days": 30,
            "state": "issued",
            "submitted_at": now,
            "decided_at": now,
            "approved_until": now.date(),
        },
    )
    credential, _ = Credential.objects.get_or_create(
        request=request,
        defaults={
            "holder": emma,
            "kind": "deploy_key",
            "source": Source.PORTAL,
            "name": f"{request.code} GitOps reader",
            "scopes": SCOPES,
            "listing_id": "deploy_key:{scene}:7",
            "holder_proof": HolderProof.DECLARED,
            "binding": BindingState.BOUND,
            "expires_at": now + timedelta(days=30),
            "registered_at": now,
        },
    )
    return [credential.pk]
