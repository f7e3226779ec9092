"""What Prometheus is told."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.tokens.overview.rows import approved, credential, finding, part
from tokens.models import PartKind

pytestmark = pytest.mark.django_db


def _told() -> dict[str, str]:
    text = Client().get("/metrics").content.decode()
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


@pytest.fixture(autouse=True)
def _without_https(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = False


def test_before_anything_is_known_nothing_is_claimed() -> None:
    told = _told()
    assert told["portal_credentials_approved_ratio"] == "NaN"
    assert told["portal_inventory_oldest_part_seconds"] == "NaN"
    assert told['portal_findings_open{kind="undeclared"}'] == "0.0"


def test_the_inventory_s_gauges() -> None:
    approved()
    credential(state="needs_human")
    finding("idle", credential=credential(standing="other_product"))
    part(PartKind.MEMBERS)
    part(PartKind.PROJECTS, age=None)
    part(PartKind.REPOSITORIES, problem="403")
    told = _told()
    assert told["portal_credentials_approved_ratio"] == "0.5"
    assert told['portal_findings_open{kind="idle"}'] == "1.0"
    assert told["portal_inventory_unread_parts"] == "2.0"
    assert told["portal_credentials_need_a_person"] == "1.0"
    assert float(told["portal_inventory_oldest_part_seconds"]) != 0


def test_a_finding_that_closed_is_told_as_none() -> None:
    row = finding("excess")
    assert _told()['portal_findings_open{kind="excess"}'] == "1.0"
    row.delete()
    assert _told()['portal_findings_open{kind="excess"}'] == "0.0"
