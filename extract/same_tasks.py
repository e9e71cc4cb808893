"""One task told twice, in the body and in the table of a plan: both rows stay, with their own evidence, and are linked
(domain.md §6: `same_task`). What they say differently is told as an issue."""

from __future__ import annotations

from extract.builder import Builder
from extract.issuers import similar
from gongwen.text import fold_width

_ALIKE = 0.8
"""Shared pairs of characters from which two titles of tasks mean one task."""
_MOST = 40_000
"""Pairs of titles compared at most; a paper of more rows is linked where titles are the same."""
_ROLES = ("lead", "responsible")


def link_tasks(builder: Builder) -> None:
    """`same_tasks`: pairs of row numbers, the row of the text first."""
    rows = builder.record["tasks"]
    titles = ["".join(fold_width(row["title"] or "").split()) for row in rows]
    in_table = [_is_in_table(builder, at) for at in range(len(rows))]
    tables = [at for at in range(len(rows)) if in_table[at] and titles[at]]
    taken: set[int] = set()
    pairs: list[list[int]] = []
    texts = [at for at in range(len(rows)) if not in_table[at] and titles[at]]
    same: dict[str, list[int]] = {}
    for one in reversed(tables):
        same.setdefault(titles[one], []).append(one)
    is_long = len(texts) * len(tables) > _MOST
    for at in texts:
        free = same.get(titles[at], [])[-1:] if is_long else [one for one in tables if one not in taken]
        best = max(free, key=lambda one: similar(titles[at], titles[one]), default=None)
        if best is not None and similar(titles[at], titles[best]) >= _ALIKE:
            taken.add(best)
            if is_long:
                same[titles[at]].pop()
            pairs.append([at, best])
            _compare(builder, at, best)
    builder.record.values["same_tasks"] = pairs


def _is_in_table(builder: Builder, at: int) -> bool:
    return any(one.rule == "tasks/table" for one in builder.record.evidence.get(f"tasks/{at}/title", []))


def _compare(builder: Builder, text: int, table: int) -> None:
    """Who does it, where both say so and not alike."""
    for role in _ROLES:
        first, second = (builder.record["tasks"][at][role] or [] for at in (text, table))
        if first and second and set(first).isdisjoint(second):
            name = builder.record["tasks"][table]["title"]
            message = f"“{name}”的{_NAMES[role]}，正文写“{'、'.join(first)}”，表中写“{'、'.join(second)}”"
            place = builder.record.evidence.get(f"tasks/{table}/{role}/0")
            builder.issue("task_differs", "tasks", message, place[0].span if place else None)


_NAMES = {"lead": "牵头单位", "responsible": "责任单位"}
