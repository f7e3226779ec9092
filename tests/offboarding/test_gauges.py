"""What machines that watch are told."""

from offboarding.gauges import gauges
from tests.offboarding.leaving import Leaving


def test_stuck_steps_are_counted_with_their_age_and_tasks_are_not(leaving: Leaving) -> None:
    quiet = gauges()
    assert (quiet.plans["running"], quiet.stuck, quiet.oldest_stuck_seconds) == (0, 0, 0.0)
    leaving.desk.fault(kind="status", path="/users/*", status=404)
    leaving.cut()
    found = gauges()
    assert (found.plans["waiting"], found.stuck) == (1, 2)
    assert found.oldest_stuck_seconds > 0
