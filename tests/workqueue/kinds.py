"""The kinds of job that these tests know; without imports, because settings read it."""

SWEEP_SECONDS = 1
HERE = "tests.workqueue.handlers"
JOB_KINDS = {
    "effect": {"run": f"{HERE}.leave_effect", "lease_seconds": 3, "first_pause_seconds": 1},
    "slow": {"run": f"{HERE}.be_slow_at_first", "lease_seconds": 3, "first_pause_seconds": 1},
    "crash": {"run": f"{HERE}.crash", "gave_up": f"{HERE}.gave_up", "lease_seconds": 1},
    "plain": {"run": f"{HERE}.do_nothing"},
    "raises": {"run": f"{HERE}.raise_what_it_says", "gave_up": f"{HERE}.gave_up", "give_up_hours": 24},
    "revoke": {"run": f"{HERE}.do_nothing", "queue": "revoke"},
    "broken_hook": {"run": f"{HERE}.raise_what_it_says", "gave_up": f"{HERE}.gave_up_badly"},
    "unit": {"run": f"{HERE}.do_unit", "drains": True, "forget_after_hours": 6},
    "refilled": {"run": f"{HERE}.do_unit", "drains": True, "ran_dry": f"{HERE}.ran_dry"},
    "answers": {"run": f"{HERE}.answer_by_itself"},
}
