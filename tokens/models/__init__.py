"""Rows of what people may hold."""

from tokens.models.capability import Capability
from tokens.models.credential import Credential, HolderProof
from tokens.models.finding import Finding, FindingKind
from tokens.models.request import Approval, Request
from tokens.models.revocation import Revocation
from tokens.models.template import Template, TemplateVersion
from tokens.models.verification import PasteAttempt, Verification

__all__ = [
    "Approval",
    "Capability",
    "Credential",
    "Finding",
    "FindingKind",
    "HolderProof",
    "PasteAttempt",
    "Request",
    "Revocation",
    "Template",
    "TemplateVersion",
    "Verification",
]
