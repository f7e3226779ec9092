"""`manage.py templates`: export, review, import."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.actors import SYSTEM
from accounts.models import User
from audit.models import Event
from tests.tokens.desk import Desk, tags
from tests.tokens.templates.drafts import READER, current_draft
from tokens.models import Template, TemplateVersion
from tokens.operations.templates import install_templates, retire_template
from tokens.shipped_templates import SHIPPED_TEMPLATES
from tokens.template_comparison import in_order
from tokens.template_files import drafts_from_toml, toml_from_drafts

SLUG = "clone-and-pull"


def run(*words: object) -> str:
    """Run the command; what it printed."""
    out = StringIO()
    call_command("templates", *(str(word) for word in words), stdout=out)
    return out.getvalue()


def exit_code(*words: object) -> int:
    """Run the command; how it ended."""
    try:
        run(*words)
    except CommandError:
        return 1
    except SystemExit as ending:
        return int(str(ending.code))
    return 0


def file_of(folder: Path, *drafts: object, name: str = "some.toml") -> Path:
    """A file with these drafts."""
    path = folder / name
    path.write_text(toml_from_drafts(drafts), encoding="utf-8")  # type: ignore[arg-type]
    return path


def shorter(days: int = 90) -> object:
    """A change of a shipped template."""
    return replace(current_draft(SLUG)[1], max_days=days)


def test_what_is_exported_is_here_already(desk: Desk, tmp_path: Path) -> None:
    text = run("export")
    assert [one.draft for one in drafts_from_toml(text, file="x")] == [in_order(draft) for draft in SHIPPED_TEMPLATES]
    assert run("export", "--to", tmp_path).startswith("20 files are in")
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(draft.slug for draft in SHIPPED_TEMPLATES)
    assert "Everything is here already." in run("import", tmp_path)
    assert exit_code("import", tmp_path, "--check") == 0
    assert TemplateVersion.objects.count() == 20


def test_one_is_exported_by_its_name(desk: Desk) -> None:
    assert run("export", "--slug", SLUG).count("[[template]]") == 1
    with pytest.raises(CommandError, match="no template"):
        run("export", "--slug", "nothing")


def test_check_says_what_would_happen_and_changes_nothing(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file_of(tmp_path, shorter(), READER)
    out = StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("templates", "import", str(path), "--check", stdout=out)
    assert ending.value.code == 3
    assert "clone-and-pull: version 2 after version 1\n  Longest life: 180 days → 90 days" in out.getvalue()
    assert "nightly-report: new" in out.getvalue()
    assert "note (scopes): Reading code is enough" in out.getvalue()
    assert TemplateVersion.objects.count() == 20


def test_import_publishes_as_the_named_person(desk: Desk, ada: User, tmp_path: Path) -> None:
    path = file_of(tmp_path, shorter(), READER)
    said = run("import", path, "--as", ada.person.account_id, "--note", "Reviewed in the repository")
    assert "Published: clone-and-pull (version 2), nightly-report (version 1)." in said
    version, _ = current_draft(SLUG)
    assert (version.max_days, version.created_by, version.change_note) == (90, ada.person, "Reviewed in the repository")
    event = Event.objects.filter(tag="template:published").last()
    assert event is not None
    assert event.actor_account_id == ada.person.account_id
    assert exit_code("import", path, "--check") == 0


def test_import_without_a_person_is_the_commands_and_shipping_leaves_it_alone(desk: Desk, tmp_path: Path) -> None:
    run("import", file_of(tmp_path, shorter()))
    version, _ = current_draft(SLUG)
    assert (version.created_by, version.change_note) == (None, "Imported from some.toml")
    assert install_templates(acting_user=SYSTEM).left == {SLUG: "version 2 was made here"}
    assert current_draft(SLUG)[0].number == 2


def test_nothing_is_half_imported(desk: Desk, tmp_path: Path) -> None:
    good, bad = file_of(tmp_path, shorter(), name="a.toml"), tmp_path / "b.toml"
    for text in ("[[template]\n", toml_from_drafts([replace(READER, scopes=("read:*",))])):
        bad.write_text(text, encoding="utf-8")
        assert exit_code("import", tmp_path) == 1
        assert exit_code("import", good, bad, "--check") == 1
    assert TemplateVersion.objects.count() == 20
    assert "template:published" not in tags()


def test_a_secret_is_refused_and_not_printed(desk: Desk, tmp_path: Path) -> None:
    secret = "ATATT3xFfGF0" + "a1" * 30
    path = file_of(tmp_path, replace(current_draft(SLUG)[1], guidance=f"use {secret}"))
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("templates", "import", str(path), stdout=out)
    assert "error (guidance): The guidance looks like it holds a secret" in out.getvalue()
    assert secret[:20] not in out.getvalue()


def test_who_may_import(desk: Desk, otto: User, emma: User, tmp_path: Path) -> None:
    path = file_of(tmp_path, shorter())
    for account in (otto.person.account_id, emma.person.account_id, "712020:nobody"):
        assert exit_code("import", path, "--as", account) == 1
    assert TemplateVersion.objects.count() == 20


def test_retired_and_custom_ones_are_not_imported(desk: Desk, tmp_path: Path) -> None:
    path = file_of(tmp_path, shorter())
    retire_template(Template.objects.get(slug=SLUG), because="Nobody needs it", acting_user=SYSTEM)
    assert exit_code("import", path) == 1
    Template.objects.filter(slug=SLUG).update(retired_at=None, is_custom=True)
    assert exit_code("import", path) == 1
    assert TemplateVersion.objects.count() == 20


def test_only_what_differs_is_published(desk: Desk, tmp_path: Path) -> None:
    run("export", "--to", tmp_path)
    file_of(tmp_path, shorter(), name=f"{SLUG}.toml")
    assert run("import", tmp_path).endswith(f"Published: {SLUG} (version 2).\n")
    assert TemplateVersion.objects.count() == 21
