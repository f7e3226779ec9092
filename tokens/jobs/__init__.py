"""Jobs act: they call Atlassian or Bitbucket, one row at a time, and write down what came back."""

from tokens.jobs.binding import bind_credential, binding_gave_up
from tokens.jobs.probes import probe_deletion, probe_listing
from tokens.jobs.reach import count_reach
from tokens.jobs.refused import check_refused
from tokens.jobs.revocation import revocation_gave_up, revoke_credential

__all__ = [
    "bind_credential",
    "binding_gave_up",
    "check_refused",
    "count_reach",
    "probe_deletion",
    "probe_listing",
    "revocation_gave_up",
    "revoke_credential",
]
