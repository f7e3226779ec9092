"""Rules about what people read: names, purposes, tasks, guidance. What is quoted is never the text itself."""

import re
from collections.abc import Iterator
from typing import Final

from tokens.catalogue.linter.model import LintContext, LintMessage, TemplateDraft
from tokens.catalogue.masking import looks_like_secret

NAME_LENGTH: Final = 80
PURPOSE_LENGTH: Final = 200
TASK_LENGTH: Final = 120
MOST_TASKS: Final = 20
GUIDANCE_LENGTH: Final = 1000
JUSTIFICATION_LENGTH: Final = 300
SLUG_LENGTH: Final = 50

# Words that stand where a template's own part of an address stands.
RESERVED_SLUGS: Final = frozenset({"new", "lint", "publish", "proposals", "exactly-this"})
# How the sets that people ask for themselves are called.
CUSTOM_PREFIX: Final = "custom-"

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ONE_LINE_FIELDS: Final = ("name", "purpose", "tasks", "justification")


def check_words(draft: TemplateDraft, _: LintContext) -> Iterator[LintMessage]:
    """Say what is wrong with the texts of a draft."""
    yield from _slug(draft.slug)
    yield from _required("name", draft.name, NAME_LENGTH)
    yield from _required("purpose", draft.purpose, PURPOSE_LENGTH)
    yield from _tasks(draft.tasks)
    yield from _longest("guidance", draft.guidance, GUIDANCE_LENGTH)
    yield from _longest("justification", draft.justification, JUSTIFICATION_LENGTH)
    for field, texts in _texts(draft).items():
        yield from _readable(field, texts)


def _error(code: str, field: str, sentence: str) -> LintMessage:
    return LintMessage("error", code, field, sentence)


def _slug(slug: str) -> Iterator[LintMessage]:
    if len(slug) > SLUG_LENGTH or _SLUG.fullmatch(slug) is None:
        sentence = f"The short name is made of small letters, digits and single hyphens, up to {SLUG_LENGTH} of them."
        yield _error("slug_shape", "slug", sentence)
    elif slug in RESERVED_SLUGS or slug.startswith(CUSTOM_PREFIX):
        yield _error("slug_reserved", "slug", "The portal uses this short name itself. Choose another one.")


def _required(field: str, text: str, longest: int) -> Iterator[LintMessage]:
    if not text.strip():
        yield _error(f"{field}_missing", field, f"Give it a {field}: people pick a template by it.")
    yield from _longest(field, text, longest)


def _longest(field: str, text: str, longest: int) -> Iterator[LintMessage]:
    if len(text) > longest:
        yield _error(f"{field}_too_long", field, f"The {field} has {len(text)} characters; {longest} is the most.")


def _tasks(tasks: tuple[str, ...]) -> Iterator[LintMessage]:
    if not tasks:
        yield LintMessage("warning", "tasks_missing", "tasks", "Say what somebody does with it, one task a line.")
    if len(tasks) > MOST_TASKS:
        yield _error("tasks_too_many", "tasks", f"There are {len(tasks)} tasks; {MOST_TASKS} is the most.")
    if any(len(task) > TASK_LENGTH for task in tasks):
        yield _error("task_too_long", "tasks", f"A task has at most {TASK_LENGTH} characters.")


def _texts(draft: TemplateDraft) -> dict[str, tuple[str, ...]]:
    return {
        "name": (draft.name,),
        "purpose": (draft.purpose,),
        "tasks": draft.tasks,
        "guidance": (draft.guidance,),
        "justification": (draft.justification,),
    }


def _readable(field: str, texts: tuple[str, ...]) -> Iterator[LintMessage]:
    if any(looks_like_secret(text) for text in texts):
        sentence = f"The {field} looks like it holds a secret. Take it out: everybody who picks a template reads it."
        yield _error("secret_in_text", field, sentence)
    allowed = "" if field in _ONE_LINE_FIELDS else "\n"
    if any(not (sign.isprintable() or sign in allowed) for text in texts for sign in text):
        yield _error("control_characters", field, f"The {field} holds signs that cannot be printed, or a line break.")
