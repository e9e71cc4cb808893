"""Reads a manuscript: one directive or paragraph a line, values marked where they stand.

`# 一级` `## 二级` `### 三级` are headings (numbers are made here; ` :: ` parts a run-in text from its heading);
`!name arguments` is a directive, see `_DIRECTIVES`; `| a | b` is a row of the table or roster opened above; a line that
begins with `?2020-2022,2024 ` stands only in those years; `{name}` is a variable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import regex

from gongwen.sampling import dates
from gongwen.sampling.marks import print_marks, units
from gongwen.sampling.paper import Line, Paper, Roster, Table

_YEARS = regex.compile(r"\?([\d,\-]+) ")
_VARIABLE = regex.compile(r"\{([^{}\s]+)\}")
_ACTIVITY_LINE = regex.compile(r"(?:活动)?(时间|地点|主办单位|承办单位|协办单位)：(.+?)。?")
_ACTIVITY_KEYS = {
    "时间": "time", "地点": "location", "主办单位": "hosts", "承办单位": "organizers", "协办单位": "co_organizers",
}  # fmt: skip
_KINDS = (
    "通知", "通告", "公告", "批复", "意见", "决定", "函", "方案", "倡议书", "公示", "办法", "通报", "报告", "请示",
    "纪要",
)  # fmt: skip
_COLUMNS = (
    ("group", ("任务类别", "工作任务", "类别")), ("title", ("重点任务", "计划活动", "活动名称", "重点工作")),
    ("detail", ("工作内容", "主要内容")), ("lead", ("牵头",)), ("responsible", ("责任", "配合")),
    ("hosts", ("主办",)), ("organizers", ("承办",)), ("time", ("时间", "时限")), ("location", ("地点",)),
    ("name", ("姓名", "联络员")), ("unit", ("单位",)), ("phones", ("电话", "手机")), ("email", ("邮箱",)),
)  # fmt: skip
_UNIT_KEYS = {"lead", "responsible", "hosts", "organizers", "co_organizers"}


def fill(text: str, variables: Callable[[str], str]) -> str:
    """Variables may name variables: filled until none is left."""
    while "{" in text:
        text = _VARIABLE.sub(lambda match: variables(match[1]), text)
    return text


def lines_of(text: str, year: int) -> list[str]:
    """The lines that stand in this year."""
    kept = []
    for line in text.splitlines():
        match = _YEARS.match(line)
        if match is None:
            kept.append(line)
        elif _holds(match[1], year):
            kept.append(line[match.end() :])
    return [line.strip() for line in kept if line.strip()]


def _holds(years: str, year: int) -> bool:
    for span in years.split(","):
        first, _, last = span.partition("-")
        if int(first or 0) <= year <= int(last or (9999 if "-" in span else first)):
            return True
    return False


def compose(lines: list[str]) -> Paper:
    """The paper of a manuscript whose years and variables are settled."""
    composer = _Composer()
    for line in lines:
        composer.read(line)
    composer.close()
    return composer.paper


class _Composer:
    def __init__(self) -> None:
        self.paper = Paper(documents=[{}])
        self.heading = ""
        self.counts = [0, 0, 0]
        self.activity: dict[str, Any] | None = None
        self.header: tuple[str, ...] = ()
        self.purpose = ""
        self.rows: list[tuple[str, ...]] = []
        self.annexes_seen = 0

    @property
    def gold(self) -> dict[str, Any]:
        return self.paper.documents[-1]

    def read(self, line: str) -> None:
        if line.startswith("|"):
            self.rows.append(tuple(self._print(cell.strip()) for cell in line[1:].split("|")))
            return
        self.close()
        if line.startswith("!"):
            name, _, rest = line[1:].partition(" ")
            _DIRECTIVES[name](self, rest.strip())
        elif line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            self.activity = None
            self.open_heading(level, line.lstrip("# "))
        else:
            self.paragraph(line)

    def _print(self, text: str) -> str:
        return print_marks(text, self.gold, self.heading)

    def add(self, kind: str, text: str, marker: str = "", tail: str = "") -> None:
        self.paper.blocks.append(Line(kind, text, marker, tail))

    def open_heading(self, level: int, text: str) -> None:
        title, _, tail = text.partition(" :: ")
        self.heading = title
        self.counts = [*self.counts[: level - 1], self.counts[level - 1] + 1, *[0] * (3 - level)]
        count = self.counts[level - 1]
        marker = (f"{dates.counted(count)}、", f"（{dates.counted(count)}）", f"{count}.")[level - 1]
        self.add(f"h{level}", self._print(title), marker, self._print(tail))

    def paragraph(self, text: str) -> None:
        printed = self._print(text)
        match = _ACTIVITY_LINE.fullmatch(printed)
        if self.activity is not None and match is not None:
            key = _ACTIVITY_KEYS[match[1]]
            self.activity[key] = units(match[2]) if key in _UNIT_KEYS else match[2]
        self.add("body", printed)

    def close(self) -> None:
        """Ends the table or roster whose rows were being read."""
        if not self.rows:
            return
        rows, self.rows = self.rows, []
        if self.purpose == "roster":
            self._close_roster(rows)
            return
        merged = self.purpose == "tasks" and any(not row[0] for row in rows)
        shown = tuple(tuple(cell.replace(" :: ", "。") for cell in row) for row in rows)
        self.paper.blocks.append(Table(self.header, shown, merged))
        if self.purpose in {"tasks", "activities", "contacts"}:
            self._enter_rows(rows)

    def _close_roster(self, rows: list[tuple[str, ...]]) -> None:
        role = ""
        group = self.gold.setdefault("leading_group", [])
        for row in rows:
            role = row[0] or role
            group.append({"role": role, "name": row[1], "post": row[2]})
        self.paper.blocks.append(Roster(tuple((row[0], row[1], row[2]) for row in rows)))

    def _enter_rows(self, rows: list[tuple[str, ...]]) -> None:
        keys = [_column(name) for name in self.header]
        if "title" not in keys:
            keys = ["title" if key == "detail" else key for key in keys]
        above = ""
        for row in rows:
            entry: dict[str, Any] = _EMPTY[self.purpose]()
            for key, cell in zip(keys, row, strict=True):
                _enter_cell(entry, key, cell)
            if "group" in keys:
                above = entry["group"] = entry.get("group") or above
            self.gold.setdefault(self.purpose, []).append(entry)


def _enter_cell(entry: dict[str, Any], key: str, cell: str) -> None:
    if not key or not cell:
        return
    if key in _UNIT_KEYS:
        entry[key] = units(cell)
    elif key == "phones":
        entry[key] = [*entry[key], *cell.split("、")]
    elif key == "name":
        entry[key] = cell.replace("　", "")
    elif key == "title":
        title, _, detail = cell.partition(" :: ")
        entry[key] = regex.sub(r"^\d+\.", "", title)
        if detail:
            entry["detail"] = detail[:20]
    else:
        entry[key] = cell[:20] if key == "detail" else cell


def _column(name: str) -> str:
    return next((key for key, words in _COLUMNS if any(word in name for word in words)), "")


_EMPTY: dict[str, Callable[[], dict[str, Any]]] = {
    "tasks": lambda: {"title": None, "lead": [], "responsible": [], "time": None},
    "activities": lambda: {
        "title": None, "time": None, "location": None, "hosts": [], "organizers": [], "co_organizers": [],
    },
    "contacts": lambda: {"name": None, "phones": [], "email": None},
}  # fmt: skip


def _head(composer: _Composer, rest: str) -> None:
    """`甲|乙 文件`: the letterhead, a name a line. 文件 ends the last of one or two names, stands beside more."""
    joined, _, suffix = rest.partition(" ")
    names = joined.split("|")
    if len(names) <= 2:
        names[-1] += suffix
    for name in names:
        composer.add("mast", name)
    if suffix and len(names) > 2:
        composer.add("mast_suffix", suffix)


def _number(composer: _Composer, rest: str) -> None:
    composer.gold["document_number"] = rest
    composer.add("number", rest)


def _title(composer: _Composer, rest: str) -> None:
    title = rest.replace(" / ", "")
    composer.gold["title"] = title
    found = [(title.rfind(kind), kind) for kind in _KINDS if kind in title]
    composer.gold["doc_type"] = max(found)[1] if found else None
    for line in rest.split(" / "):
        composer.add("title", line)


def _to(composer: _Composer, rest: str) -> None:
    """Groups are parted by `|`; the sign after each is the one printed."""
    groups = rest.split("|")
    composer.gold["addressees"] = [group.rstrip("，、：") for group in groups]
    composer.add("to", "".join(groups) + "：")


def _sign(composer: _Composer, rest: str) -> None:
    names = rest.split("|")
    composer.gold["issuers"] = names
    for name in names:
        composer.add("sign", name)


def _date(composer: _Composer, rest: str) -> None:
    iso, _, style = rest.partition(" ")
    composer.gold["issue_date"] = iso
    composer.add("date", dates.in_han(iso) if style == "han" else dates.printed(iso))


def _print_line(composer: _Composer, rest: str) -> None:
    unit, iso = rest.split("|")
    composer.gold["print_date"] = iso
    composer.add("colophon", f"{unit}　　{dates.printed(iso)}印发")


def _copied(composer: _Composer, rest: str) -> None:
    composer.gold["copied_to"] = [group.rstrip("，、。") for group in rest.split("|")]
    composer.add("colophon", f"抄送：{rest.replace('|', '')}")


def _annexes(composer: _Composer, rest: str) -> None:
    titles = rest.split("|")
    composer.gold["annexes"] = titles
    for count, title in enumerate(titles, 1):
        composer.add("annexes", title, f"{count}. " if len(titles) > 1 else "")


def _annex(composer: _Composer, rest: str) -> None:
    composer.annexes_seen += 1
    composer.counts = [0, 0, 0]
    many = len(composer.gold.get("annexes", [])) > 1
    composer.add("break", "")
    composer.add("label", f"附件{composer.annexes_seen}" if many else "附件")
    composer.add("subtitle", rest)


def _enclosure(composer: _Composer, rest: str) -> None:
    title = rest.replace(" / ", "")
    composer.gold.setdefault("enclosures", []).append(title)
    composer.counts = [0, 0, 0]
    composer.add("break", "")
    composer.add("subtitle", title)


def _part(composer: _Composer, rest: str) -> None:
    composer.paper.documents.append({})
    composer.counts, composer.annexes_seen, composer.activity = [0, 0, 0], 0, None
    composer.add("break", "")


def _activity(composer: _Composer, rest: str) -> None:
    composer.open_heading(3, rest)
    composer.activity = _EMPTY["activities"]() | {"title": rest}
    composer.gold.setdefault("activities", []).append(composer.activity)


def _table(composer: _Composer, rest: str) -> None:
    purpose, *header = (part.strip() for part in rest.split("|"))
    composer.purpose, composer.header = purpose, tuple(header)


def _roster(composer: _Composer, rest: str) -> None:
    composer.purpose = "roster"


def _office(composer: _Composer, rest: str) -> None:
    """Gold only: the head of a leading group's office, whom a sentence names."""
    composer.gold["leading_group"].append({"role": "办公室主任", "name": rest, "post": None})


