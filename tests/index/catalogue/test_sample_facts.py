"""What the catalogue tells of the sample's papers, against tests/golden/catalogue/sample.yml (read line by line when it
changes: GONGWEN_GOLDEN=write pytest …), and questions with answers counted by hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from catalogue_kit import new_store, open_over, sample

from gongwen import yamlio
from gongwen.record import record_id
from index.catalogue.citing import find_citations
from index.catalogue.ledger import Filter, find_roles, matrix
from index.catalogue.overview import count_doubts, count_years
from index.catalogue.persons import person_facts
from index.catalogue.series import find_series, series_by_key, series_of_paper
from index.catalogue.tables import ROLES
from index.catalogue.tasklists import Wanted, find_tasks
from index.catalogue.timetable import Asked, count_months, find_entries, find_vague, years_with_days
from index.catalogue.units import find_units, unit_facts, unit_keys

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "catalogue" / "sample.yml"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    opened = open_over(new_store(tmp_path_factory.mktemp("sample") / "corpus"))
    opened.prepare()
    yield opened
    opened.close()


def keys(catalogue, name: str) -> tuple[int, ...]:
    return catalogue.ask(lambda connection: unit_keys(connection, catalogue.register, name))


def told(catalogue) -> dict[str, Any]:
    ask = catalogue.ask
    office = unit_facts_of(catalogue, "云州市科学技术协会")
    units = ask(lambda c: find_units(c, limit=30)).rows
    series = [ask(lambda c, key=one.key: series_by_key(c, key)) for one in ask(find_series).rows]
    entries = ask(lambda c: find_entries(c, Asked.year(2024))).rows
    return {
        "units": [f"{one.name} {one.printed}+{one.derived} {one.first_year}-{one.last_year}" for one in units],
        "office": [f"{role} {year}: {printed}+{derived}"
                   for (role, year), (printed, derived) in sorted(office.cells.items())],
        "spellings": [f"{name} {count}" for name, count in office.spellings],
        "series": [f"{one.name}：{'、'.join(str(paper.paper.year) for paper in one.papers)}" for one in series],
        "2024": [f"{one.start}{'..' + one.end if one.end != one.start else ''} {one.kind} {one.what[:24]}"
                 for one in entries],
        "cited": [f"{one.state} {one.title} {one.number}".strip()
                  for one in ask(lambda c: find_citations(c, years=(2020,))).rows],
        "years": [f"{year}: {count}" for year, count in ask(count_years)],
    }  # fmt: skip


def unit_facts_of(catalogue, name: str):
    return catalogue.ask(lambda connection: unit_facts(connection, catalogue.register, name))


def test_golden(catalogue):
    found = told(catalogue)
    if os.environ.get("GONGWEN_GOLDEN") == "write":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(yamlio.dump(found), encoding="utf-8")
    assert found == yamlio.load_file(GOLDEN)


def test_tasks_of_a_unit_role_and_year_are_those_of_the_records(catalogue):
    """Counted from the records themselves, by the unit's names."""
    names = {"市科协", "云州市科学技术协会", "科协"}
    wanted = sorted({
        task["title"] for _, reading in sample() for record in reading.documents
        if str(record["title"]).startswith("关于印发《2020年") for task in record["tasks"] if names & set(task["lead"])
    })  # fmt: skip
    found = catalogue.ask(lambda c: find_tasks(c, Wanted(keys(catalogue, "市科协"), ("lead",), (2020,))))
    assert sorted(one.title for one in found.rows) == wanted
    assert len(wanted) > 3


def test_every_row_of_the_ledger_points_at_its_words(catalogue):
    texts = {document.sha256[:16]: document.text for document, _ in sample()}
    found = catalogue.ask(lambda c: find_roles(c, Filter(), 0, 5000))
    assert found.total == len(found.rows) > 1500
    for row in found.rows:
        text = texts[row.paper.id.partition("-")[0]]
        assert row.quote
        assert text[row.start : row.end].startswith(row.quote[:2])
        if not row.derived:
            assert "".join(row.printed.split())[:2] in "".join(text[row.start : row.end].split())


