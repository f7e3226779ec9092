"""The report's list of steps, each with its verdict and the row that proves it."""

from collections.abc import Iterable, Sequence

from offboarding.coverage import Covered
from offboarding.models import Evidence, Step, Verdict
from offboarding.report.page import BADGE_HEIGHT, BODY, MARGIN, RAISED, SMALL, SOFT, WIDTH, Sheet
from offboarding.report.rows import Rows
from offboarding.report.tints import INDENT, NEUTRAL, TINTS, Tint
from offboarding.statement import BADGES, moment_words
from offboarding.states import Phase, StepKind

# Of one phase; a thousand are sixty pages and take seconds to set.
DRAWN_AT_MOST = 500
TINY = 6.8
NO_ANSWER = "no answer was recorded"


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
                f"{len(left_out)} more proven steps, each with its proof, are in the evidence pack.", left=INDENT
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
    told = [(_verdict_line(step), SMALL), *_evidence_lines(proof)]
    width = WIDTH - INDENT
    height = 2 + sheet.height_of(step.title, size=BODY, width=width)
    height += sum(sheet.height_of(text, size=size, width=width) for text, size in told)
    sheet.keep(max(height, BADGE_HEIGHT + 2))
    sheet.badge(*_step_badge(step, proof))
    y = sheet.get_y()
    sheet.set_y(y + 0.3)
    sheet.words(step.title, left=INDENT)
    for text, size in told:
        sheet.words(text, size=size, colour=SOFT, left=INDENT)
    sheet.set_y(max(sheet.get_y(), y + BADGE_HEIGHT) + 1.6)


def _step_badge(step: Step, proof: Evidence | None) -> tuple[str, Tint]:
    """A first read only says where to look, so it is never proof of anything."""
    if step.closed_at is None or not step.verdict:
        return BADGES[Covered.OPEN], TINTS[Covered.OPEN]
    if step.verdict == Verdict.PROVEN and step.kind == StepKind.READ_RIGHTS:
        return "read", NEUTRAL
    is_shown = step.kind == StepKind.END_ACCESS or _is_shown(proof)
    covered = Covered(step.verdict) if step.verdict != Verdict.PROVEN or is_shown else Covered.OPEN
    return BADGES[covered], TINTS[covered]


def _verdict_line(step: Step) -> str:
    if step.closed_at is None:
        return step.job.reason or "Open"
    return f"{moment_words(step.closed_at)} · {step.verdict_words}"


def _evidence_lines(proof: Evidence | None) -> Iterable[tuple[str, float]]:
    """What was answered, and below it what was asked: an address with two uuids fits a line only in small type."""
    if proof is None:
        return
    head = "Proof" if proof.proves else "Newest row"
    yield f"{head}: {proof.answer or NO_ANSWER} ({proof.by}, {proof.at:%H:%M:%S})", SMALL
    if proof.request:
        yield proof.request, TINY
