"""A paper of hundreds of rows opens quickly: the first are shown, all on demand, and every address still leads on."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_kit import PlainFinder, make, new_store
from dom_kit import tree
from flask.testing import FlaskClient

from gongwen.settings import Settings
from index.catalogue.refs import PaperRef
from web.app import create_app
from web.browsing import paper_url
from web.long import BLOCKS, ROWS

TASKS = 3 * ROWS


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> tuple[FlaskClient, str]:
    lines = "\n".join(
        f"第{at}项：⟦tasks/{at}/title|任务{at}⟧，由⟦tasks/{at}/lead/0|第{at}局⟧牵头。" for at in range(TASKS)
    )
    table = "\n".join(f"|{at}|||第{at}行|" for at in range(2 * ROWS))
    rest = "\n".join(f"此外第{at}段。" for at in range(BLOCKS))
    made = make("长方案.txt", f"^⟦title|长方案⟧\n{table}\n{lines}\n{rest}", media_type="text/plain")
    folder: Path = tmp_path_factory.mktemp("long")
    app = create_app(Settings(corpus=folder), papers=new_store(folder, [made]), finder=PlainFinder([made]))
    return app.test_client(), f"/d/{made.reading.documents[0].id}"


def test_the_first_rows_and_paragraphs_are_shown_and_the_rest_is_counted(long: tuple[FlaskClient, str]):
    client, address = long
    page = tree(client.get(address))
    assert len(page.xpath("//*[starts-with(@id, 'v-tasks-') and contains(@id, '-title')]")) == ROWS
    assert page.xpath("string(//*[@id='v-tasks']/*[@class='count'])") == str(TASKS)
    told = [" ".join(one.text_content().split()) for one in page.xpath("//*[@class='left-out']")]
    assert f"还有 {TASKS - ROWS} 项没有列出。" in told[0]
    assert f"此表还有 {ROWS} 行没有列出。" in told[1]
    assert "段没有列出" in told[2]
    assert len(page.xpath("//article//p[contains(@class, 'para')]")) < BLOCKS


def test_all_is_there_when_asked_for(long: tuple[FlaskClient, str]):
    client, address = long
    page = tree(client.get(address))
    whole = page.xpath("//a[@data-whole]/@href")[0]
    everything = tree(client.get(whole.partition("#")[0]))
    assert everything.xpath(f"//*[@id='{whole.partition('#')[2]}']"), "the link leads to the first row left out"
    assert everything.xpath(f"//*[@id='v-tasks-{TASKS - 1}-lead-0']")
    assert not everything.xpath("//*[@class='left-out']")


def test_no_link_of_the_short_page_leads_nowhere(long: tuple[FlaskClient, str]):
    client, address = long
    page = tree(client.get(address))
    anchors = set(page.xpath("//@id"))
    assert {one[1:] for one in page.xpath("//main//a/@href") if one.startswith("#")} <= anchors
    everything = set(tree(client.get(f"{address}?all=1")).xpath("//@id"))
    assert {one.partition("#")[2] for one in page.xpath("//main//a[contains(@href, 'all=1#')]/@href")} <= everything


def test_what_was_chosen_stays(long: tuple[FlaskClient, str]):
    client, address = long
    assert "review=1" in tree(client.get(f"{address}?review=1")).xpath("//a[@data-whole]/@href")[0]


def test_a_place_far_down_is_asked_for_with_all_of_the_paper(long: tuple[FlaskClient, str]):
    client, _ = long
    ref = PaperRef("ab" * 8 + "-1", "", "", "", 0, (), "")
    with client.application.test_request_context():
        assert paper_url(ref, f"tasks/{ROWS}/lead/0").endswith(f"?all=1#v-tasks-{ROWS}-lead-0")
        assert "all" not in paper_url(ref, f"tasks/{ROWS - 1}/lead/0")
        assert "all" not in paper_url(ref, "issuers/7")


def test_a_short_paper_is_shown_as_it_is(client: FlaskClient, made):
    address = f"/d/{made[4].reading.documents[0].id}"
    page = tree(client.get(address))
    assert not page.xpath("//*[@data-whole]")
    assert page.xpath("//@id") == tree(client.get(f"{address}?all=1")).xpath("//@id")