def test_group_members_are_derived_and_say_from_what(catalogue):
    found = catalogue.ask(lambda c: find_roles(c, Filter(keys(catalogue, "东山区科协"), ("addressee",))))
    assert found.total > 3
    assert {(row.derived, row.via) for row in found.rows} >= {(True, "各县（区）科协")}
    direct = catalogue.ask(
        lambda c: find_roles(c, Filter(keys(catalogue, "东山区科协"), ("addressee",), derived=False))
    )
    assert all(not row.derived for row in direct.rows)
    assert direct.total < found.total


def test_nobody_has_a_role_in_a_matter_twice(catalogue):
    found = catalogue.ask(lambda c: find_roles(c, Filter(), 0, 5000))
    seen = [(row.name, row.role, row.path.rpartition("/")[0] if row.path.count("/") > 1 else "", row.paper.id, row.rank,
             row.matter, row.via if row.role == "member_unit" else "") for row in found.rows]  # fmt: skip
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("asked", [
    Filter(), Filter(roles=("lead",)), Filter(years=(2020,)), Filter(roles=("host", "lead"), years=(2020, 2024)),
    Filter(start="2020-09-01", end="2020-09-30"), Filter(end="2020-12-31", roles=("responsible",)),
    Filter(derived=False, roles=("addressee",)), Filter(bodies=("云州市科学技术协会",), roles=("member",)),
])  # fmt: skip
def test_filters_agree_with_a_plain_look_at_all_rows(catalogue, asked):
    every = catalogue.ask(lambda c: find_roles(c, Filter(), 0, 5000)).rows
    found = catalogue.ask(lambda c: find_roles(c, asked, 0, 5000))
    plain = [
        row for row in every
        if (not asked.roles or row.role in asked.roles) and (not asked.years or row.year in asked.years)
        and (asked.derived or not row.derived)
        and (not asked.bodies or any(row.unit.startswith(body) for body in asked.bodies))
    ]  # fmt: skip
    if not (asked.start or asked.end):
        assert sorted(map(repr, found.rows)) == sorted(map(repr, plain))
    assert found.total == len(found.rows) > 0
    assert set(map(repr, found.rows)) <= set(map(repr, plain))


def test_a_range_of_days_holds_what_goes_on_in_it(catalogue):
    asked = Filter(roles=("host",), start="2020-09-20", end="2020-09-21")
    found = catalogue.ask(lambda c: find_roles(c, asked, 0, 500))
    matters = {row.matter for row in found.rows}
    assert "2020年全国科普日云州活动方案" in matters  # from 19 to 25 September
    late = catalogue.ask(lambda c: find_roles(c, Filter(roles=("host",), start="2031-01-01"), 0, 500))
    assert late.total == 0


def test_pages_of_a_list_are_the_list(catalogue):
    whom = (*keys(catalogue, "市科协"), *keys(catalogue, "市教育局"))
    whole = catalogue.ask(lambda c: find_roles(c, Filter(whom), 0, 5000)).rows
    pages = [catalogue.ask(lambda c, at=at: find_roles(c, Filter(whom), at, 7)).rows for at in range(0, len(whole), 7)]
    assert [row for page in pages for row in page] == list(whole)


def test_a_matrix_counts_the_list(catalogue):
    for name in ("云州市科学技术协会", "东山区科协", "云州市教育局"):
        held = keys(catalogue, name)
        cells = catalogue.ask(lambda c, held=held: matrix(c, held))
        for (role, year), (printed, derived) in cells.items():
            rows = catalogue.ask(
                lambda c, held=held, role=role, year=year: find_roles(c, Filter(held, (role,), (year,)), 0, 500)
            ).rows
            assert (printed, derived) == (sum(not row.derived for row in rows), sum(row.derived for row in rows))


