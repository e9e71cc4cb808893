"""Marks inside a line: `[[due:9月27日前|2024-09-27|报送总结]]` prints its text and enters its value in the gold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import regex

Gold = dict[str, Any]

_MARK = regex.compile(r"\[\[(\w+):([^\[\]]*)\]\]")
_DUTY_ROLES = {"牵头": "lead", "责任": "responsible", "配合": "responsible"}


def print_marks(line: str, gold: Gold, heading: str) -> str:
    """The line as it is printed; the values of its marks are added to `gold`. `heading` names a task's duty."""
    if "[[" not in line:
        return line

    def replace(match: regex.Match[str]) -> str:
        return _PRINTERS[match[1]](match[2].split("|"), gold, heading)

    return _MARK.sub(replace, line)


def units(text: str) -> list[str]:
    return [one.removesuffix("等") for one in text.split("、") if one]


def _cite(parts: list[str], gold: Gold, heading: str) -> str:
    title, number = parts[0], parts[1] if len(parts) > 1 else ""
    entry = {"title": title, "document_number": number or None}
    listed = gold.setdefault("citations", [])
    if entry not in listed:
        listed.append(entry)
    return f"《{title}》（{number}）" if number else f"《{title}》"


def _short(parts: list[str], gold: Gold, heading: str) -> str:
    """A short name or a form: neither a hit nor a false alarm."""
    entry = {"title": parts[0]}
    listed = gold.setdefault("citations_optional", [])
    if entry not in listed:
        listed.append(entry)
    return f"《{parts[0]}》"


def _due(parts: list[str], gold: Gold, heading: str) -> str:
    text, date, action = parts
    gold.setdefault("deadlines", []).append({"date": date or None, "text": text, "action": action})
    return text


def _time(parts: list[str], gold: Gold, heading: str) -> str:
    text, start, end, *precision = parts
    gold["activity_time"] = {"text": text, "start": start or None, "end": end or None}
    if precision:
        gold["activity_time"]["precision"] = precision[0]
    return text


def _theme(parts: list[str], gold: Gold, heading: str) -> str:
    gold["theme"] = parts[0]
    return parts[0]


def _place(parts: list[str], gold: Gold, heading: str) -> str:
    gold.setdefault("locations", []).append(parts[0])
    return parts[0]


def _duty(parts: list[str], gold: Gold, heading: str) -> str:
    """`牵头单位=甲；责任单位=乙、丙`: a task that bears the title of the heading above."""
    task: dict[str, Any] = {"title": heading, "lead": [], "responsible": [], "time": None}
    printed = []
    for pair in parts[0].split("；"):
        label, _, names = pair.partition("=")
        task[_DUTY_ROLES[label[:2]]] += units(names)
        printed.append(f"{label}：{names}")
    gold.setdefault("tasks", []).append(task)
    return f"（{'；'.join(printed)}）"


def _unit_list(key: str) -> Callable[[list[str], Gold, str], str]:
    def enter(parts: list[str], gold: Gold, heading: str) -> str:
        gold.setdefault(key, []).extend(units(parts[0]))
        return parts[0]

    return enter


_PRINTERS: dict[str, Callable[[list[str], Gold, str], str]] = {
    "cite": _cite, "short": _short, "due": _due, "time": _time, "theme": _theme, "place": _place, "duty": _duty,
    "hosts": _unit_list("hosts"), "organizers": _unit_list("organizers"), "co_organizers": _unit_list("co_organizers"),
}  # fmt: skip
