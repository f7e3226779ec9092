"""Bringing templates in from files: everything is read and judged before the first one is published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from accounts.actors import Acting
from tokens import template_queries
from tokens.catalogue.linter import LintMessage, errors_of, lint
from tokens.catalogue.linter.words import SLUG_LENGTH
from tokens.catalogue.masking import mask
from tokens.models import TemplateVersion
from tokens.operations.templates import Publication, publish_versions
from tokens.template_comparison import Comparison, compare, draft_from_version
from tokens.template_files import FileDraft, FileProblem, drafts_from_toml

MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class ImportRow:
    """What would happen to one template of the files.

    Attributes:
        expected: the number of the version here that it was compared with; 0 where there is none.
        difference: what differs from that version; None where there is none.
        blocked: why it cannot be published whatever it says; empty for no reason.
    """

    source: FileDraft
    expected: int
    difference: Comparison | None
    messages: list[LintMessage]
    blocked: str = ""

    @property
    def slug(self) -> str:
        return self.source.draft.slug

    @property
    def changes(self) -> bool:
        """Whether publishing would make a version."""
        return self.difference is None or not self.difference.is_same

    @property
    def is_wrong(self) -> bool:
        """Whether it must not be published."""
        return bool(errors_of(self.messages)) or (bool(self.blocked) and self.changes)

    def lines(self) -> Iterator[str]:
        """What there is to say about it, in words."""
        if self.difference is None:
            yield f"{mask(self.slug)[:SLUG_LENGTH]}: new"
        elif self.changes:
            yield f"{self.slug}: version {self.expected + 1} after version {self.expected}"
            yield from (f"  {mask(sentence)}" for sentence in self.difference.sentences())
        else:
            yield f"{self.slug}: nothing changes"
        if self.blocked and self.changes:
            yield f"  error: {self.blocked}"
        for message in self.messages:
            yield f"  {message.level} ({message.field}): {message.sentence}"


def read_files(paths: Sequence[Path]) -> list[FileDraft]:
    """Every template of the files; of a folder, of each `.toml` file in it.

    Raises:
        FileProblem: a file is missing, too large, no TOML of templates, or one short name stands in two places.
    """
    found: list[FileDraft] = []
    for path in _files(paths):
        found += drafts_from_toml(_text(path), file=str(path))
    seen: dict[str, str] = {}
    for one in found:
        if one.draft.slug in seen:
            raise FileProblem(f"{one.file}: a template of the same short name is in {seen[one.draft.slug]} already.")
        seen[one.draft.slug] = one.file
    return found


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(path.glob("*.toml"))
        if not inside:
            raise FileProblem(f"{path}: there is no .toml file in this folder.")
        yield from inside


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileProblem(f"{path}: cannot be read ({error.strerror}).") from None
    if len(content) > MOST_BYTES:
        raise FileProblem(f"{path}: is larger than {MOST_BYTES:,} bytes.")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise FileProblem(f"{path}: is not UTF-8.") from None


def planned(sources: Sequence[FileDraft]) -> list[ImportRow]:
    """What would happen to each template, compared with the newest version here."""
    return [_row(source) for source in sources]


def _row(source: FileDraft) -> ImportRow:
    try:
        newest: TemplateVersion = template_queries.library_entry(source.draft.slug)
    except TemplateVersion.DoesNotExist:
        return ImportRow(source, 0, None, lint(source.draft))
    messages = lint(source.draft, template_queries.use_evidence(newest.template))
    difference = compare(draft_from_version(newest), source.draft)
    return ImportRow(source, newest.number, difference, messages, _blocked(newest))


def _blocked(newest: TemplateVersion) -> str:
    if newest.template.is_custom:
        return "this short name belongs to a custom set"
    if newest.template.retired_at is not None:
        return "this template is retired here; offer it again first"
    return ""


def publish_rows(rows: Sequence[ImportRow], *, note: str, acting_user: Acting) -> list[TemplateVersion]:
    """Publish what changes, all of it or nothing; raises what `publish_versions` raises.

    Args:
        note: what stands beside each version; empty names the file.
    """
    publications = [
        Publication(row.source.draft, row.expected, note or f"Imported from {Path(row.source.file).name}"[:300])
        for row in rows
        if row.changes
    ]
    return publish_versions(publications, acting_user=acting_user)
