"""The pages of the audit over five made-up years: answers, evidence that leads to its place, files, confirmations."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from dom_kit import links, texts, tree
from flask import Flask
from openpyxl import load_workbook

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "audit"))

import five_years_kit as kit

from audit.desk import make_desk
from audit.questions import QUESTIONS
from index.catalogue.catalogue import open_catalogue
from web.app import create_app

JSON = {"Accept": "application/json"}
ASKED = {
    "leads": "text=应急&first=2019&last=2023", "unit": "unit=市教育局", "duties": "start=2019-01-01&end=2023-12-31",
    "members": "group=安全生产&on=2022-01-01", "changes": "one=澜安办〔2019〕2号&other=澜安办〔2020〕3号",
    "missing": "", "numbers": "",
    "unassigned": "", "differs": "",
}  # fmt: skip
PICTURES = ("/audit/matrix", "/audit/citations", "/audit/people", "/audit/matrix?role=responsible&first=2020&last=2021")


class NoFinder:
    """The audit asks no index."""

    def search(self, query):
        raise AssertionError("not asked")

    def entry_meta(self, record_id):
        return None


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[Flask]:
    root = tmp_path_factory.mktemp("audit_pages")
    store = kit.make_corpus(root)
    settings = kit.settings(root)
    catalogue = open_catalogue(settings)
    made = create_app(
        settings, papers=store, finder=NoFinder(), catalogue=catalogue, today=lambda: date(2024, 3, 1),
        auditor=partial(make_desk, settings, catalogue, date(2024, 3, 1)),
    )  # fmt: skip
    yield made
    catalogue.close()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.mark.parametrize("key", list(QUESTIONS))
def test_page_and_json_say_the_same(client, key):
    path = f"/audit/{key}?{ASKED[key]}"
    told = client.get(path, headers=JSON).json
    page = tree(client.get(path))
    assert len(page.xpath("//table[contains(@class, 'audit-table')]//tr[td]")) == min(100, len(told["rows"]))
    assert told["rows"]


@pytest.mark.parametrize("key", list(QUESTIONS))
def test_every_row_leads_to_its_place(client, key):
    page = tree(client.get(f"/audit/{key}?{ASKED[key]}"))
    found = page.xpath("//td[contains(@class, 'c-evidence')]//p[@class='cited']/a/@href")
    assert found
    for url in sorted(set(found))[:8]:
        address, anchor = urldefrag(url)
        opened = client.get(address)
        assert opened.status_code == 200
        assert not anchor or tree(opened).xpath("//*[@id=$anchor]", anchor=anchor), url


@pytest.mark.parametrize("path", ["/audit", *(f"/audit/{key}" for key in QUESTIONS), *PICTURES])
def test_pages_stand_without_conditions_and_without_script(client, path):
    opened = client.get(path)
    assert opened.status_code == 200
    page = tree(opened)
    assert not page.xpath("//*[@style] | //script[not(@src)] | //*[@onclick]")
    for field in page.xpath("//main//input[not(@type='hidden')] | //main//select"):
        assert page.xpath("//label[@for=$id]", id=field.get("id")) or field.xpath("ancestor::label"), field.get("name")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PICTURES)
def test_pictures_stand_beside_a_table_of_the_same(client, path):
    page = tree(client.get(path))
    assert page.xpath("//main//table//tr[td]")
    for url in page.xpath("//main//svg//a/@href | //table[contains(@class, 'heat')]//td/a/@href")[:10]:
        assert client.get(urldefrag(url)[0]).status_code == 200
    if "matrix" not in path:
        assert page.xpath("//main//figure//svg//a[@aria-label]")


def test_a_cell_of_the_matrix_counts_what_its_list_has(client):
    page = tree(client.get("/audit/matrix"))
    cells = page.xpath("//table[contains(@class, 'heat')]//td/a")
    assert len(cells) > 20
    for cell in cells[:12]:
        told = client.get(cell.get("href") + "&derived=0", headers=JSON).json
        assert told["total"] == int(cell.text)


def test_a_series_has_its_timeline(client):
    key = client.get("/series", headers=JSON).json["rows"][0]["key"]
    page = tree(client.get(f"/series/{key}"))
    assert f"/audit/timeline/{key}" in links(page).values()
    assert tree(client.get(f"/audit/timeline/{key}")).xpath("//svg//*[@class='signed']")
    assert client.get("/audit/timeline/none").status_code == 404


def test_files_have_the_rows_of_the_page(client):
    path = f"/audit/unit.{{}}?{ASKED['unit']}"
    rows = client.get(f"/audit/unit?{ASKED['unit']}", headers=JSON).json["rows"]
    book = load_workbook(io.BytesIO(client.get(path.format("xlsx")).data))
    assert book.worksheets[0].max_row == 1 + sum(len(row["evidence"]) for row in rows)
    assert book.worksheets[0].cell(2, book.worksheets[0].max_column).hyperlink.target.startswith("http://localhost/d/")
    assert client.get(path.format("csv")).data.startswith(b"\xef\xbb\xbf")
    assert client.get(path.format("docx")).data.startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(client.get(path.format("zip")).data)) as archive:
        assert "SHA256SUMS" in archive.namelist()
    assert "attachment; filename=audit-unit-" in client.get(path.format("csv")).headers["Content-Disposition"]
    assert client.get("/audit/leads.xlsx").status_code == 400
    assert client.get("/audit/unit.xlsx?unit=没有的局").status_code == 404


def test_what_is_not_known_is_told(client):
    page = tree(client.get("/audit/unit?unit=没有的局"))
    assert texts(page, "empty") == ["资料库的公文中没有名为“没有的局”的单位"]
    assert client.get("/audit/unit?unit=没有的局", headers=JSON).status_code == 404
    assert client.get("/audit/nothing").status_code == 404


def test_nothing_found_says_which_years_were_searched(client):
    told = "".join(texts(tree(client.get("/audit/leads?text=登月&first=2019&last=2020")), "empty"))
    assert told.startswith("无记录：检索年份2019–2020")


def test_what_is_typed_is_text(client):
    page = client.get(
        "/audit/leads", query_string={"text": "<script>x</script>\"'", "first": "20201", "on": "x"}
    ).get_data(as_text=True)
    assert "<script>x" not in page


def form(client, key: str, **more) -> dict:
    page = tree(client.get("/audit/duties?start=2019-01-01&end=2019-12-31"))
    token = page.xpath("//input[@name='form_token']/@value")[0]
    return {
        "form_token": token,
        "key": key,
        "said": "done",
        "who": "核对人",
        "back": "/audit/duties?start=2019-01-01",
        **more,
    }


def duty(client) -> tuple[str, str]:
    page = tree(client.get("/audit/duties?start=2019-01-01&end=2019-12-31"))
    row = page.xpath("//tr[.//input[@name='key']]")[0]
    return row.xpath(".//input[@name='key']/@value")[0], row.xpath("string(td[@data-label='状态'])")


def test_a_person_confirms_what_became_of_a_duty(client):
    key, before = duty(client)
    assert before == "可能已报，待确认"
    report = tree(client.get("/audit/duties?start=2019-01-01&end=2019-12-31")).xpath(
        "//select[@name='report']/option[2]/@value"
    )
    done = client.post("/audit/duties/confirm", data=form(client, key, report=report[0], note="=1"))
    assert (done.status_code, done.headers["Location"]) == (303, "/audit/duties?start=2019-01-01")
    assert duty(client)[1] == "已办结"
    assert "核对人（未登录）" in client.get("/audit/duties?start=2019-01-01&end=2019-12-31").get_data(as_text=True)


@pytest.mark.parametrize(("change", "code"), [
    ({"form_token": "x"}, 400), ({"said": "maybe"}, 400), ({"key": "x|y|z"}, 400),
    ({"key": "0000000000000000-1|0|"}, 409),
    ({"report": "0000000000000000-1"}, 404),
])  # fmt: skip
def test_what_is_no_confirmation_is_refused(client, change, code):
    key, _ = duty(client)
    assert client.post("/audit/duties/confirm", data=form(client, key) | change).status_code == code


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/audit/\\\\elsewhere.example", "/search"]
)
def test_it_leads_back_to_the_audit_only(client, back):
    key, _ = duty(client)
    done = client.post("/audit/duties/confirm", data=form(client, key, back=back))
    assert done.headers["Location"] == "/audit/duties"
