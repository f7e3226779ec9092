"""Jobs act: they call Atlassian or Bitbucket, one row at a time, and write down what came back."""

from tokens.jobs.binding import bind_credential, binding_gave_up
from tokens.jobs.evaluation import evaluate_findings
from tokens.jobs.key_deletion import delete_key
from tokens.jobs.key_registration import register_key, registration_gave_up
from tokens.jobs.key_watching import remind_key_end, tell_rotation, watch_rotation
from tokens.jobs.listed import register_listed
from tokens.jobs.makers import makers_gave_up, read_makers
from tokens.jobs.person import count_reach, read_person, read_secrets
from tokens.jobs.probes import probe_deletion, probe_listing
from tokens.jobs.radar import radar
from tokens.jobs.refused import check_refused
from tokens.jobs.revocation import revocation_gave_up, revoke_credential
from tokens.jobs.setup import probe_setup, probe_setup_revoke
from tokens.jobs.sync import ask_for_more, finish_gave_up, finish_sync, plan_reads, read_gave_up, read_part

__all__ = [
    "ask_for_more",
    "bind_credential",
    "binding_gave_up",
    "check_refused",
    "count_reach",
    "delete_key",
    "evaluate_findings",
    "finish_gave_up",
    "finish_sync",
    "makers_gave_up",
    "plan_reads",
    "probe_deletion",
    "probe_listing",
    "probe_setup",
    "probe_setup_revoke",
    "radar",
    "read_gave_up",
    "read_makers",
    "read_part",
    "read_person",
    "read_secrets",
    "register_key",
    "register_listed",
    "registration_gave_up",
    "remind_key_end",
    "revocation_gave_up",
    "revoke_credential",
    "tell_rotation",
    "watch_rotation",
]
