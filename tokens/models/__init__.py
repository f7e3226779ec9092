"""Rows of what people may hold."""

from tokens.models.capability import Capability
from tokens.models.credential import COUNTED, Answer, Credential, HolderProof, Source, Standing
from tokens.models.finding import Finding, FindingAcceptance, FindingAction, FindingKind
from tokens.models.grant import EffectiveRight, Grant
from tokens.models.key_registration import KeyRegistration
from tokens.models.place import Project, Repository
from tokens.models.request import Approval, Makers, Request, RequestMaker, UsedBy
from tokens.models.revocation import Revocation
from tokens.models.sync import LIST_KINDS, ROLLING_KINDS, Circuit, Part, PartKind, Sync
from tokens.models.template import Template, TemplateVersion
from tokens.models.verification import BoundaryProof, PasteAttempt, Verification

__all__ = [
    "COUNTED",
    "LIST_KINDS",
    "ROLLING_KINDS",
    "Answer",
    "Approval",
    "BoundaryProof",
    "Capability",
    "Circuit",
    "Credential",
    "EffectiveRight",
    "Finding",
    "FindingAcceptance",
    "FindingAction",
    "FindingKind",
    "Grant",
    "HolderProof",
    "KeyRegistration",
    "Makers",
    "Part",
    "PartKind",
    "PasteAttempt",
    "Project",
    "Repository",
    "Request",
    "RequestMaker",
    "Revocation",
    "Source",
    "Standing",
    "Sync",
    "Template",
    "TemplateVersion",
    "UsedBy",
    "Verification",
]
