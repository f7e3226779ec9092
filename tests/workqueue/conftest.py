"""The jobs of these tests, and a bell that only notes who rang."""

import pytest
from pytest_django import Settings

from tests.workqueue.kinds import JOB_KINDS


@pytest.fixture(autouse=True)
def kinds(settings: Settings) -> None:
    """The kinds of job that these tests know."""
    settings.JOB_KINDS = JOB_KINDS


class Bell:
    """Notes what was rung for; while ``broken`` it takes nothing."""

    def __init__(self) -> None:
        self.rung: list[tuple[int, str]] = []
        self.broken = False

    def __call__(self, job_id: int, queue: str, *, expires: float | None = None) -> bool:
        if not self.broken:
            self.rung.append((job_id, queue))
        return not self.broken


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Bell:
    """The bell, without Redis."""
    bell = Bell()
    monkeypatch.setattr("workqueue.claims.ring", bell)
    for room in ("sweeper", "bulk", "draining"):
        monkeypatch.setattr(f"workqueue.{room}.ring", bell)
    return bell
