"""From template rows to what the library's pages show."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from tokens.catalogue.data import SUFFIX
from tokens.catalogue.linter import ACCESS_TOKENS, LintMessage, TemplateDraft
from tokens.catalogue.rules import classic_cover, grouped, risk_of, risk_sentences, words_for
from tokens.models import Credential, TemplateVersion
from tokens.presentation import RISK_TONES, credential_row
from tokens.template_comparison import (
    Comparison,
    compare,
    draft_from_version,
    kind_words,
    level_words,
    rule_words,
)
from tokens.template_queries import ASKERS_SHOWN, Use

LINT_LOOKS = {"error": ("danger", "alert"), "warning": ("caution", "alert"), "note": ("neutral", "info")}


def risk_look(risk: str) -> dict[str, str]:
    """A risk as a badge."""
    return {"risk_word": f"{risk.capitalize()} risk", "risk_tone": RISK_TONES.get(risk, "caution")}


def library_row(version: TemplateVersion, use: Use) -> dict[str, Any]:
    """A template as one line of the library."""
    return {
        "slug": version.template.slug,
        "name": version.name,
        "purpose": version.purpose,
        "number": version.number,
        "rule_words": rule_words(version.rule),
        "use": use,
        "retired_at": version.template.retired_at,
        "url": reverse("template", args=[version.template.slug]),
        **risk_look(version.risk),
    }


def proposal_row(version: Any, names: Sequence[str]) -> dict[str, Any]:
    """A proposal as one line: what it opens, how often and by whom it was asked for."""
    more = len(names) - ASKERS_SHOWN
    who = ", ".join(names[:ASKERS_SHOWN])
    return {
        "slug": version.template.slug,
        "name": version.name,
        "words": words_for(version.scopes),
        "scopes": [name.removesuffix(SUFFIX) for name in version.scopes],
        "asked": version.asked,
        "last_asked_at": version.last_asked_at,
        "who": f"{who} and {more} more" if more > 0 else who,
        "make_url": f"{reverse('template_new')}?proposal={version.template.slug}",
        "dismiss_url": reverse("proposal_dismiss", args=[version.template.slug]),
        "url": version_url(version),
        **risk_look(version.risk),
    }


def version_url(version: TemplateVersion) -> str:
    """The address of one version; it stays."""
    return reverse("template_version", args=[version.template.slug, version.number])


def draft_facts(draft: TemplateDraft) -> dict[str, Any]:
    """A draft or a version in full, as a page shows it."""
    risk = risk_of(draft.scopes, used_by_machine=draft.used_by_machine)
    return {
        "slug": draft.slug,
        "name": draft.name,
        "purpose": draft.purpose,
        "tasks": list(draft.tasks),
        "groups": grouped(draft.scopes),
        "levels": [level_words(pair) for pair in draft.services_levels],
        "kinds": [_kind_line(draft, kind) for kind in draft.kinds],
        "covers": covers_of(draft),
        "max_days": draft.max_days,
        "rule_words": rule_words(draft.rule),
        "deputy_required": draft.deputy_required,
        "used_by_machine": draft.used_by_machine,
        "guidance": draft.guidance,
        "justification": draft.justification,
        "risk_reasons": list(risk.reasons),
        "surprises": risk_sentences(draft.scopes),
        **risk_look(risk.level),
    }


def _kind_line(draft: TemplateDraft, kind: str) -> dict[str, Any]:
    return {"words": kind_words(kind), "only_machine": kind in draft.machine_kinds}


def covers_of(draft: TemplateDraft) -> list[dict[str, Any]]:
    """The classic scopes that each access token of this draft would carry, and what they add or lack."""
    rows = []
    for kind in (kind for kind in draft.kinds if kind in ACCESS_TOKENS):
        cover = classic_cover(draft.scopes, kind=kind)
        rows.append(
            {
                "kind": kind_words(kind),
                "scopes": list(cover.scopes),
                "adds": [name.removesuffix(SUFFIX) for name in cover.adds],
                "lacks": [name.removesuffix(SUFFIX) for name in cover.not_covered],
                "warnings": list(cover.warnings),
            }
        )
    return rows


def lint_rows(messages: Sequence[LintMessage]) -> list[dict[str, str]]:
    """The linter's messages, each with its badge."""
    return [
        {
            "level": message.level,
            "word": message.level.capitalize(),
            "tone": LINT_LOOKS[message.level][0],
            "icon": LINT_LOOKS[message.level][1],
            "sentence": message.sentence,
            "field": message.field,
        }
        for message in messages
    ]


def lint_counts(messages: Sequence[LintMessage]) -> str:
    """What the linter says in a few words: `1 error, 2 warnings`."""
    parts = []
    for level in ("error", "warning"):
        number = sum(message.level == level for message in messages)
        if number:
            parts.append(f"{number} {level}" if number == 1 else f"{number} {level}s")
    return ", ".join(parts) or "no error, no warning"


def comparison_page(comparison: Comparison) -> dict[str, Any]:
    """What differs, ready for a page."""
    return {
        "is_same": comparison.is_same,
        "tightens": comparison.tightens,
        "added": grouped(comparison.added),
        "removed": grouped(comparison.removed),
        "classic_added": comparison.classic_added,
        "classic_removed": comparison.classic_removed,
        "fields": comparison.fields,
    }


def version_rows(versions: Sequence[TemplateVersion]) -> list[dict[str, Any]]:
    """The versions of a template, newest first, each with what it changed."""
    drafts = [draft_from_version(version) for version in versions]
    rows = []
    for place, version in enumerate(versions):
        before = drafts[place + 1] if place + 1 < len(drafts) else None
        compare_url = reverse("template_compare", args=[version.template.slug])
        rows.append(
            {
                "number": version.number,
                "url": version_url(version),
                "at": version.created_at,
                "by": version.created_by.display_name if version.created_by else "",
                "note": version.change_note,
                "changes": compare(before, drafts[place]).sentences() if before else [],
                "compare_url": f"{compare_url}?from={version.number - 1}&to={version.number}" if before else "",
            }
        )
    return rows


def outside_row(credential: Credential, draft: TemplateDraft) -> dict[str, Any]:
    """A credential that a draft would not allow, with what of it is outside."""
    return {
        **credential_row(credential),
        "number": credential.approved_request.template_version.number,
        "because": _outside_because(credential, draft),
    }


def _outside_because(credential: Credential, draft: TemplateDraft) -> list[str]:
    because = []
    extra = sorted(set(credential.scopes) - set(draft.scopes))
    if extra:
        because.append("can also use " + ", ".join(name.removesuffix(SUFFIX) for name in extra))
    if credential.kind not in draft.kinds:
        because.append(f"is of the kind {kind_words(credential.kind)}")
    assert credential.expires_at is not None  # whatever was asked for has an end
    life = (credential.expires_at.date() - credential.registered_at.date()).days
    given = min(life, credential.approved_request.lifetime_days)
    if given > draft.max_days:
        because.append(f"was given {given} days, {draft.max_days} is the most")
    return because or [f"lives longer than {draft.max_days} days"]
