"""Deadlines: duties of those addressed and commitments of the issuer, with the day (domain.md §8)."""

from __future__ import annotations

from datetime import date

import regex

from extract.builder import Builder, Value
from extract.labels import unit_values
from extract.lines import Line
from extract.regions import Running
from gongwen.record import ROWS
from gongwen.rulebook import Rulebook
from gongwen.text import Span, close_gaps
from gongwen.values.dates import DeadlineMatch, find_deadlines
from gongwen.values.units import looks_like_unit

_STOPS = "。；！\n"
_SOON = 200
_YEAR = regex.compile(r"[\d〇零一二三四五六七八九]{4}\s*年|\d{4}[-./]")
_REACH = 400
"""A sentence is looked at this far before and behind its day: no more than 85 characters were needed in the 125 of
cases, holdout and sample (2026-11), and text without a single stop must not be searched again for each of its days."""
_WHO = regex.compile(
    r"请(?![在于按])(?P<value>[^，。；请]{2,40}?)(?=于|在|将|每|务必|按|通过|及时|各?填|各?报|注册|\d)"
)
_TO = regex.compile(
    r"(?:报送?至?|上报至?|提交至?|送至|发送至|反馈至?|寄至)"
    r"(?P<value>[\p{Han}（）]{2,30}?(?:局|办|会|部|处|室|馆|科协|政府|委|中心|小组))"
)
_BEFORE = ("前", "之前", "以前")
_NUMBERED = regex.compile(
    r"^\s*(?:（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d))\s*"
)
"""What numbers a paragraph, before its first sentence: （一）, 二、, 3."""
_DAY_END = ("日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_MODAL = regex.compile(r"最迟|请|务必|务请|须|需|应(?!急|用|对)|必须|截止|截至|同上|不得晚于|报送|上报|前")
_VERBS = "将|把|向|报|交|提交|完成|登录|登陆|通过|按照?|以|由|到|送"
"""Behind a day these begin what is to be done (12月8日前将总结、计划的…报送): the day belongs to no noun."""
_HANDED_ON = regex.compile(r"备案|反馈|提交|予以|完成|办理完毕|书面|答复|将[^，。；]{2,24}?(?:报|送|交|寄)")
"""What is done within a term counted from an event (会后10个工作日内将结果报市科协备案)."""
_CHANGED = regex.compile(r"(?:变动|调整|变更|变化)[之以]?后")
"""What is to be done whenever something changes is a standing rule."""
_DENIED = regex.compile(r"(?:未|没有|不得|不能|禁止)(?:曾)?(?:于|在|早于)?\s*\Z")
"""未在2024年10月以前发表: a condition, no duty."""
_PROMISE = regex.compile(r"(?P<who>\p{Han}{2,12}?)将(?:根据|对|于|组织|评选|共同|会同|择优|适时|按)")


def read_deadlines(builder: Builder, running: Running, year: int | None) -> None:
    """A day before the signing is told as a doubt, not as a deadline."""
    reader = _Reader(builder)
    for region, _, line in running.text_lines():
        if not (region.sections or running.is_paper(region)):
            continue
        if not builder.triggered("reader/deadlines", line):
            continue
        for match in find_deadlines(line.folded, year):
            reader.take(line, match)
    for at in running.zones.annex_note:
        for match in find_deadlines(running.lines[at].folded, year):
            if _in_bracket(running.lines[at].folded, match.span):
                reader.take(running.lines[at], match)


def _in_bracket(folded: str, span: Span) -> bool:
    """参会回执（请于10月20日前反馈）: a day in an annex's title is none, one in a remark behind it is."""
    return folded.rfind("（", 0, span.start) > folded.rfind("）", 0, span.start)


class _Reader:
    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        issued = builder.record["issue_date"] or builder.record["publish_date"]
        self.signed = date.fromisoformat(issued) if issued else None
        self.issuers: list[str] = [*builder.record["issuers"], *builder.record["letterhead"]]
        self.task_time = builder.rulebook.once("deadlines/task_time", lambda: _task_time(builder.rulebook))
        self.duty, self.noun = builder.rulebook.once("deadlines", lambda: _patterns(builder.rulebook))
        self.before: date | None = None

    def take(self, line: Line, match: DeadlineMatch) -> None:
        sentence = _sentence(line, match.span)
        if not self._is_duty(line, match, sentence):
            return
        due = self.before if match.word.endswith("同上") else self._next_year(match)
        if match.state and not (self.signed and due and due > self.signed):
            return
        if self.signed and match.date and due and due < self.signed:
            message = f"时限“{match.text}”早于成文日期{self.signed.isoformat()}"
            self.builder.issue("deadline_before_signed", "deadlines", message, match.span.shifted(line.span.start))
            return
        self.before = due or self.before
        self._add(line, match, due, sentence)

    def _next_year(self, match: DeadlineMatch) -> date | None:
        """A day without a year that lies before the signing is next year's, if that is near
        (3月底前 in a paper of November)."""
        due = match.date
        if due is None or self.signed is None or due >= self.signed or _YEAR.search(match.text):
            return due
        later = due.replace(year=due.year + 1, day=min(due.day, 28) if due.month == 2 else due.day)
        return later if (later - self.signed).days < _SOON else due

    def _is_duty(self, line: Line, match: DeadlineMatch, sentence: Span) -> bool:
        after = line.folded[match.span.end : sentence.end]
        if match.word in _BEFORE and self.noun.match(after):
            return False
        if self.task_time.search(line.folded, sentence.start, match.span.start):
            return False
        if regex.match(r"\s*(?:为止|以来)", after) or _DENIED.search(line.folded, sentence.start, match.span.start):
            return False
        if match.word == "至" and not (
            match.text.rstrip("）").endswith(_DAY_END) and regex.match(r"[。；，）]|$", after)
        ):
            return False
        if match.date is None or match.word == "内":
            clause = _clause(line, match.span)
            handed_on = match.word == "内" and _HANDED_ON.search(clause) and not _CHANGED.search(match.text)
            if not _MODAL.search(clause) and not handed_on:
                return False
        to_come = self.signed is not None and match.date is not None and match.date > self.signed
        if to_come and match.word in _BEFORE:
            return True
        return bool(self.duty.search(line.folded[sentence.start : sentence.end]))

    def _add(self, line: Line, match: DeadlineMatch, due: date | None, sentence: Span) -> None:
        builder = self.builder
        span = _without_at(line, match.span).shifted(line.span.start)
        whole = line.at(sentence.start, sentence.end)
        said = _NUMBERED.sub("", close_gaps(builder.text(whole))).lstrip("，、（）")
        promise = self._promise(line, match.span, sentence)
        rule = "deadlines/text"
        row: dict[str, Value | list[Value] | None] = {
            "text": Value(close_gaps(builder.text(span)), span, rule, 0.85),
            "action": Value(said, whole, "deadlines/sentence", 0.6),
            "kind": Value("duty" if promise is None else "commitment", whole, "deadlines/kind", 0.7),
            "who": [],
        }
        if due is not None:
            row["date"] = Value(due.isoformat(), span, rule, 0.6 if match.approximate else 0.85)
        if match.recurrence:
            row["recurrence"] = Value(str(match.recurrence), span, rule, 0.85)
        if promise is not None:
            row["who"] = [Value(close_gaps(builder.text(promise)), promise, "deadlines/promise", 0.7)]
        elif who := _group(builder, line, sentence, _WHO, "deadlines/who"):
            row["who"] = _each(builder, who)
        row["to"] = _group(builder, line, sentence, _TO, "deadlines/to")
        builder.add_row("deadlines", row, ROWS["deadlines"])

    def _promise(self, line: Line, day: Span, sentence: Span) -> Span | None:
        """Who promises: `X将…`, where X issues the paper; behind 请 only what begins with the clause of the day counts.
        None: a duty of those addressed."""
        asked = "请" in line.folded[sentence.start : day.start]
        begin = max(sentence.start, line.folded.rfind("，", 0, day.start) + 1) if asked else sentence.start
        match = _PROMISE.search(line.folded, begin, sentence.end)
        if match is None or "请" in line.folded[begin : match.start()]:
            return None
        named = any(_stands_in("".join(match["who"].split()), issuer) for issuer in self.issuers)
        return line.at(match.start("who"), match.end("who")) if named else None


def _patterns(book: Rulebook) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """Words of duties, and a noun that the day belongs to (5月1日前到期的贷款)."""
    vocab = book.vocab["deadlines"]
    attributive = "|".join(regex.escape(word) for word in vocab["attributive"])
    return (
        regex.compile("|".join(regex.escape(word) for word in vocab["duty"])),
        regex.compile(rf"\s*(?!{_VERBS})(?:[^，。；]{{0,6}}的|[^，。；]{{0,2}}(?:{attributive})[^，。；]{{0,6}}的)"),
    )


def _task_time(book: Rulebook) -> regex.Pattern[str]:
    """（牵头单位：…；完成时限：8月底前）: when a task is done stands in its row."""
    labels = "|".join(
        word for word in book.vocab["tasks"]["time"] if word.startswith(("完成", "进度", "时限", "时间节"))
    )
    return regex.compile(rf"(?:{labels})\s*：\s*\Z")


def _without_at(line: Line, span: Span) -> Span:
    """于9月24日前 → 9月24日前."""
    lead = regex.match(r"[于在]\s*", line.folded[span.start : span.end])
    return Span(span.start + lead.end(), span.end) if lead else span


def _sentence(line: Line, span: Span) -> Span:
    """The sentence around a span, by full stops and semicolons."""
    return _around(line, span, _STOPS)


def _clause(line: Line, span: Span) -> str:
    """The clause around a span, by commas too."""
    return _around(line, span, _STOPS + "，").of(line.folded)


def _around(line: Line, span: Span, marks: str) -> Span:
    """From the mark before a span to the one behind it."""
    least, most = max(0, span.start - _REACH), min(len(line.folded), span.end + _REACH)
    start = max(line.folded.rfind(mark, least, span.start) for mark in marks) + 1
    ends = [at for mark in marks if (at := line.folded.find(mark, span.end, most)) >= 0]
    return Span(max(start, least), min(ends, default=most))


def _group(builder: Builder, line: Line, sentence: Span, pattern: regex.Pattern[str], rule: str) -> Value | None:
    match = pattern.search(line.folded, sentence.start, sentence.end)
    if match is None:
        return None
    span = line.at(match.start("value"), match.end("value"))
    return Value(close_gaps(builder.text(span)), span, rule, 0.6)


def _each(builder: Builder, who: Value) -> list[Value]:
    """The senders one by one, where all of them are names."""
    names = list(unit_values(builder, tuple(who.spans), who.rule))
    return names if names and all(looks_like_unit(one.value) for one in names) else [who]


def _stands_in(short: str, full: str) -> bool:
    """市科协 is in 云州市科学技术协会: all its characters stand there in order."""
    rest = iter(full)
    return all(char in rest for char in short)
