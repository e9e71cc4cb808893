"""Units, persons, series, calendar and overview over the invented corpus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from corpus_kit import Made, PlainFinder, make, new_store
from dom_kit import links, texts, tree
from flask.testing import FlaskClient
from papers_kit import corpus

from gongwen.settings import Settings
from index.catalogue.catalogue import open_catalogue
from ingest.journal import Arrival
from web.app import create_app

JSON = {"Accept": "application/json"}
OFFICE = "云州市科学技术协会"
HOSTILE_NAME = "某局<script>b</script>\"'&"
PAGES = (
    "/units", f"/units/{OFFICE}", "/people", "/people/周明远", "/series", "/calendar?year=2024", "/calendar",
    "/overview?on=2024-08-20", "/overview/doubts?field=tasks",
)  # fmt: skip


def phones() -> Made:
    """A paper whose deadline names a mobile number."""
    action = "请于6月5日前致电13900000001报名"
    return make(
        "收件/报名通知.txt",
        f"""
        ^⟦title|关于报名的⟦doc_type|通知⟧⟧
        ⟦deadlines/0|⟦deadlines/0/action|{action}⟧⟧，联系人：⟦contacts/0/name|何立⟧
        ⟦issuers/0|{HOSTILE_NAME}⟧
        ⟦issue_date=2024-05-06|2024年5月6日⟧
        """,
        media_type="text/plain",
        extra={"deadlines": [{"date": "2024-06-05", "text": "6月5日前", "action": action, "kind": "duty",
                              "who": ["云州市气象局"]}]},
    )


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return [*corpus(), phones()]


@pytest.fixture(scope="module")
def client(made: list[Made], tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    settings = Settings(corpus=tmp_path_factory.mktemp("browse"), network_disk=True)
    store = new_store(settings.corpus, made)
    catalogue = open_catalogue(settings)
    arrivals = [Arrival(one.reading.sha256, one.reading.source, "inbox", "何立", "2024-05-08T09:30:00+08:00")
                for one in made[:3]]  # fmt: skip
    app = create_app(
        settings, papers=store, finder=PlainFinder(made), catalogue=catalogue, today=lambda: date(2024, 5, 20),
        arrivals=lambda limit: arrivals[:limit],
    )  # fmt: skip
    yield app.test_client()
    catalogue.close()


def of(client: FlaskClient, address: str) -> Any:
    found = client.get(address, headers=JSON)
    assert found.status_code == 200, address
    return found.json


@pytest.mark.parametrize("address", PAGES)
def test_every_link_to_a_paper_leads_to_a_place_on_its_page(client, address):
    places: dict[str, set[str]] = {}
    followed = 0
    for link in tree(client.get(address)).xpath("//main//a/@href"):
        page, fragment = urldefrag(link)
        if not page.startswith("/d/"):
            continue
        if page not in places:
            found = client.get(page)
            assert found.status_code == 200
            places[page] = set(tree(found).xpath("//@id"))
        assert not fragment or fragment in places[page], link
        followed += bool(fragment)
    assert followed or address in {"/units", "/people", "/series", "/overview/doubts?field=tasks"}


SEARCHES = ("/units?q=教育", "/people?q=周", "/series?q=科普日", "/calendar?year=2023&month=9")


@pytest.mark.parametrize("address", [*PAGES, *SEARCHES])
def test_every_link_within_the_site_is_there(client, address):
    for link in sorted(set(tree(client.get(address)).xpath("//a/@href"))):
        if link.startswith("/") and not link.startswith("/d/"):
            assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("address", PAGES)
def test_pages_carry_nothing_inline_and_stay_small(client, address):
    found = client.get(address)
    page = tree(found)
    assert not page.xpath("//@style | //script[not(@src)] | //@onclick")
    assert not page.xpath("//img | //b[contains(text(), 'hacked')]")
    assert len(page.xpath("//h1")) == 1
    assert len(found.data) < 300_000
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_its_json(client, address):
    found = of(client, address)
    assert isinstance(found, dict)
    assert found


def test_units_are_listed_searched_and_counted(client):
    found = of(client, "/units?q=教育局")
    assert [one["name"] for one in found["rows"]] == ["云州市教育局"]
    page = tree(client.get("/units"))
    rows = page.xpath("//table//tbody/tr")
    assert len(rows) == min(50, of(client, "/units")["total"])
    assert "没有找到" in client.get("/units?q=没有的单位").get_data(as_text=True)


def test_a_unit_by_role_and_year(client):
    found = of(client, f"/units/{OFFICE}")
    cells = {(one["role"], one["year"]): one["printed"] for one in found["matrix"]}
    led = {year: count for (role, year), count in cells.items() if role == "lead"}
    assert led == dict.fromkeys(range(2020, 2025), 1)
    led = of(client, f"/units/{OFFICE}?role=lead&year=2022")
    assert led["total"] == 1
    assert led["rows"][0]["matter"] == "主会场启动仪式"
    assert led["rows"][0]["url"].endswith("#v-tasks-0-lead-0")
    page = tree(client.get(f"/units/{OFFICE}?role=lead&year=2022"))
    assert texts(page, "matter") == ["牵头主会场启动仪式"]
    assert page.xpath("//td[contains(@class, 'chosen')]/a/@aria-label") == ["2022年牵头：1项"]
    assert {name for name in ("2020", "2024") if name in "".join(page.xpath("//thead//th/text()"))} == {"2020", "2024"}


@pytest.mark.parametrize("address", [
    "/units", f"/units/{OFFICE}", "/people", "/people/周明远", "/series", "/overview/doubts?field=tasks"
])  # fmt: skip
def test_a_page_that_is_not_there_leads_back_to_the_first(client, address):
    page = tree(client.get(f"{address}{'&' if '?' in address else '?'}page=77"))
    assert "没有第 77 页" in "".join(page.xpath("//div[@class='empty']//text()"))
    assert client.get(page.xpath("//div[@class='empty']//a/@href")[0]).status_code == 200


def test_an_unknown_unit_person_or_series_is_not_found(client):
    unknown = ("/units/没有的单位", "/people/查无此人", "/series/0000000000000000", "/calendar.ics?unit=没有的单位")
    for address in unknown:
        assert client.get(address).status_code == 404


def test_a_person_of_two_bodies_is_told_apart(client):
    page = tree(client.get("/people/周明远"))
    assert "同名者可能不是同一人" not in "".join(texts(page, "notice"))  # one post in one office
    found = of(client, "/people/林若溪")
    assert {one["name"] for one in found["units"]} == {"云州市教育局"}
    several = of(client, "/people/何立")
    assert several["may_be_several"] is True
    assert "同名者可能不是同一人" in "".join(texts(tree(client.get("/people/何立")), "notice"))


def test_years_side_by_side_with_their_themes(client):
    found = of(client, "/series?q=科普日")
    assert [(one["first_year"], one["last_year"], one["papers"]) for one in found["rows"]] == [(2020, 2024, 5)]
    page = tree(client.get(found["rows"][0]["url"]))
    assert page.xpath("//thead//th/text()") == ["年份", "2020", "2021", "2022", "2023", "2024"]
    assert len(page.xpath("//tbody/tr[th='主题']/td")) == 5
    assert links(page)["云科协字〔2022〕15号"].endswith("#v-document_number")


def test_a_year_without_a_paper_is_shown_as_a_gap(tmp_path):
    from papers_kit import plan

    settings = Settings(corpus=tmp_path, network_disk=True)
    held = [plan(2020, 21), plan(2023, 17)]
    catalogue = open_catalogue(settings)
    app = create_app(settings, papers=new_store(tmp_path, held), finder=PlainFinder(held), catalogue=catalogue)
    client = app.test_client()
    found = of(client, of(client, "/series")["rows"][0]["url"])
    assert found["missing_years"] == [2021, 2022]
    page = tree(client.get(f"/series/{found['key']}"))
    assert page.xpath("//th[@class='gap']/text()") == ["2021", "2022"]
    assert "没有收到这一年的公文" in "".join(page.xpath("//td[@class='gap']//text()"))
    catalogue.close()


def test_the_calendar_has_days_of_one_year_and_of_one_unit(client):
    found = of(client, "/calendar?year=2024")
    assert {one["start"][:4] for one in found["rows"]} == {"2024"}
    page = tree(client.get("/calendar?year=2024"))
    assert page.xpath("//time/@datetime") == sorted(page.xpath("//time/@datetime"))
    month = of(client, "/calendar?year=2024&month=8")
    assert {one["start"] for one in month["rows"]} == {"2024-08-25"}
    unit = of(client, f"/calendar?year=2024&unit={OFFICE}")
    assert 0 < unit["total"] < found["total"]
    assert unit["feed"].startswith("http://localhost/calendar.ics?unit=")
    unknown = client.get("/calendar?year=2024&unit=没有的单位").get_data(as_text=True)
    assert "公文中没有名为“没有的单位”的单位" in unknown


@pytest.mark.parametrize("address", [
    "/calendar?year=abc&month=99&page=-4", "/calendar?year=9999&month=12", "/calendar?year=1",
    "/overview?on=2024-02-31", "/overview?on=0001-01-01", "/units?page=99999999999",
    f"/units/{OFFICE}?role=nothing&year=x&page=77",
    "/units?q=%00%01%EF%BF%BF", "/people?q=" + "长" * 500, "/calendar?unit=%25_%5C", "/overview/doubts?field=%3Cb%3E",
    "/series?page=0&q=%25",
])  # fmt: skip
def test_whatever_is_asked_is_answered(client, address):
    assert client.get(address).status_code == 200
    assert client.get(address, headers=JSON).status_code == 200


def test_the_overview_tells_what_is_due_from_a_day_on(client):
    found = of(client, "/overview")
    assert (found["day"], found["until"]) == ("2024-05-20", "2024-06-19")
    assert {one["start"] for one in found["due"]["rows"]} == {"2024-06-05"}
    assert len(found["came_in"]) == 3
    assert found["came_in"][0]["papers"][0]["title"].startswith("关于印发")
    assert {one["field"] for one in found["doubts"]} == {"activity_time", "tasks"}
    assert of(client, "/overview?on=2031-01-01")["due"]["total"] == 0
    doubts = of(client, "/overview/doubts?field=tasks")
    assert doubts["total"] == 5


def test_mobile_numbers_are_masked_in_every_list(client):
    for address in ("/calendar?year=2024", "/overview", "/units/云州市气象局", "/calendar.ics?year=2024"):
        for headers in ({}, JSON):
            told = client.get(address, headers=headers).get_data(as_text=True).replace("\r\n ", "")
            assert "13900000001" not in told, address
            assert "139****0001" in told, address


def test_a_hostile_name_is_only_text(client):
    page = tree(client.get("/units?q=script"))
    assert HOSTILE_NAME in page.xpath("//table//a/text()")
    link = next(one for one in page.xpath("//table//a/@href"))
    assert unquote(link) == f"/units/{HOSTILE_NAME}"
    assert client.get(link).status_code == 200


def test_the_paper_tells_what_it_cites_and_its_other_years(client, made):
    plan = made[4].reading.documents[0]
    found = of(client, f"/d/{plan.id}")
    assert [one["state"] for one in found["cites"]] == ["missing", "missing"]
    assert [one["year"] for one in found["other_years"]] == [2020, 2021, 2022, 2023, 2024]
    page = tree(client.get(f"/d/{plan.id}"))
    assert "历年同类" in page.xpath("//h3/text()")
    assert "云科协字〔2024〕12号（本件）" in page.xpath("//ul[@class='others']//b/text()")
    carrier = next(one for one in made if one.reading.source.startswith("转发/")).reading.documents
    told = of(client, f"/d/{carrier[0].id}")["cites"]
    assert [(one["state"], one["urls"]) for one in told] == [("found", [f"/d/{carrier[1].id}"])]
    assert [one["paper"]["id"] for one in of(client, f"/d/{carrier[1].id}")["cited_by"]] == [carrier[0].id]


def test_without_a_catalogue_there_is_nothing_to_browse(made):
    store = PlainFinder(made)
    app = create_app(Settings(), papers=None, finder=store)  # type: ignore[arg-type]
    client = app.test_client()
    assert client.get("/units").status_code == 404
    assert "历年活动" not in client.get("/help").get_data(as_text=True)
