"""Every kind of event there is, as ``noun:verb``, with the words people read.

A tag is never renamed or reused: old events keep theirs for ever. What belongs into an event's details stands
beside its tag where the name alone does not say it.
"""

from enum import StrEnum


class Tag(StrEnum):
    """The name of one kind of event; ``words`` is how the trail page says it."""

    words: str

    def __new__(cls, value: str, words: str) -> "Tag":
        tag = str.__new__(cls, value)
        tag._value_ = value
        tag.words = words
        return tag

    @property
    def noun(self) -> str:
        """What the event is about: the part before the first colon."""
        return self.value.split(":", 1)[0]

    # Signing in. Details of a refusal: the reason's code, never what was typed.
    SESSION_START = "session:start", "Signed in"
    SESSION_REFUSED = "session:refused", "Sign-in refused"
    SESSION_END = "session:end", "Signed out"
    SIGNIN_LINK_MADE = "signin_link:made", "Emergency sign-in link made"

    # Who may do what. Settings events name the setting, what was added and what was removed.
    ROLE_GRANTED = "role:granted", "Role granted"
    ROLE_REMOVED = "role:removed", "Role removed"
    SERVICE_TOKEN_MADE = "service_token:made", "Service token made"
    SERVICE_TOKEN_REVOKED = "service_token:revoked", "Service token revoked"
    SETTINGS_CHANGED = "settings:changed", "Settings changed"
    TEMPLATE_INSTALLED = "template:installed", "Template installed"
    # Details of a version: its number, the scopes, the risk, what changed, and the note its author left.
    TEMPLATE_PUBLISHED = "template:published", "Template version published"
    TEMPLATE_RETIRED = "template:retired", "Template retired"
    TEMPLATE_RESTORED = "template:restored", "Template offered again"
    TEMPLATE_PROPOSED = "template:proposed", "Template proposed by a custom request"
    TEMPLATE_PROPOSAL_DISMISSED = "template:proposal_dismissed", "Proposed template dismissed"
    ACCESS_REFUSED = "access:refused", "Access refused"

    # A request from asking to deciding. Decisions name the request's scope hash and the reason given.
    REQUEST_SUBMITTED = "request:submitted", "Access requested"
    REQUEST_APPROVED = "request:approved", "Request approved"
    REQUEST_PARTLY_APPROVED = "request:partly_approved", "Request approved in part"
    REQUEST_DENIED = "request:denied", "Request denied"
    REQUEST_WITHDRAWN = "request:withdrawn", "Request withdrawn"
    REQUEST_LAPSED = "request:lapsed", "Request lapsed"
    REQUEST_LOOKED_AT = "request:looked_at", "Request looked at afterwards"
    REQUEST_REOPENED = "request:reopened", "Request reopened"
    # Who administers the place of an access token, and so can make it: account ids, or why nobody knows.
    REQUEST_MAKERS_ASKED = "request:makers_asked", "Asked again who can make it"
    REQUEST_MAKERS_READ = "request:makers_read", "Read who can make it"

    # A credential from the paste to its end. Never the secret, nor any part of it.
    CREDENTIAL_VERIFIED = "credential:verified", "Credential verified"
    CREDENTIAL_NOT_SENT = "credential:not_sent", "Pasted text not sent anywhere"
    CREDENTIAL_CHECKED = "credential:checked", "Credential checked without registering"
    CREDENTIAL_REGISTERED = "credential:registered", "Credential registered"
    CREDENTIAL_REFUSED = "credential:refused", "Credential refused"
    # A deploy key: the portal adds it, adds the next one beside it, and takes the older one away.
    KEY_REGISTRATION_ASKED = "key_registration:asked", "Deploy key to be added"
    KEY_REGISTRATION_STOPPED = "key_registration:stopped", "Adding a deploy key needs a person"
    KEY_REGISTRATION_DROPPED = "key_registration:dropped", "Deploy key not added: not wanted any more"
    CREDENTIAL_ROTATION_STARTED = "credential:rotation_started", "A newer key works beside it"
    CREDENTIAL_RETIRED = "credential:retired", "Replaced, deleted and proven"
    CREDENTIAL_BOUND = "credential:bound", "Credential bound to its listing entry"
    CREDENTIAL_UNBOUND = "credential:unbound", "Credential could not be bound"
    CREDENTIAL_REVOCATION_STARTED = "credential:revocation_started", "Revocation started"
    CREDENTIAL_REVOKED = "credential:revoked", "Credential revoked and proven"
    CREDENTIAL_REVOCATION_FAILED = "credential:revocation_failed", "Revocation needs a person"
    CREDENTIAL_GONE = "credential:gone", "Credential gone, not by us"
    CREDENTIAL_DISABLED = "credential:disabled", "Credential disabled with its account"
    CREDENTIAL_EXPIRED = "credential:expired", "Credential expired"
    CREDENTIAL_ATTESTED = "credential:attested", "End of a credential attested"
    # What was found at Bitbucket or Atlassian; many at once are one event with their numbers and a list of ids.
    CREDENTIAL_FOUND = "credential:found", "Credential found"
    CREDENTIAL_RETURNED = "credential:returned", "Credential listed again"
    CREDENTIAL_ANSWERED = "credential:answered", "Holder answered what a credential is for"
    CREDENTIAL_MIGRATION_NOTED = "credential:migration_noted", "Noted how a machine gets a credential of its own"
    CREDENTIAL_ADOPTED = "credential:adopted", "Found credential became an approved one"

    # Differences worth a person.
    FINDING_OPENED = "finding:opened", "Finding opened"
    FINDING_CLOSED = "finding:closed", "Finding closed"
    FINDING_ASKED = "finding:asked", "Holder asked about a finding"
    FINDING_ACCEPTANCE_ASKED = "finding:acceptance_asked", "Accepting a finding proposed"
    FINDING_ACCEPTED = "finding:accepted", "Finding accepted until a date"
    FINDING_ACCEPTANCE_ENDED = "finding:acceptance_ended", "Accepting a finding ended"

    # Reading the inventory. Details: what was read, what could not be, requests spent.
    SYNC_STARTED = "sync:started", "Inventory run started"
    SYNC_FINISHED = "sync:finished", "Inventory run finished"
    SYNC_STOPPED = "sync:stopped", "Inventory run stopped"
    PERSON_READ_ASKED = "person:read_asked", "Live rights of a person asked for"
    REPOSITORY_READ_ASKED = "repository:read_asked", "Repository asked to be read again"
    CIRCUIT_OPENED = "circuit:opened", "Calls stopped: refused by the other side"
    CIRCUIT_CLOSED = "circuit:closed", "Calls resumed"
    INVENTORY_EXPORTED = "inventory:exported", "Inventory exported"

    # Taking everything away from somebody who leaves. Steps name their plan; evidence stands in the plan itself.
    PERSON_BLOCKED = "person:blocked", "Shut out of the portal"
    PERSON_UNBLOCKED = "person:unblocked", "Let into the portal again"
    PLAN_DRAFTED = "plan:drafted", "Offboarding planned"
    PLAN_CHANGED = "plan:changed", "Offboarding plan changed"
    PLAN_REHEARSED = "plan:rehearsed", "Offboarding rehearsed"
    PLAN_STARTED = "plan:started", "Offboarding started"
    PLAN_CUT = "plan:cut", "Cut: tokens gone and account off"
    PLAN_CLEAN_UP_RELEASED = "plan:clean_up_released", "Clean-up begun before the cut was closed"
    PLAN_STOPPED = "plan:stopped", "Offboarding stopped"
    PLAN_RESUMED = "plan:resumed", "Offboarding resumed"
    PLAN_CANCELLED = "plan:cancelled", "Offboarding cancelled"
    PLAN_COMPLETED = "plan:completed", "Offboarding completed"
    PLAN_RECHECKED = "plan:rechecked", "Looked again after an offboarding"
    PLAN_PACKED = "plan:packed", "Evidence of an offboarding packed and signed"
    COUNTERSIGN_ASKED = "countersign:asked", "Second person asked"
    COUNTERSIGN_CONFIRMED = "countersign:confirmed", "Second person confirmed"
    COUNTERSIGN_DROPPED = "countersign:dropped", "Asking a second person ended"
    STEP_COMPLETED = "step:completed", "Step completed"
    STEP_NEEDS_HUMAN = "step:needs_human", "Step needs a person"
    STEP_RETRIED = "step:retried", "Step tried again"
    STEP_SKIPPED = "step:skipped", "Step skipped"
    STEP_FORCED = "step:forced", "Step forced closed"
    STEP_ATTESTED = "step:attested", "Step attested"
    STEP_ASSIGNED = "step:assigned", "Step assigned"
    STEP_DECIDED = "step:decided", "Deploy key decided about"
    SECRET_ROTATED = "rotation:attested", "Rotation attested"

    # Signed evidence. Details: the pack's number, its SHA-256 and the key's id, so that the trail vouches for the file.
    PACK_MADE = "pack:made", "Evidence pack made"
    PACK_DOWNLOADED = "pack:downloaded", "Evidence pack downloaded"


def words_of(tag: str) -> str:
    """The words for a stored tag; a tag that this version no longer knows speaks for itself."""
    known = Tag.__members__.values()
    return next((member.words for member in known if member.value == tag), tag)
