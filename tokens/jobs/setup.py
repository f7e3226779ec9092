"""What works here? Each worker asks with the keys that only it has, once a day and when somebody asks for it."""

from tokens.inventory.setup.running import Probed, probe_with_audit_keys, probe_with_revoke_keys
from tokens.jobs.remote import outcome_from_error
from workqueue.claims import Claim


def probe_setup(claim: Claim) -> None:
    """The audit key, the audit bot and the workspace access token."""
    _answer(claim, probe_with_audit_keys())


def probe_setup_revoke(claim: Claim) -> None:
    """The revoke key and the revoke bot."""
    _answer(claim, probe_with_revoke_keys())


def _answer(claim: Claim, probed: Probed) -> None:
    """What was seen is written down already; what could not be asked is asked again later."""
    if probed.troubles:
        raise outcome_from_error(probed.troubles[0], attempt=claim.attempt) from probed.troubles[0]
