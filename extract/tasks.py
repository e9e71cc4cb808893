"""Tasks and who does them: from tables, from brackets （牵头单位：…，责任单位：…）, from lines 责任单位：…, from prose
由…牵头 (domain.md §6). Body and table are both kept; `same_task` is for later readers to tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import regex

from extract.builder import Builder, Row, Value
from extract.labels import period_value, unit_values
from extract.lines import CellText, Line
from extract.regions import RegionText, Running
from extract.sections import Section
from extract.shares import Told, find_bare, find_brackets, find_prose, read_shares
from extract.tables import MORE, Table, read_table
from gongwen.record import ROWS
from gongwen.rulebook import Rulebook
from gongwen.text import Span, close_gaps
from gongwen.values.units import split_units
from gongwen.values.vocab import words

Cells = dict[str, "Value | list[Value] | None"]

ROLES = ("lead", "responsible", "cooperate")
_NESTED = r"(?:[^（）〔〕]|[（〔][^（）〔〕]*[）〕])*"
_LEAD_MARK = regex.compile(r"[（(](?:共同|联合)?(?:牵头|主责|负责)(?:单位|部门)?[）)]$")
_NUMBERED = regex.compile(r"^\s*(?:\d{1,2}\s*[.、．]|（[一二三四五六七八九十\d]+）|[一二三四五六七八九十]+、)\s*")


class _Labels:
    """Words that say who does a task and by when, and the patterns made of them: in a bracket, behind a stop at the
    line's end, at the head of a line."""

    def __init__(self, book: Rulebook) -> None:
        known = book.vocab["tasks"]
        held = {label for name in ("hosts", "organizers", "co_organizers") for label in book.labels(name)}
        roles = {word: role for role in ROLES for word in known[role] if word not in held and len(word) > 2}
        names, times = _spread(roles), _spread(known["time"])
        self.role_of = roles | dict.fromkeys(known["time"], "time")
        self.bracket = regex.compile(rf"[（〔]\s*(?P<body>(?:{names})\s*[：/]{_NESTED})[）〕]")
        self.tail = regex.compile(rf"(?<=[。！])\s*(?P<body>(?:{names})\s*：[^。]{{1,300}})$", regex.DOTALL)
        self.line = regex.compile(rf"^\s*(?P<body>(?:{names})\s*：.{{1,600}})$", regex.DOTALL)
        self.time_line = regex.compile(rf"^\s*(?P<body>(?:{times})\s*：.{{1,60}})$", regex.DOTALL)
        hosts = _spread(book.labels("hosts"))
        self.host_line = regex.compile(
            rf"^\s*[^\p{{Han}}\d]{{0,3}}(?:[（]?[一二三四五六七八九十\d]+[）.、]\s*)?(?:{hosts})\s*："
        )
        self.label = regex.compile(rf"(?:{names}|{times})\s*[：/]|(?<=[；，。、\s])\p{{Han}}{{2,8}}\s*：")


def _spread(words: Iterable[str]) -> str:
    """An alternation, longest first, of words whose characters may be printed with gaps."""
    return "|".join(r"\s?".join(word) for word in sorted(words, key=len, reverse=True))


