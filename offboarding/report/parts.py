"""The parts of the report, each drawn on the sheet below the one before."""

from collections.abc import Sequence

from django.utils.text import capfirst

from offboarding.coverage import Coverage, CoverageLine
from offboarding.models import Countersign, Plan, RotateItem, Step, Verdict
from offboarding.report.page import (
    BODY,
    DANGER,
    DANGER_TINT,
    MARGIN,
    SMALL,
    SOFT,
    TITLE,
    WIDTH,
    Sheet,
)
from offboarding.report.rows import Rows
from offboarding.report.tints import INDENT, TINTS
from offboarding.statement import BADGES, ENDS, SINCE, minutes_cell, moment_words, owner_words, state_words


def draw_head(sheet: Sheet, plan: Plan, coverage: Coverage) -> None:
    """Whose plan it is and how it stands."""
    sheet.words("Offboarding report", size=SMALL, colour=SOFT, bold=True)
    sheet.words(f"Offboarding of {plan.person}", size=TITLE, bold=True)
    sheet.words(state_words(plan), size=BODY + 1, colour=DANGER if plan.is_forced else SOFT)
    sheet.ln(3)
    moments = (
        ("Leaves", plan.leaves_at),
        ("Reported", plan.reported_at),
        ("Cut", plan.cut_at),
        ("Completed", plan.completed_at),
    )
    rows = [("Account", plan.person.account_id), ("Plan", f"{plan.pk}" + _reference(plan))]
    rows += [("Planned", f"{moment_words(plan.planned_at)} by {plan.planned_by_label}")]
    if plan.started_at:
        rows += [("Started", f"{moment_words(plan.started_at)} by {plan.started_by_label}")]
    rows += [(name, moment_words(at)) for name, at in moments if at is not None]
    if plan.clean_up_released_at:
        words = f"{moment_words(plan.clean_up_released_at)}: {plan.clean_up_released_because}"
        rows += [("Clean-up early", words)]
    sheet.facts([*rows, ("Requests sent", str(coverage.requests))])


def _reference(plan: Plan) -> str:
    return f" · reference {plan.reference}" if plan.reference else ""


def draw_minutes(sheet: Sheet, coverage: Coverage) -> None:
    """How long it took, as a table."""
    rows = [one for one in coverage.minutes if one.moment is not None]
    if not rows:
        return
    sheet.head("Minutes")
    widths = (46.0, *([32.0] * len(ENDS)))
    _cells(sheet, ["Counted from", *(capfirst(words) for _, words in ENDS)], widths, is_head=True)
    for one in rows:
        told = [minutes_cell(getattr(one, name)) for name, _ in ENDS]
        _cells(sheet, [capfirst(SINCE[one.since]), *told], widths)


def _cells(sheet: Sheet, cells: Sequence[str], widths: Sequence[float], *, is_head: bool = False) -> None:
    sheet.ink(SMALL if is_head else BODY, SOFT if is_head else (16, 24, 40), bold=is_head)
    sheet.set_x(MARGIN)
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        sheet.cell(width, 6, sheet.shown(cell), align="R" if number else "L")
    sheet.ln(6)
    sheet.draw_rule()


def draw_statement(sheet: Sheet, coverage: Coverage) -> None:
    """One line for every kind."""
    sheet.head("What is covered")
    for line in coverage.lines:
        _draw_line(sheet, line)


def _draw_line(sheet: Sheet, line: CoverageLine) -> None:
    width = WIDTH - INDENT
    owner = owner_words(line)
    height = 5 + sheet.height_of(line.words, size=SMALL, width=width) + (4 if owner else 0)
    sheet.keep(height)
    sheet.badge(BADGES[line.covered], TINTS[line.covered])
    sheet.set_y(sheet.get_y() + 0.3)
    sheet.words(line.name, bold=True, left=INDENT)
    sheet.words(line.words, size=SMALL, colour=SOFT, left=INDENT)
    if owner:
        sheet.words(capfirst(owner), size=SMALL, left=INDENT)
    sheet.ln(1)
    sheet.draw_rule()


def draw_forced(sheet: Sheet, forced: Sequence[Step]) -> None:
    """What was closed without any proof, in a box."""
    if not forced:
        return
    sheet.head("Closed by force")
    for step in forced:
        text = step.verdict_words
        height = 7 + sheet.height_of(text, size=SMALL, width=WIDTH - 8)
        height += sheet.height_of(step.title, size=BODY, width=WIDTH - 8, bold=True)
        sheet.keep(height)
        y = sheet.get_y()
        sheet.set_fill_color(*DANGER_TINT)
        sheet.set_draw_color(*DANGER)
        sheet.rect(MARGIN, y, WIDTH, height - 2, style="DF", round_corners=True, corner_radius=1.5)
        sheet.set_y(y + 2)
        sheet.words(step.title, bold=True, left=4, width=WIDTH - 8)
        sheet.words(text, size=SMALL, left=4, width=WIDTH - 8)
        sheet.set_y(y + height)


def draw_people(sheet: Sheet, rows: Rows) -> None:
    """Who attested, decided and confirmed what."""
    told = [
        *(_attested(step) for step in rows.steps if step.attested_by_id and step.verdict == Verdict.ATTESTED),
        *(_decided(step) for step in rows.steps if step.decision),
        *(_rotated(item) for item in rows.items),
        *(_countersigned(row) for row in rows.countersigns),
    ]
    if not told:
        return
    sheet.head("What people said")
    for title, words in told:
        sheet.keep(6 + sheet.height_of(words, size=SMALL, width=WIDTH))
        sheet.words(title, bold=True)
        sheet.words(words, size=SMALL, colour=SOFT)
        sheet.ln(1.5)


def _attested(step: Step) -> tuple[str, str]:
    at = f" {moment_words(step.attested_at)}" if step.attested_at else ""
    return f"{step.attested_by} attested{at}", f"{step.title}: {step.attestation}"


def _decided(step: Step) -> tuple[str, str]:
    owner = f"; {step.assignee} answers for it" if step.assignee else ""
    return f"{step.decided_by} decided", f"{step.title}: {step.get_decision_display().lower()}{owner}"


def _rotated(item: RotateItem) -> tuple[str, str]:
    at = f" {moment_words(item.done_at)}" if item.done_at else ""
    return f"{item.done_by} attested{at}", f"Rotated what {item} holds: {item.words}"


def _countersigned(row: Countersign) -> tuple[str, str]:
    about = row.step.title if row.step is not None else "the whole plan"
    asked = f"{row.asked_by_label} asked {moment_words(row.asked_at)}: {row.because}"
    if row.confirmed_at is not None:
        return f"{row.confirmed_by} confirmed {moment_words(row.confirmed_at)}", f"{_purpose(row)}, {about}. {asked}"
    end = "was dropped" if row.dropped_at is not None else "waits for a second person"
    return f"{_purpose(row)} {end}", f"{about}. {asked}"


def _purpose(row: Countersign) -> str:
    return row.get_purpose_display()