def test_units_are_known_by_alias_former_name_and_spelling(catalogue):
    assert keys(catalogue, "市科协") == keys(catalogue, "云州市科学技术协会") == keys(catalogue, "云州市 科学技术协会 ")
    assert keys(catalogue, "市大数据发展局") == keys(catalogue, "云州市数据局")
    assert keys(catalogue, "没有的局") == ()
    facts = unit_facts_of(catalogue, "云州市数据局")
    assert [one.name for one in facts.former] == ["云州市大数据发展局", "市大数据发展局"]
    assert unit_facts_of(catalogue, "青岚县科学技术协会").parent == "云州市科学技术协会"
    assert unit_facts_of(catalogue, "没有的局") is None


def test_a_person_of_one_body_is_one_and_of_several_may_be_several(catalogue):
    one = catalogue.ask(lambda c: person_facts(c, "丛婉仪"))
    assert not one.may_be_several
    assert one.roles.rows[0].post.startswith("市妇联")
    several = catalogue.ask(lambda c: person_facts(c, "周 明远"))
    assert several.may_be_several
    assert {body for body, _ in several.bodies} >= {"云州市科学技术协会"}
    assert catalogue.ask(lambda c: person_facts(c, "查无此人")) is None


def test_an_activity_renamed_stays_one_series_with_its_gap(catalogue):
    named = {reading.source: reading for _, reading in sample()}
    day = named["2024-云科协字45号-科普日方案.txt"]
    series = catalogue.ask(lambda c: series_of_paper(c, record_id(day.sha256, 1)))
    assert [paper.paper.year for paper in series.papers] == [2020, 2023, 2024]
    assert series.years == [2020, 2021, 2022, 2023, 2024]
    assert series.of(2021) == []
    assert [len(paper.deadlines) for paper in series.papers] == [3, 3, 3]
    lone = named["2021-科学节水倡议书.txt"]
    assert catalogue.ask(lambda c: series_of_paper(c, record_id(lone.sha256, 1))) is None


def test_the_calendar_of_a_unit_holds_what_it_must_do_as_a_member_of_a_group(catalogue):
    county = keys(catalogue, "东山区科协")
    mine = catalogue.ask(lambda c: find_entries(c, Asked.year(2024, 0, county))).rows
    every = catalogue.ask(lambda c: find_entries(c, Asked.year(2024))).rows
    assert {(one.path, one.paper.id) for one in mine} < {(one.path, one.paper.id) for one in every}
    assert any(one.who == ("各县（区）科协",) for one in mine)
    stranger = keys(catalogue, "云州市财政局")
    assert catalogue.ask(lambda c: find_entries(c, Asked.year(2024, 0, stranger))).total < len(mine)


def test_months_count_what_the_calendar_lists(catalogue):
    for year in catalogue.ask(years_with_days):
        found = catalogue.ask(lambda c, year=year: find_entries(c, Asked.year(year))).rows
        counted: dict[int, list[int]] = {}
        for one in found:
            if one.start >= f"{year}-01-01":
                counted.setdefault(int(one.start[5:7]), [0, 0])[one.kind == "activity"] += 1
        months = catalogue.ask(lambda c, year=year: count_months(c, year))
        assert months == {month: tuple(held) for month, held in counted.items()}


def test_only_real_days_stand_in_the_calendar(catalogue):
    found = catalogue.ask(lambda c: find_entries(c, Asked("1900-01-01", "2999-12-31")))
    assert found.total > 40
    assert all(len(one.start) == len(one.end) == 10 and one.start <= one.end for one in found.rows)
    vague = catalogue.ask(lambda c: find_vague(c, 2024))
    assert "9月—11月" in {one.text for one in vague.rows}
    assert not {(one.path, one.paper.id) for one in vague.rows} & {(one.path, one.paper.id) for one in found.rows}


def test_doubts_and_roles_are_in_words(catalogue):
    assert isinstance(catalogue.ask(count_doubts), list)
    assert len(ROLES) == len(set(ROLES))