class TaskReader:
    def __init__(self, builder: Builder, running: Running, year: int | None) -> None:
        self.builder = builder
        self.running = running
        self.year = year
        self.words: Mapping[str, Sequence[str]] = builder.rulebook.vocab["tasks"]
        self.hosts = {*builder.rulebook.labels("hosts")}
        self.labels = builder.rulebook.once("tasks", lambda: _Labels(builder.rulebook))

    def read(self) -> None:
        """All tasks in order of print."""
        told: set[int] = set()
        found: list[tuple[int, Row]] = [*self._brackets(told), *self._label_lines(told)]
        found += self._bare_brackets(told, sure=bool(found))
        for region, at, line in self.running.text_lines():
            if self._item(region, at) not in told:
                found += self._prose(region, at, line)
        for _, _, line in self.running.tables():
            found += self._table(line)
        first_leads = self._first_leads()
        for _, row in sorted(found, key=lambda one: one[0]):
            self.builder.add_row("tasks", _with_helpers(_led_by_first(row) if first_leads else row), ROWS["tasks"])

    def _first_leads(self) -> bool:
        """分工中列在首位的为牵头单位: the text says what its lists mean."""
        said = regex.compile("|".join(words("task_words", "first_leads")))
        return any(said.search(line.tight) for _, _, line in self.running.text_lines())

    def _brackets(self, told: set[int]) -> Iterator[tuple[int, Row]]:
        for region, at, line in self.running.text_lines():
            for match in [*self.labels.bracket.finditer(line.folded)] or [*self.labels.tail.finditer(line.folded)]:
                row = self._item_row(region, at, line, match.start())
                self._told(row, line, match)
                told.add(self._item(region, at))
                yield line.span.start + match.start(), row
            for said in [] if self.labels.bracket.search(line.folded) else find_brackets(line.folded):
                told.add(self._item(region, at))
                yield self._shared(region, at, line, said, "tasks/bracket_verbs")

    def _bare_brackets(self, told: set[int], *, sure: bool) -> list[tuple[int, Row]]:
        """（科普部） closing an item, where other items tell who does them or three items end so."""
        found: list[tuple[int, Row]] = []
        items: list[int] = []
        for region, at, line in self.running.text_lines():
            section = self.running.section_at(region, at)
            bare = find_bare(line.folded) if section is not None and section.heading.level >= 2 else None
            if bare is not None and self._item(region, at) not in told:
                found.append(self._shared(region, at, line, bare, "tasks/bracket_bare"))
                items.append(self._item(region, at))
        if not (sure or len(found) >= 3):
            return []
        told |= {*items}
        return found

    def _label_lines(self, told: set[int]) -> list[tuple[int, Row]]:
        """Neighbouring lines of one item (牵头单位：…⏎责任单位：…⏎完成时限：…) tell of one task."""
        found: list[tuple[int, Row]] = []
        above: tuple[int, int, Cells] | None = None
        for region, at, line in self.running.text_lines():
            item = self._item(region, at)
            held = above[2] if above and above[:2] == (item, at - 1) else None
            match = None if self.labels.bracket.search(line.folded) else self.labels.line.match(line.folded)
            match = match or (self.labels.time_line.match(line.folded) if held is not None else None)
            if match is None or (held is None and self._is_of_event(region, at, match["body"])):
                continue
            row = self._item_row(region, at, line, match.start()) if held is None else held
            self._told(row, line, match)
            if held is None:
                found.append((line.span.start + match.start(), row))
            told.add(item)
            above = (item, at, row)
        return found

    def _is_of_event(self, region: RegionText, at: int, body: str) -> bool:
        """指导单位：… above or below 主办单位：…: who stands behind an event, no task."""
        if body.lstrip().startswith(("牵头", "责任", "主责")):
            return False
        near = [one for one in range(at - 2, at + 3) if region.has(one) and not self.running.lines[one].is_table]
        return any(self.labels.host_line.match(self.running.lines[one].folded) for one in near)

    def _item(self, region: RegionText, at: int) -> int:
        section = self.running.section_at(region, at)
        return section.first if section else -1 - at

    def _item_row(self, region: RegionText, at: int, line: Line, before: int) -> Cells:
        """A bracket belongs to the item it closes, a line of labels to the item above."""
        row: Cells = {role: [] for role in ROLES}
        row.update(self._title(region, at, line, before))
        return row

    def _told(self, row: Cells, line: Line, match: regex.Match[str]) -> None:
        """What the labels of a bracket or a line say; those that no vocabulary knows end the value before them."""
        body = match["body"]
        labels = list(self.labels.label.finditer(body))
        for number, label in enumerate(labels):
            end = labels[number + 1].start() if number + 1 < len(labels) else len(body)
            name = self.labels.role_of.get("".join(label.group().rstrip("：/ ").split()))
            words = body[label.end() : end].rstrip("；，。、 \t\n")
            start = match.start("body") + label.end() + len(words) - len(words.lstrip())
            span = line.at(start, start + len(words.lstrip()))
            held = row.get(name or "")
            if name == "time" and words.strip():
                row["time"] = self._time(span, "tasks/bracket_time")
            elif isinstance(held, list):
                held += unit_values(self.builder, (span,), f"tasks/bracket_{name}")

    def _time(self, span: Span, rule: str) -> Value:
        text = close_gaps(self.builder.text(span))
        blank = {"text": text, "start": None, "end": None, "precision": None}
        return period_value(self.builder, span, self.year, rule) or Value(blank, span, rule, 0.6)

    def _title(self, region: RegionText, at: int, line: Line, before: int) -> dict[str, Value | None]:
        section = self.running.section_at(region, at)
        rule = "tasks/item"
        if section is not None:
            span = section.heading.title_span
            detail = self._detail(section, at, line, before)
            group = section.parent.heading.title_span if section.parent else None
            return {
                "title": Value(close_gaps(self.builder.text(span), couplet=True), span, rule, 0.9),
                "detail": Value(close_gaps(self.builder.text(detail)), detail, rule, 0.8) if detail else None,
                "group": Value(close_gaps(self.builder.text(group)), group, rule, 0.7) if group else None,
            }
        stop = line.folded.find("。", 0, before)
        span = line.at(0, stop if stop > 0 else min(before, 60))
        if len(span) == 0:
            above = self.running.lines[max(0, at - 1)]
            span = above.at(0, min(len(above.folded), 60))
        return {"title": Value(close_gaps(self.builder.text(span)), span, rule, 0.5)}

    def _detail(self, section: Section, at: int, line: Line, before: int) -> Span | None:
        run = section.heading.run_in
        if section.first == at:
            end = min(run.end, line.span.start + before)
            return Span(run.start, end) if run.start < end else None
        return run if len(run) else None

    def _prose(self, region: RegionText, at: int, line: Line) -> Iterator[tuple[int, Row]]:
        if region.region.kind == "body" and not region.sections:
            return
        for told in find_prose(line.folded):
            yield self._shared(region, at, line, told, "tasks/prose")

    def _shared(self, region: RegionText, at: int, line: Line, told: Told, rule: str) -> tuple[int, Row]:
        """A row from verbs: （A牵头，B配合）."""
        row = self._item_row(region, at, line, told.start)
        for share in told.shares:
            held = row[share.role]
            assert isinstance(held, list)
            held += unit_values(self.builder, (line.at(share.span.start, share.span.end),), rule)
        if told.time is not None:
            row["time"] = self._time(line.at(told.time.start, told.time.end), rule)
        return line.span.start + told.start, row

    def _table(self, line: Line) -> Iterator[tuple[int, Row]]:
        for need in (("lead",), ("responsible",)):
            table = read_table(self.builder.document, line.block, self.words, need=need)
            if table is not None and "lead" not in table.columns and self.hosts & {*table.unread}:
                return  # a schedule of activities
            if table is not None and {"title", "detail"} & table.columns.keys():
                yield from self._rows(table)
                for head in table.unread:
                    self.builder.issue("unread_column", "tasks", f"任务表有未识别的列“{head}”", line.span)
                return

    def _rows(self, table: Table) -> Iterator[tuple[int, Row]]:
        """Title and detail columns; a title column with merged or empty cells holds groups (工程), and the task's
        own title begins the detail."""
        grouped = {"title", "detail"} <= table.columns.keys() and "title" in table.merged and _titled_details(table)
        group: CellText | None = None
        above: CellText | None = None
        for cells in table.rows:
            if table.columns.get("time") == 0:  # a month for several rows stands in the first of them
                above = time if (time := cells.get("time")) and time.tight else above
                cells = cells | {"time": above} if above is not None else cells
            head = cells.get("title") if grouped else cells.get("group")
            if head is not None and head.tight and not _same_group(group, head):
                group = head
            main = cells.get("detail") if grouped or "title" not in table.columns else cells.get("title")
            if main is None or not main.tight:
                continue
            yield main.span.start, self._from_cells(cells, main, group, grouped)

    def _from_cells(self, cells: dict[str, CellText], main: CellText, group: CellText | None, grouped: bool) -> Row:
        rule = "tasks/table"
        row: dict[str, Value | list[Value] | None] = {**self._split(main, rule)}
        if not grouped and main is not cells.get("detail") and (detail := cells.get("detail")) and detail.tight:
            row["detail"] = Value(close_gaps(self.builder.text(detail.span)), detail.span, rule, 0.9)
        if grouped and row.get("detail") is None and (more := cells.get("detail" + MORE)) and more.tight:
            row["detail"] = Value(close_gaps(self.builder.text(more.span)), more.span, rule, 0.9)
        if group is not None:
            row["group"] = Value(close_gaps(self.builder.text(group.span)), group.span, rule, 0.9)
        for role in ROLES:
            told = [cell for key in (role, role + MORE) if (cell := cells.get(key)) and cell.tight]
            row[role] = [value for cell in told for value in unit_values(self.builder, (cell.span,), rule)]
        self._told_in_cell(row, cells, rule)
        _marked_leads(row)
        time = cells.get("time")
        if time and time.tight:
            row["time"] = self._time(time.span, rule)
        place = cells.get("location")
        if place and place.tight:
            row["location"] = Value(_places(self.builder.text(place.span)), place.span, rule, 0.9)
        return row

    def _told_in_cell(self, row: Cells, cells: dict[str, CellText], rule: str) -> None:
        """市科协牵头，市教育局配合 in the one column of those responsible."""
        cell = cells.get("responsible")
        shares = read_shares(cell.folded) if cell and not row["lead"] else ()
        if cell is None or not any(share.role == "lead" for share in shares):
            return
        row["responsible"] = []
        for share in shares:
            held = row[share.role]
            assert isinstance(held, list)
            held += unit_values(self.builder, (share.span.shifted(cell.span.start),), rule)

    def _split(self, cell: CellText, rule: str) -> dict[str, Value | None]:
        """1.举办云州科技周。开展…: title up to the first stop, the rest is detail."""
        mark = _NUMBERED.match(cell.folded)
        begin = mark.end() if mark else 0
        stop = cell.folded.find("。", begin)
        end = stop if stop > 0 else len(cell.folded)
        title = Span(cell.span.start + begin, cell.span.start + end)
        rest = cell.folded[end:].lstrip("。 \n")
        detail = Span(cell.span.end - len(rest), cell.span.end) if rest else None
        return {
            "title": Value(close_gaps(self.builder.text(title), couplet=True), title, rule, 0.9),
            "detail": Value(close_gaps(self.builder.text(detail)), detail, rule, 0.9) if detail else None,
        }


