"""The printed lines of the holiday notices agree with the tables of days off and of work days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import regex

from draft.changes import Step
from draft.facts import load_facts
from draft.sentences import carry
from gongwen.values.work_days import holidays

FACTS = load_facts()
LINES = [(year, names, line) for year, named in FACTS.holiday_lines.items() for names, line in named.items()]
WEEKDAYS = "一二三四五六日"


def days(year: int, text: str) -> list[date]:
    found, month = [], 0
    for match in regex.finditer(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:（(?:星期|周)(.)）)?", text):
        month = int(match[2]) if match[2] else month
        day = date(int(match[1]) if match[1] else year, month, int(match[3]))
        assert match[4] in {None, WEEKDAYS[day.weekday()]}, text
        found.append(day)
    return found


@pytest.mark.parametrize(("year", "names", "line"), LINES, ids=lambda one: str(one)[:12])
def test_a_line_says_what_the_tables_say(year: int, names: frozenset[str], line: str) -> None:
    off, _, work = line.partition("。")
    printed = days(year, off)
    for name in names:
        assert (printed[0], printed[-1]) == FACTS.blocks[year][name]
    calendar = holidays()
    day = printed[0]
    while day <= printed[-1]:
        assert not calendar.is_work_day(day)
        day += timedelta(1)
    count = regex.search(r"共(\d)天|放假(\d)天", off)
    assert count is None or int(count[1] or count[2]) == (printed[-1] - printed[0]).days + 1
    for one in days(year, work):
        assert one.weekday() >= 5
        assert calendar.is_work_day(one)


def test_a_line_of_last_year_gets_this_years_words_with_the_source() -> None:
    step = Step(2023, 2024, date(2024, 9, 1), FACTS)
    carried = carry("三、清明节：4月5日放假，共1天。", step)
    assert carried.new == "三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。"
    assert "国办发明电〔2023〕7号" in carried.changes[0].source
    assert carried.is_flagged
    assert carry("4月2日（星期六）上班。", Step(2022, 2023, date(2023, 9, 1), FACTS)).is_dropped


def test_a_festival_without_a_line_of_its_own_is_left_open() -> None:
    carried = carry("六、中秋节：9月15日至17日放假调休，共3天。", Step(2024, 2025, date(2025, 9, 1), FACTS))
    assert "9月15日" not in carried.new
    assert carried.is_flagged
