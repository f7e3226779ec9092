"""Jobs act: one step each, over the network, with the keys of the process they run in."""

from offboarding.jobs.common import only_a_person, step_gave_up
from offboarding.jobs.cut_tokens import delete_late_tokens, delete_tokens
from offboarding.jobs.deploy_key import deploy_key
from offboarding.jobs.membership import membership
from offboarding.jobs.pack import pack
from offboarding.jobs.preview import preview
from offboarding.jobs.recheck import recheck
from offboarding.jobs.rehearse import rehearse
from offboarding.jobs.remove_grant import remove_grant
from offboarding.jobs.rights import prove_rights, read_rights
from offboarding.jobs.rotate import rotate
from offboarding.jobs.switch_off import switch_off

__all__ = [
    "delete_late_tokens",
    "delete_tokens",
    "deploy_key",
    "membership",
    "only_a_person",
    "pack",
    "preview",
    "prove_rights",
    "read_rights",
    "recheck",
    "rehearse",
    "remove_grant",
    "rotate",
    "step_gave_up",
    "switch_off",
]