def _titled_details(table: Table) -> bool:
    """Whether details begin with titles of their own: numbered, or a first sentence with more behind it."""
    details = [cell for row in table.rows if (cell := row.get("detail")) and cell.tight]
    titled = [cell for cell in details if _NUMBERED.match(cell.folded) or regex.search(r"。\s*\S", cell.folded)]
    return 2 * len(titled) >= len(details)


def _places(printed: str) -> str:
    """临江县 安平县 are two places: the gap between them stays, gaps inside a name go."""
    names = [one.text for one in split_units(printed)]
    return " ".join(names) if "".join(names) == close_gaps(printed) else close_gaps(printed, couplet=True)


def _marked_leads(row: Row) -> None:
    """市教育局（牵头）、市科协 in one cell: who is marked leads; 、A、B（共同牵头） marks all before it."""
    lead, shared = row["lead"], row["responsible"]
    assert isinstance(lead, list) and isinstance(shared, list)
    marks = [at for at, one in enumerate(shared) if _LEAD_MARK.search(str(one.value))]
    if not marks or lead:
        return
    first = 0 if "共同" in str(shared[marks[-1]].value) else marks[0]
    moved = shared[first : marks[-1] + 1] if "共同" in str(shared[marks[-1]].value) else [shared[at] for at in marks]
    for one in moved:
        tail = _LEAD_MARK.search(str(one.value))
        spans = one.spans if tail is None else [Span(one.spans[0].start, one.spans[0].end - len(tail.group()))]
        lead.append(Value(_LEAD_MARK.sub("", str(one.value)), spans, one.rule, one.score))
    shared[:] = [one for one in shared if all(one is not other for other in moved)]


def _led_by_first(row: Row) -> Row:
    """The first of those responsible leads where nobody else is said to."""
    shared = row.get("responsible")
    if row.get("lead") or not isinstance(shared, list) or not shared:
        return row
    return {**row, "lead": shared[:1], "responsible": shared[1:]}


def _with_helpers(row: Row) -> Row:
    """Units that cooperate share the responsibility: `responsible` holds them too, `cooperate` tells them apart."""
    shared, helping = row.get("responsible"), row.get("cooperate")
    if not isinstance(shared, list) or not isinstance(helping, list):
        return row
    held = {one.value for one in shared}
    return {**row, "responsible": [*shared, *(one for one in helping if one.value not in held)]}


def _same_group(one: CellText | None, other: CellText) -> bool:
    """A category repeated after a page break is the same one, also when its words differ a little (（六）…）."""
    if one is None:
        return False
    if one.tight == other.tight:
        return True
    first, second = (regex.match(r"[（]?[一二三四五六七八九十]+[）、]", cell.tight) for cell in (one, other))
    return bool(first and second and first.group() == second.group())
