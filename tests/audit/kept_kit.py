"""Plans written as lists of tasks, as the facts that linking works on."""

from __future__ import annotations

from pathlib import Path

from audit.linking import Thread, pairs_of
from audit.taskfacts import TaskFact
from gongwen.yamlio import load_file
from index.catalogue.refs import PaperRef

Place = tuple[str, int]


def plans(path: Path) -> dict[str, tuple[list[TaskFact], dict[Place, str]]]:
    """{plan: (its tasks of all years, which task is at (paper, row))}."""
    return {name: _plan(name, years) for name, years in load_file(path).items()}


def _plan(name: str, years: dict[str, list[str]]) -> tuple[list[TaskFact], dict[Place, str]]:
    found: list[TaskFact] = []
    true: dict[Place, str] = {}
    for year, rows in years.items():
        paper = PaperRef(f"{name}-{year}", f"{year}年{name}工作要点", "", f"{year}-03-01", int(year), (name,), "")
        for at, row in enumerate(rows):
            task, wording, leads = (one.strip() for one in row.split("|"))
            units = tuple(leads.split("、"))
            found.append(TaskFact(paper, at, "", wording, "", units, (), units, (), "", "", "", name, name, None, None))
            true[paper.id, at] = task
    return found, true


def true_pairs(true: dict[Place, str]) -> set[tuple[Place, Place]]:
    places = sorted(true)
    return {(a, b) for at, a in enumerate(places) for b in places[at + 1 :] if true[a] == true[b]}


def measured(threads: list[Thread], true: dict[Place, str]) -> tuple[float, float]:
    """Precision and recall of pairs."""
    found, wanted = pairs_of(threads), true_pairs(true)
    return len(found & wanted) / max(1, len(found)), len(found & wanted) / max(1, len(wanted))
