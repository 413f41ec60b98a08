"""Cards of advice: what a run's notes and the last check say, each with its repair as a button."""

from __future__ import annotations

import html
from collections.abc import Callable

from core.events import Baseline, Note
from core.messages import Checked, Problem
from core.repairs import Repair
from designer.card import Card
from designer.numbers import counted
from designer.plots.history import SHARES, family_of, title_of
from designer.plots.ticks import figure, percent
from designer.words import tr

MOST_CARDS = 6
Repairing = Callable[[Repair], None]
Showing = Callable[[str], None]
TONES = {"error": "error", "warning": "warning", "note": "note", "good": "good"}


def baseline_text(baseline: Baseline) -> str:
    """What the simplest model reaches: as `Logistic regression on the same split: 97.6 %`."""
    family = family_of(baseline.metric)[1]
    value = percent(baseline.value) if family in SHARES else f"{title_of(family)} {figure(baseline.value)}"
    return tr(
        "{upper}{value} on the same split: {value2}.",
        upper=baseline.name[:1].upper(),
        value=baseline.name[1:],
        value2=value,
    )


def said_twice(note: Note, problems: tuple[Problem, ...]) -> bool:
    """Whether the check says the same as a note of the run."""
    return any(problem.message == note.message for problem in problems)


def cards(
    report: Checked | None, notes: list[Note], baseline: Baseline | None, repair: Repairing, show: Showing
) -> list[Card]:
    """The cards to show: errors first, then advice, then what the run noticed; one that says all is well."""
    problems = report.problems if report else ()
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted((each for each in problems if each.severity != "note"), key=lambda each: order[each.severity])
    made = [_problem_card(each, repair, show) for each in ranked[:MOST_CARDS]]
    if len(ranked) > MOST_CARDS:
        more = Card(tr("More problems"), "note")
        more.show_text(
            tr("{counted} in the list of problems.", counted=counted(len(ranked) - MOST_CARDS, "more problem"))
        )
        made.append(more)
    made += [_note_card(each, repair, show) for each in notes[-MOST_CARDS:] if not said_twice(each, problems)]
    if report and not ranked and not report.partial and report.nodes:
        made.append(_well(baseline))
    elif baseline:
        card = Card(tr("Simplest model"), "note")
        card.show_text(baseline_text(baseline))
        made.append(card)
    return made


def _well(baseline: Baseline | None) -> Card:
    card = Card(tr("Nothing to repair"), "good")
    words = tr("The check found no problem in the drawing.")
    card.show_html(
        tr("<b>Nothing to repair</b><br>{words}", words=words)
        + (f" {html.escape(baseline_text(baseline))}" if baseline else "")
    )
    return card


def _problem_card(problem: Problem, repair: Repairing, show: Showing) -> Card:
    head = tr("Train is off until this is repaired.") if problem.severity == "error" else ""
    card = Card(problem.message, TONES[problem.severity])
    card.show_html(html.escape(problem.message) + (f"<br><i>{head}</i>" if head else ""))
    _add_buttons(card, problem.repair, problem.node, repair, show)
    if problem.why:
        card.show_why(problem.why)
    return card


def _note_card(note: Note, repair: Repairing, show: Showing) -> Card:
    card = Card(note.message, TONES[note.severity])
    card.show_text(note.message)
    _add_buttons(card, note.repair, note.node, repair, show)
    return card


def _add_buttons(card: Card, wanted: Repair | None, node: str, repair: Repairing, show: Showing) -> None:
    if wanted is not None:
        card.show_button(wanted.text, lambda _: repair(wanted))
    if node:
        button = card.show_button(tr("Show"), lambda _: show(node))
        button.setProperty("role", "flat")  # also where it stands alone: showing repairs nothing
        button.setAccessibleName(tr("Show {node}", node=node))
        button.setToolTip(tr("Shows {node} on the canvas.", node=node))
