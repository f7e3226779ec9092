"""The parts of the report, each drawn on the sheet below the one before."""

from collections.abc import Iterable, Sequence

from offboarding.coverage import Coverage, CoverageLine, Covered
from offboarding.models import Countersign, Evidence, Plan, RotateItem, Step, Verdict
from offboarding.report.page import (
    BADGE_HEIGHT,
    BADGE_WIDTH,
    BODY,
    DANGER,
    DANGER_TINT,
    MARGIN,
    RAISED,
    SMALL,
    SOFT,
    TITLE,
    WIDTH,
    Colour,
    Sheet,
)
from offboarding.report.rows import Rows
from offboarding.statement import BADGES, ENDS, SINCE, minutes_cell, moment_words, owner_words, state_words
from offboarding.states import Phase, StepKind

Tint = tuple[Colour, Colour]
# Of one phase; a thousand are sixty pages and take seconds to set.
DRAWN_AT_MOST = 500
_INDENT = BADGE_WIDTH + 4
_GOOD: Tint = ((14, 98, 45), (220, 243, 228))
_CAUTION: Tint = ((122, 78, 0), (253, 240, 208))
_NEUTRAL: Tint = ((71, 84, 103), (234, 236, 241))
_DANGER: Tint = (DANGER, (253, 226, 223))
TINTS: dict[Covered, Tint] = {
    Covered.PROVEN: _GOOD,
    Covered.NOTHING: _NEUTRAL,
    Covered.DISABLED: ((38, 66, 168), (226, 232, 253)),
    Covered.ATTESTED: _CAUTION,
    Covered.KEPT: ((95, 51, 148), (239, 230, 251)),
    Covered.FORCED: _DANGER,
    Covered.OPEN: _DANGER,
    Covered.IMPOSSIBLE: _NEUTRAL,
}


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
    _cells(sheet, ["Counted from", *(_begun(words) for _, words in ENDS)], widths, is_head=True)
    for one in rows:
        told = [minutes_cell(getattr(one, name)) for name, _ in ENDS]
        _cells(sheet, [_begun(SINCE[one.since]), *told], widths)


def _begun(words: str) -> str:
    """The words as a line begins."""
    return words[:1].upper() + words[1:]


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
    width = WIDTH - _INDENT
    owner = owner_words(line)
    height = 5 + sheet.height_of(line.words, size=SMALL, width=width) + (4 if owner else 0)
    sheet.keep(height)
    sheet.badge(BADGES[line.covered], TINTS[line.covered])
    sheet.set_y(sheet.get_y() + 0.3)
    sheet.words(line.name, bold=True, left=_INDENT)
    sheet.words(line.words, size=SMALL, colour=SOFT, left=_INDENT)
    if owner:
        sheet.words(_begun(owner), size=SMALL, left=_INDENT)
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


def draw_steps(sheet: Sheet, rows: Rows) -> None:
    """Every step with its verdict and the row that proves it; all other rows are in the evidence pack."""
    if not rows.steps:
        return
    sheet.head("Steps")
    sheet.words(
        "Below each step stands the read that proves it, or the newest row where none does. Every row is in the"
        " evidence pack.",
        size=SMALL,
        colour=SOFT,
    )
    sheet.ln(1.5)
    for phase in Phase:
        steps = [step for step in rows.steps if step.phase == phase]
        if steps:
            _phase_head(sheet, phase.label, len(steps))
        left_out = steps_left_out(steps, rows)
        for step in steps:
            if step.pk not in left_out:
                _draw_step(sheet, step, rows.proofs.get(step.pk))
        if left_out:
            sheet.words(
                f"{len(left_out)} more proven steps, each with its proof, are in the evidence pack.", left=_INDENT
            )


def steps_left_out(steps: Sequence[Step], rows: Rows) -> set[int]:
    """Of very many steps, the proven ones that nobody would read here; whatever is not proven is always drawn."""
    proven = [step.pk for step in steps if step.verdict == Verdict.PROVEN and _is_shown(rows.proofs.get(step.pk))]
    return set(proven[DRAWN_AT_MOST:])


def _is_shown(proof: Evidence | None) -> bool:
    return proof is not None and proof.proves


def _phase_head(sheet: Sheet, label: str, number: int) -> None:
    sheet.keep(20)
    y = sheet.get_y()
    sheet.set_fill_color(*RAISED)
    sheet.rect(MARGIN, y, WIDTH, 6, style="F")
    sheet.set_y(y + 1)
    sheet.words(f"{label}: {number} {'step' if number == 1 else 'steps'}", bold=True, left=1.5)
    sheet.set_y(y + 8)


def _draw_step(sheet: Sheet, step: Step, proof: Evidence | None) -> None:
    told = [_verdict_line(step), *_evidence_line(proof)]
    width = WIDTH - _INDENT
    height = 2 + sheet.height_of(step.title, size=BODY, width=width)
    height += sum(sheet.height_of(text, size=SMALL, width=width) for text in told)
    sheet.keep(max(height, BADGE_HEIGHT + 2))
    sheet.badge(*_step_badge(step, proof))
    y = sheet.get_y()
    sheet.set_y(y + 0.3)
    sheet.words(step.title, left=_INDENT)
    for text in told:
        sheet.words(text, size=SMALL, colour=SOFT, left=_INDENT)
    sheet.set_y(max(sheet.get_y(), y + BADGE_HEIGHT) + 1.6)


def _step_badge(step: Step, proof: Evidence | None) -> tuple[str, Tint]:
    """A first read only says where to look, so it is never proof of anything."""
    if step.closed_at is None or not step.verdict:
        return BADGES[Covered.OPEN], TINTS[Covered.OPEN]
    if step.verdict == Verdict.PROVEN and step.kind == StepKind.READ_RIGHTS:
        return "read", _NEUTRAL
    is_shown = step.kind == StepKind.END_ACCESS or _is_shown(proof)
    covered = Covered(step.verdict) if step.verdict != Verdict.PROVEN or is_shown else Covered.OPEN
    return BADGES[covered], TINTS[covered]


def _verdict_line(step: Step) -> str:
    if step.closed_at is None:
        return step.job.reason or "Open"
    return f"{moment_words(step.closed_at)} · {step.verdict_words}"


def _evidence_line(proof: Evidence | None) -> Iterable[str]:
    if proof is None:
        return
    said = f"{proof.request} → {proof.answer or 'no answer was recorded'}" if proof.request else proof.answer
    yield f"{'Proof' if proof.proves else 'Newest row'}: {said} ({proof.by}, {proof.at:%H:%M:%S})"


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
