"""All of the invented company, in order."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.actors import System
from accounts.models import Person
from tokens.inventory.scale.holdings import Holdings, make_findings
from tokens.inventory.scale.places import (
    ACCOUNT_PREFIX,
    make_grants,
    make_people,
    make_projects,
    make_repositories,
    make_workspace,
)
from tokens.models import TemplateVersion
from tokens.operations.templates import install_templates

__all__ = ["ACCOUNT_PREFIX", "Scale", "Seeded", "seed"]

BATCH = 5_000
_SEED = 20_261_125


@dataclass(frozen=True)
class Scale:
    """How much of everything.

    Attributes:
        credentials: of every kind and state.
        people: who hold them.
        repositories: each with a few grants; a project for every 25.
        findings: the share, 0 to 1, of live credentials that are looked at for a finding.
    """

    credentials: int
    people: int
    repositories: int
    findings: float = 0.3


@dataclass(frozen=True)
class Seeded:
    """How much was made."""

    credentials: int
    people: int
    repositories: int
    grants: int
    findings: int

    def __str__(self) -> str:
        return ", ".join(f"{number:,} {name}" for name, number in asdict(self).items())


def seed(scale: Scale, *, told: Callable[[str], None] = lambda words: None) -> Seeded:
    """Make the rows; the same numbers give the same rows, told from the beginning of today.

    Args:
        scale: how much.
        told: hears how far it is.

    Raises:
        ValueError: the company is there already.
    """
    if Person.objects.filter(account_id__startswith=ACCOUNT_PREFIX).exists():
        raise ValueError("The invented company is here already; it is made once.")
    # Nothing here is secret: the dice must fall the same way every time.
    dice = Random(_SEED)  # noqa: S311  # nosec B311
    now = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    install_templates(acting_user=System("seed_scale", kind="command"))
    with transaction.atomic():
        workspace = make_workspace()
        people = make_people(scale.people, workspace, dice, now)
        projects = make_projects(max(1, scale.repositories // 25), workspace, now)
        repositories = make_repositories(scale.repositories, projects, dice, now)
        grants = make_grants(repositories, people, dice, now)
    holdings = Holdings(
        dice, now, people=people, projects=projects, repositories=repositories,
        versions=list(TemplateVersion.objects.filter(template__is_custom=False).order_by("pk")),
    )  # fmt: skip
    findings = _hold(holdings, scale, dice, told)
    return Seeded(scale.credentials, scale.people, scale.repositories, grants, findings)


def _hold(holdings: Holdings, scale: Scale, dice: Random, told: Callable[[str], None]) -> int:
    """Credentials batch by batch, so that memory stays flat; how many findings they have."""
    findings, now = 0, timezone.now()
    for first in range(0, scale.credentials, BATCH):
        with transaction.atomic():
            rows = holdings.make(first, min(BATCH, scale.credentials - first))
            findings += make_findings(rows, scale.findings, dice, now)
        told(f"{first + len(rows):,} credentials")
    return findings
