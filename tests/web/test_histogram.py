"""The spread over time: bars that add up to the hits, gaps shown, each bar a search of its own."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from comfort_kit import Comforts
from dom_kit import tree
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engine import Page
from web.filters import Asked
from web.histogram import HEIGHT, MOST, spread

JSON = {"Accept": "application/json"}


def page_of(dates: list[str], undated: int = 0) -> Page:
    def counts(length: int) -> tuple[tuple[str, int], ...]:
        found = [date[:length] for date in dates if len(date) >= length]
        return tuple((value, found.count(value)) for value in dict.fromkeys(found))

    return Page(len(dates) + undated, (), {"issue_year": counts(4), "month": counts(7)})


def test_by_month_with_the_empty_ones(comforts: Comforts) -> None:
    found = spread(Asked(), page_of(["2024-03-01", "2024-03-09", "2024-06-30"], undated=2))
    assert found is not None
    assert (found.unit, found.undated, found.vague) == ("month", 2, 0)
    assert [(bar.label, bar.count) for bar in found.bars] == [
        ("2024年3月", 2), ("2024年4月", 0), ("2024年5月", 0), ("2024年6月", 1),
    ]  # fmt: skip
    assert [bar.height for bar in found.bars] == [HEIGHT, 0, 0, HEIGHT // 2]
    assert (found.bars[3].start, found.bars[3].end) == ("2024-06-01", "2024-06-30")


def test_by_year_when_the_time_is_long() -> None:
    found = spread(Asked(), page_of(["2019-05-01", "2024-05-01"]))
    assert found is not None
    assert found.unit == "year"
    assert [bar.count for bar in found.bars] == [1, 0, 0, 0, 0, 1]


def test_papers_that_give_only_a_year_are_told() -> None:
    found = spread(Asked(), page_of(["2024", "2024-05-01"]))
    assert found is not None
    assert (found.vague, len(found.bars)) == (1, 12)


def test_a_misread_year_makes_no_thousand_bars() -> None:
    found = spread(Asked(), page_of(["1024-05-01", "2024-05-01", "9999-01-01"]))
    assert found is not None
    assert len(found.bars) <= MOST
    assert sum(bar.count for bar in found.bars) == 3
    assert "—" in found.bars[0].label


def test_nothing_found_or_nothing_dated_shows_nothing() -> None:
    assert spread(Asked(), page_of([])) is None
    assert spread(Asked(), page_of([], undated=3)) is None


DATES = st.dates().map(str).filter(lambda date: date > "1900")


@given(st.lists(st.one_of(DATES, DATES.map(lambda date: date[:7]), DATES.map(lambda date: date[:4])), max_size=30),
       st.integers(0, 3))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_bars_add_up_and_follow_each_other(dates: list[str], undated: int) -> None:
    found = spread(Asked("科普"), page_of(dates, undated))
    if found is None:
        assert not dates
        return
    assert sum(bar.count for bar in found.bars) + found.undated + found.vague == len(dates) + undated
    for before, after in zip(found.bars, found.bars[1:], strict=False):
        assert before.start <= before.end < after.start
    assert all(0 < bar.height <= HEIGHT if bar.count else bar.height == 0 for bar in found.bars)


@pytest.mark.parametrize("address", ["/search?q=科普", "/search", "/search?year=2024&q=科普",
                                     "/search?from=2023-02-10&to=2024-11-03&q=科普"])  # fmt: skip
def test_each_bar_leads_to_as_many_papers_as_it_says(comforts: Comforts, address: str) -> None:
    told = comforts.client.get(address, headers=JSON).json
    dates = told["dates"]
    page = tree(comforts.client.get(address))
    bars = page.xpath("//a[contains(@class, 'bar')][@data-from]")
    assert len(bars) == len(dates["bars"])
    assert sum(bar["count"] for bar in dates["bars"]) + dates["undated"] + dates["vague"] == told["total"]
    for link, bar in zip(bars, dates["bars"], strict=True):
        asked = parse_qs(urlsplit(link.get("href")).query)
        assert (asked["from"], asked["to"]) == ([bar["from"]], [bar["to"]])
        if bar["count"]:
            assert comforts.client.get(link.get("href"), headers=JSON).json["total"] == bar["count"]
        assert link.get("aria-label").endswith(f"{bar['count']} 件")


def test_the_way_back_and_the_undated_are_links(comforts: Comforts) -> None:
    page = tree(comforts.client.get("/search?q=恶意标题"))
    assert page.xpath("//details[@data-histogram]") == [], "no date anywhere: nothing to spread"
    page = tree(comforts.client.get("/search?from=2024-01-01&to=2024-12-31"))
    (back,) = page.xpath("//*[@class='bars-foot']/a[text()='全部日期']/@href")
    assert back == "/search"
    page = tree(comforts.client.get("/search"))
    (undated,) = page.xpath("//*[@class='bars-foot']/a[starts-with(text(), '未注明日期')]")
    count = int(undated.text.split()[1])
    assert comforts.client.get(undated.get("href"), headers=JSON).json["total"] == count > 0
