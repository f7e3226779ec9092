"""Templates as files: write them out for a review, compare them with what is here, publish them."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.actors import Acting, System
from accounts.models import User
from tokens.models import TemplateVersion
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.templates import Unpublishable
from tokens.queries import current_versions
from tokens.template_comparison import draft_from_version
from tokens.template_files import FileProblem, toml_from_drafts
from tokens.template_imports import ImportRow, planned, publish_rows, read_files
from tokens.template_queries import library_entry

EXIT_DIFFERENT: Final = 3
_HELP: Final = (
    "Exit codes of import: 0 nothing differs, or it was published; 1 something is wrong and nothing was changed;"
    " 3 with --check: something differs."
)


class Command(BaseCommand):
    """``manage.py templates export | import``: see docs/templates.md."""

    help = f"Export templates as TOML, or import them. {_HELP}"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What may stand behind ``templates``."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="Write the newest version of each template that is offered.")
        export.add_argument("--slug", action="append", default=[], help="Only this one; may be given several times.")
        export.add_argument("--to", type=Path, metavar="DIR", help="One file each into this folder, not to stdout.")
        bring = verbs.add_parser("import", help=f"Publish what differs. {_HELP}")
        bring.add_argument("paths", nargs="+", type=Path, metavar="FILE|DIR")
        bring.add_argument("--check", action="store_true", help="Say what would happen; change nothing.")
        bring.add_argument("--as", dest="account", metavar="ACCOUNT_ID", default="", help="The admin who publishes.")
        bring.add_argument("--note", default="", help="What stands beside each version; by default the file's name.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do one of the two."""
        if options["verb"] == "export":
            self._export(options["slug"], options["to"])
        else:
            self._import(options)

    def _export(self, slugs: list[str], folder: Path | None) -> None:
        drafts = [draft_from_version(version) for version in self._chosen(slugs)]
        if folder is None:
            self.stdout.write(toml_from_drafts(drafts), ending="")
            return
        folder.mkdir(parents=True, exist_ok=True)
        for draft in drafts:
            (folder / f"{draft.slug}.toml").write_text(toml_from_drafts([draft]), encoding="utf-8")
        self.stdout.write(f"{len(drafts)} {'file is' if len(drafts) == 1 else 'files are'} in {folder}.")

    def _chosen(self, slugs: list[str]) -> list[Any]:
        if not slugs:
            return list(current_versions())
        try:
            return [library_entry(slug) for slug in slugs]
        except TemplateVersion.DoesNotExist:
            raise CommandError(f"There is no template of this short name. Known are: {_known()}.") from None

    def _import(self, options: dict[str, Any]) -> None:
        try:
            rows = planned(read_files(options["paths"]))
        except FileProblem as problem:
            raise CommandError(f"{problem} Nothing was changed.") from None
        for row in rows:
            for line in row.lines():
                self.stdout.write(line)
        if any(row.is_wrong for row in rows):
            raise CommandError("There are errors. Nothing was changed.")
        if not any(row.changes for row in rows):
            self.stdout.write("Everything is here already.")
        elif options["check"]:
            sys.exit(EXIT_DIFFERENT)
        else:
            self._publish(rows, options)

    def _publish(self, rows: list[ImportRow], options: dict[str, Any]) -> None:
        try:
            made = publish_rows(rows, note=options["note"], acting_user=_acting(options["account"]))
        except PermissionDenied:
            raise CommandError("This person may not manage templates. Nothing was changed.") from None
        except (NotAllowed, Stale, Unpublishable) as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        self.stdout.write(f"Published: {', '.join(f'{row.template.slug} (version {row.number})' for row in made)}.")


def _known() -> str:
    return ", ".join(version.template.slug for version in current_versions())


def _acting(account_id: str) -> Acting:
    if not account_id:
        return System("templates", kind="command")
    user = User.objects.select_related("person").filter(person__account_id=account_id).first()
    if user is None:
        raise CommandError("Nobody with this account id has signed in here. Nothing was changed.")
    return user