def _contact(composer: _Composer, rest: str) -> None:
    """`姓名|电话、电话|邮箱|单位`: gold only; the text prints it in its own words."""
    name, phones, email, *unit = rest.split("|")
    entry: dict[str, Any] = {"name": name or None, "phones": phones.split("、") if phones else []}
    entry["email"] = email or None
    if unit:
        entry["unit"] = unit[0]
    composer.gold.setdefault("contacts", []).append(entry)


def _gold(composer: _Composer, rest: str) -> None:
    """`key value` or `key a|b|` (a list): what the marks cannot say."""
    key, _, value = rest.partition(" ")
    composer.gold[key] = [one for one in value.split("|") if one] if "|" in value else value or None


def _meta(composer: _Composer, rest: str) -> None:
    key, _, value = rest.partition(" ")
    composer.paper.meta[key] = value
    if key == "publish_date":
        composer.gold[key] = value


def _line(kind: str) -> Callable[[_Composer, str], None]:
    def add(composer: _Composer, rest: str) -> None:
        composer.add(kind, print_marks(rest, composer.gold, composer.heading))

    return add


_DIRECTIVES: dict[str, Callable[[_Composer, str], None]] = {
    "head": _head, "number": _number, "title": _title, "to": _to, "sign": _sign, "date": _date, "print": _print_line,
    "copied": _copied, "annexes": _annexes, "annex": _annex, "enclosure": _enclosure, "part": _part,
    "activity": _activity, "table": _table, "roster": _roster, "contact": _contact,
    "office": _office, "gold": _gold, "meta": _meta,
    "note": _line("note"), "colophon": _line("colophon"), "flush": _line("flush"), "subtitle": _line("subtitle"),
}  # fmt: skip
