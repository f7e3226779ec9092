"""What differs between two versions of a template, in words. No database."""

from dataclasses import dataclass, replace
from typing import Final

from tokens.catalogue.data import KIND_BY_SLUG, SERVICE_BY_SLUG, SUFFIX
from tokens.catalogue.linter import TemplateDraft
from tokens.catalogue.rules import classic_cover, risk_of
from tokens.models import TemplateVersion
from tokens.models.template import ApprovalRule


@dataclass(frozen=True)
class FieldChange:
    """One field that says something else now; both sides as people read them."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """Everything that differs. `classic_*`: the same scopes in the classic dialect."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    classic_added: tuple[str, ...]
    classic_removed: tuple[str, ...]
    fields: tuple[FieldChange, ...]
    tightens: bool

    @property
    def is_same(self) -> bool:
        """True when nothing differs."""
        return not (self.added or self.removed or self.fields)

    def sentences(self) -> list[str]:
        """The differences, one line each, for the trail and for a terminal."""
        lines = [f"adds {name.removesuffix(SUFFIX)}" for name in self.added]
        lines += [f"removes {name.removesuffix(SUFFIX)}" for name in self.removed]
        return lines + [
            f"{change.label}: {change.before or 'none'} → {change.after or 'none'}" for change in self.fields
        ]


def draft_from_version(version: TemplateVersion) -> TemplateDraft:
    """A version as the draft it was made from. Its template must be loaded."""
    return TemplateDraft(
        slug=version.template.slug,
        name=version.name,
        purpose=version.purpose,
        scopes=tuple(sorted(version.scopes)),
        kinds=tuple(version.kinds),
        max_days=version.max_days,
        rule=str(version.rule),
        tasks=tuple(version.tasks),
        services_levels=tuple((service, level) for service, level in version.services_levels),
        machine_kinds=tuple(version.machine_kinds),
        deputy_required=version.deputy_required,
        used_by_machine=version.used_by_machine,
        guidance=version.guidance,
        justification=version.justification,
    )


def in_order(draft: TemplateDraft) -> TemplateDraft:
    """The draft with its sets in one order and nothing twice, so that two of them can be compared."""
    return replace(
        draft,
        scopes=tuple(sorted(set(draft.scopes))),
        services_levels=tuple(dict.fromkeys(draft.services_levels)),
        kinds=tuple(dict.fromkeys(draft.kinds)),
        machine_kinds=tuple(kind for kind in dict.fromkeys(draft.kinds) if kind in draft.machine_kinds)
        + tuple(kind for kind in dict.fromkeys(draft.machine_kinds) if kind not in draft.kinds),
    )


def compare(before: TemplateDraft, after: TemplateDraft) -> Comparison:
    """Compare two drafts of a template."""
    before, after = in_order(before), in_order(after)
    old, new = set(before.scopes), set(after.scopes)
    old_classic, new_classic = set(classic_cover(old).scopes), set(classic_cover(new).scopes)
    told_before, told_after = _told(before), _told(after)
    return Comparison(
        added=tuple(sorted(new - old)),
        removed=tuple(sorted(old - new)),
        classic_added=tuple(sorted(new_classic - old_classic)),
        classic_removed=tuple(sorted(old_classic - new_classic)),
        fields=tuple(
            FieldChange(label, told_before[label], told_after[label])
            for label in told_before
            if told_before[label] != told_after[label]
        ),
        tightens=bool(old - new) or after.max_days < before.max_days or not set(before.kinds) <= set(after.kinds),
    )


def level_words(pair: tuple[str, str]) -> str:
    """A service and a level as people read them: `Repositories: Read`; an unknown one as it stands."""
    service = SERVICE_BY_SLUG.get(pair[0])
    level = next((one for one in service.levels if one.slug == pair[1]), None) if service else None
    return f"{service.name}: {level.label}" if service and level else f"{pair[0]}: {pair[1]}"


def kind_words(kind: str) -> str:
    """A kind as people read it; an unknown one as it stands."""
    return KIND_BY_SLUG[kind].name if kind in KIND_BY_SLUG else kind


_RULE_WORDS: Final = dict(ApprovalRule.choices)


def rule_words(rule: str) -> str:
    """Who decides, as people read it; an unknown rule as it stands."""
    return str(_RULE_WORDS.get(rule, rule))


def _told(draft: TemplateDraft) -> dict[str, str]:
    """Every field besides the scopes, as people read it, in the order of the form."""
    return {
        "Name": draft.name,
        "Purpose": draft.purpose,
        "Tasks": "; ".join(draft.tasks),
        "Levels": ", ".join(level_words(pair) for pair in draft.services_levels),
        "Kinds": ", ".join(kind_words(kind) for kind in draft.kinds),
        "Only for a machine": ", ".join(kind_words(kind) for kind in draft.machine_kinds),
        "Used by a machine": "yes" if draft.used_by_machine else "no",
        "Longest life": f"{draft.max_days} {'day' if draft.max_days == 1 else 'days'}",
        "Who decides": rule_words(draft.rule),
        "Deputy": "required" if draft.deputy_required else "not required",
        "Risk": risk_of(draft.scopes, used_by_machine=draft.used_by_machine).level,
        "Guidance": draft.guidance,
        "Reason": draft.justification,
    }
