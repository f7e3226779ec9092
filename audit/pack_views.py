"""Downloading evidence packs, and the program that checks them."""

from pathlib import Path

from django.contrib.auth.decorators import login_required, permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_safe

from audit import verifier
from audit.models import EvidencePack
from audit.tags import Tag
from audit.trail import Actor, Subject, record


@require_GET
@login_required
@permission_required("audit.view_event", raise_exception=True)
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """One pack as it was made; the trail notes who took it."""
    found = get_object_or_404(EvidencePack, pk=pk)
    subject = Subject(found.subject_type, found.subject_id, found.subject_label)
    with transaction.atomic():
        record(Tag.PACK_DOWNLOADED, actor=_reader(request), subject=subject, pack=found.pk, sha256=found.sha256)
    name = f"{slugify(found.name)[:80] or 'evidence'}-{found.made_at:%Y%m%d}-{found.pk}.zip"
    return _file(bytes(found.content), name, "application/zip")


@require_safe
@login_required
@permission_required("audit.view_event", raise_exception=True)
def verifier_file(request: HttpRequest) -> HttpResponse:
    """``verify.py``, the same that is in every pack, for who would rather not take it from there."""
    return _file(Path(verifier.__file__).read_bytes(), "verify.py", "text/x-python; charset=utf-8")


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _reader(request: HttpRequest) -> Actor:
    user = request.user
    assert user.is_authenticated
    return Actor("person", user.get_username(), str(user.person))
