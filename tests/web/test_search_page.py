"""The search page: what is found is shown, what was asked can be taken back, page and JSON agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from corpus_kit import OFFICE, PlainFinder, make, new_store
from dom_kit import links, texts, tree
from flask.testing import FlaskClient

from gongwen.errors import StoreError
from gongwen.settings import Settings
from index.engine import Page, Query
from web.app import create_app

JSON = {"Accept": "application/json"}


def test_home_shows_the_newest_papers_and_the_years(client: FlaskClient) -> None:
    page = tree(client.get("/"))
    assert texts(page, "hit-title")[0] == "关于印发《云州市2024年全国科普日活动实施方案》的通知"
    assert texts(page, "tiles")[0].startswith("2024")
    assert page.xpath("//form[@role='search']//input[@name='q']/@id")[0] == page.xpath("//form//label/@for")[0]


def test_home_of_an_empty_corpus_says_what_to_do(client: FlaskClient, finder: PlainFinder) -> None:
    finder.answer = lambda _: Page(0, (), {})
    assert "资料库中还没有公文" in client.get("/").get_data(as_text=True)


def test_a_hit_shows_number_issuer_date_type_and_match(client: FlaskClient) -> None:
    page = tree(client.get("/search?q=主会场&year=2024"))
    facts = texts(page, "hit-facts")
    assert facts == [f"云科协字〔2024〕12号{OFFICE}2024年8月12日通知"]
    assert set(page.xpath("//p[@class='snippet']/mark/text()")) == {"主会场"}
    assert texts(page, "count-line") == ["共1件"]


def test_where_nothing_was_asked_nothing_is_quoted(client: FlaskClient, finder: PlainFinder) -> None:
    quoted = ((("开头", False),),)
    finder.answer = lambda page: replace(page, hits=tuple(replace(hit, snippets=quoted) for hit in page.hits))
    for address, count in (("/", 0), ("/search?year=2024", 0), ("/search?q=科普日&year=2024", 1)):
        assert len(texts(tree(client.get(address)), "snippet")) == count, address


def test_text_that_is_left_out_is_marked(client: FlaskClient) -> None:
    page = tree(client.get("/search?q=独立法人资格"))
    (snippet,) = texts(page, "snippet")
    assert snippet.startswith("…")
    assert "独立法人资格" in snippet
    head = texts(tree(client.get("/search?q=临科协发〔2024〕3号")), "snippet")[0]
    assert head.startswith("临科协发〔2024〕3号"), "nothing stands before a paper's head"
    assert head.endswith("…")


def test_a_snippet_that_only_repeats_the_title_is_left_out(client: FlaskClient, finder: PlainFinder) -> None:
    title = ((("关于商请", True), ("协助开展科普进校园　活动的函", False)),)
    body = ((("为做好工作，", False), ("商请", True), ("贵会", False)),)
    for snippets, count in ((title, 1), (title + body, 1), (body, 1)):
        hits = tuple(replace(hit, snippets=snippets) for hit in finder.search(Query("商请贵会")).hits[:1])
        finder.answer = lambda page, hits=hits: replace(page, hits=hits)
        shown = texts(tree(client.get("/search?q=商请")), "snippet")
        assert len(shown) == count
        assert ("贵会" in shown[0]) == (snippets != title)
        finder.answer = lambda page: page


@pytest.mark.parametrize("asked", ["类型:函", "年:2024", "牵头:市科协 年:2024"])
def test_where_only_fields_were_asked_the_first_words_are_shown(
    client: FlaskClient, finder: PlainFinder, asked: str
) -> None:
    finder.lead = "为做好科学教育工作，联系13900000002，现将有关事项"
    head = ((("云州市科学技术协会文件", False),),)
    found = finder.search(Query())
    for snippets in (head, ()):
        hits = tuple(replace(hit, snippets=snippets) for hit in found.hits[:1])
        finder.answer = lambda page, hits=hits: replace(page, hits=hits)
        page = tree(client.get("/search", query_string={"q": asked}))
        assert texts(page, "snippet") == ["为做好科学教育工作，联系139****0002，现将有关事项…"]


def test_home_lists_a_paper_once_also_when_it_stands_in_another_file(tmp_path: Path) -> None:
    words = "⟦document_number|云科协字〔2024〕3号⟧\n⟦title|关于开展工作的通知⟧\n⟦issue_date=2024-05-08|2024年5月8日⟧"
    other = words.replace("3号", "4号")
    within = make("汇编.txt", "⟦title|汇编⟧\n⟦issue_date=2024-05-09|2024年5月9日⟧", words)
    alone, same_title = make("通知.txt", words), make("另一件.txt", other)
    made = [within, alone, same_title]
    client = create_app(Settings(), papers=new_store(tmp_path, made), finder=PlainFinder(made)).test_client()
    page = tree(client.get("/"))
    assert sorted(texts(page, "number")) == ["云科协字〔2024〕3号", "云科协字〔2024〕4号"]
    assert f"/d/{alone.reading.documents[0].id}" in page.xpath("//a[@data-hit]/@href")


def test_chosen_dates_are_shown_as_people_write_them(client: FlaskClient) -> None:
    page = tree(client.get("/search?from=2024-05-01&to=2024-09-03"))
    assert texts(page, "chip") == ["不早于2024年5月1日，点按取消×", "不晚于2024年9月3日，点按取消×"]


def test_a_hit_says_which_part_of_which_file(client: FlaskClient) -> None:
    page = tree(client.get("/search?q=独立法人资格"))
    assert texts(page, "hit-source") == ["原件：关于转发科普基地认定办法的通知.html，共2件，此为第2件"]


@pytest.mark.parametrize(
    ("address", "total"),
    [("year=2024", 6), ("year=2024&year=2023", 14), ("type=函", 2), ("year=2024&type=函", 1),
     ("disclosure=主动公开", 12), ("lead=云州市教育局&role=lead", 5), ("from=2023-05-01&to=2023-12-31", 5),
     ("issuer=", 1), ("year=1999", 0), ("colour=red&year=2024", 6), ("page=zz&year=2024", 6)],
)  # fmt: skip
def test_filters_narrow_the_hits(client: FlaskClient, address: str, total: int) -> None:
    assert client.get(f"/search?{address}", headers=JSON).json["total"] == total
    shown = texts(tree(client.get(f"/search?{address}")), "count-line")[0]
    assert shown.startswith(f"共{total}件") if total else shown == "没有找到公文"


def test_unknown_parameters_never_reach_the_index(client: FlaskClient, finder: PlainFinder) -> None:
    client.get("/search?q=科普日&colour=red&limit=99999&sort=evil&role=king")
    assert finder.asked[-1].where == {}
    assert (finder.asked[-1].limit, finder.asked[-1].sort) == (20, "relevance")


def test_without_words_the_newest_come_first(client: FlaskClient, finder: PlainFinder) -> None:
    client.get("/search?year=2023")
    assert finder.asked[0].sort == "newest"


def test_every_filter_has_its_count_and_can_be_chosen_and_taken_back(client: FlaskClient) -> None:
    page = tree(client.get("/search?q=科普"))
    url = next(url for name, url in links(page).items() if name.startswith("函"))
    chosen = tree(client.get(url))
    assert texts(chosen, "chip") == ["文种：函，点按取消×"]
    back = next(url for name, url in links(chosen).items() if name.startswith("文种：函"))
    assert dict(parse_qsl(urlsplit(back).query)) == {"q": "科普"}


def test_a_second_value_of_the_same_filter_can_be_added(client: FlaskClient) -> None:
    page = tree(client.get("/search?year=2024"))
    url = next(url for name, url in links(page).items() if name.startswith("2023"))
    assert client.get(url, headers=JSON).json["total"] == 14


def test_a_chosen_value_without_hits_can_still_be_taken_back(client: FlaskClient) -> None:
    page = tree(client.get("/search?type=不存在"))
    assert texts(page, "chosen") == ["不存在0件，已选，点按取消"]


def test_the_role_decides_whose_units_are_listed(client: FlaskClient) -> None:
    page = tree(client.get("/search?role=responsible"))
    names = texts(page, "choice")
    assert any(name.startswith("云州市青少年科技中心") for name in names)
    assert not any(name.startswith("临江县科技服务中心") for name in names)


def test_a_typed_unit_becomes_a_word_of_the_query(client: FlaskClient) -> None:
    answer = client.get("/search?q=科普日&role=lead&with=市科协")
    assert answer.status_code == 302
    assert dict(parse_qsl(urlsplit(answer.location).query)) == {"q": "科普日 牵头:市科协", "role": "lead"}


def test_papers_without_a_date_can_be_asked_for(client: FlaskClient, finder: PlainFinder) -> None:
    page = tree(client.get("/search?q=科普"))
    client.get(links(page)["只看未注明日期的"])
    assert finder.asked[-1].where["date"] == ("",)


def test_pages_follow_each_other(client: FlaskClient) -> None:
    first, second = tree(client.get("/search")), tree(client.get("/search?page=2"))
    assert texts(first, "count-line") == ["共22件，第1–20件"]
    assert texts(second, "count-line") == ["共22件，第21–22件"]
    assert not set(first.xpath("//a[@data-hit]/@href")) & set(second.xpath("//a[@data-hit]/@href"))
    assert second.xpath("//ul[@class='pages']//a[@aria-current]")[0].text_content() == "第2页"


def test_a_page_too_far_leads_back(client: FlaskClient) -> None:
    for far in (9, 99, 500):
        page = tree(client.get(f"/search?page={far}"))
        assert links(page)["回到第一页"] == "/search"
        assert links(page)["第2页"] == "/search?page=2"
        assert texts(page, "count-line") == ["共22件"]
        assert f"没有第 {far} 页" in page.text_content()
    page = tree(client.get("/search?q=主会场&year=2024&page=99"))
    assert texts(page, "count-line") == ["共1件"]
    assert links(page)["回到第一页"].startswith("/search?q=")


def test_wrong_dates_are_told_and_left_out(client: FlaskClient) -> None:
    answer = client.get("/search?from=去年&to=2023-12-31")
    assert "日期“去年”无法识别" in answer.get_data(as_text=True)


def test_dates_the_wrong_way_round_are_turned(client: FlaskClient, finder: PlainFinder) -> None:
    client.get("/search?from=2024-12-31&to=2024-01-01")
    assert (finder.asked[0].date_from, finder.asked[0].date_to) == ("2024-01-01", "2024-12-31")


def test_long_and_odd_queries_are_cut_not_refused(client: FlaskClient, finder: PlainFinder) -> None:
    answer = client.get("/search", query_string={"q": "科" * 5000})
    assert answer.status_code == 200
    assert len(finder.asked[0].text) == 200
    client.get("/search?q=%00%01科普%ED%A0%80")
    assert "\x00" not in finder.asked[-1].text


def test_expansions_warnings_and_inexact_answers_are_said(client: FlaskClient, finder: PlainFinder) -> None:
    finder.answer = lambda page: replace(
        page, exact=False, searched=("市科协 = 云州市科学技术协会",), warnings=("引号没有成对。",), approximate=True
    )
    text = client.get("/search?q=科普日").get_data(as_text=True)
    for sentence in ("没有完全匹配，下面是包含所有词的结果。",
                     "实际检索：市科协 = 云州市科学技术协会", "引号没有成对。", "共约 "):  # fmt: skip
        assert sentence in text


def test_nothing_found_offers_a_way_on(client: FlaskClient) -> None:
    page = tree(client.get("/search?q=查无此词&type=通知"))
    assert texts(page, "count-line") == ["没有找到公文"]
    assert links(page)["清除全部条件"] == "/search?q=%E6%9F%A5%E6%97%A0%E6%AD%A4%E8%AF%8D"


def test_who_seeks_a_part_of_a_mobile_number_is_told_to_write_all_of_it(client: FlaskClient) -> None:
    told = "手机号码请写全 11 位"
    assert told in client.get("/search?q=13900009").get_data(as_text=True)
    assert told not in client.get("/search?q=查无此词").get_data(as_text=True)
    assert told not in client.get("/search?q=13900009999").get_data(as_text=True)


def test_json_and_page_are_the_same_answer(client: FlaskClient) -> None:
    address = "/search?q=科技活动周&year=2024"
    told, page = client.get(address, headers=JSON).json, tree(client.get(address))
    assert told["total"] == len(told["hits"]) == 4
    assert [hit["title"] for hit in told["hits"]] == texts(page, "hit-title")
    assert [hit["url"] for hit in told["hits"]] == page.xpath("//a[@data-hit]/@href")
    assert told["facets"]["type"] == [{"value": "通知", "count": 4}]


def test_mobile_numbers_are_masked_in_snippets_also_when_they_match(client: FlaskClient) -> None:
    page = tree(client.get("/search?q=13900000001"))
    snippets = texts(page, "snippet")
    assert len(snippets) == 5
    assert all("139****0001" in snippet and "13900000001" not in snippet for snippet in snippets)
    assert page.xpath("//p[@class='snippet']/mark/text()") == ["139****0001"] * 5


def test_a_hit_the_index_has_just_lost_is_still_listed(client: FlaskClient, finder: PlainFinder) -> None:
    finder.answer = lambda page: replace(page, hits=tuple(replace(hit, id=f"{'0' * 16}-1") for hit in page.hits[:1]))
    assert len(texts(tree(client.get("/search?q=科普日")), "hit-title")) == 1


def test_an_index_out_of_order_is_a_503_that_says_so(client: FlaskClient, finder: PlainFinder) -> None:
    def broken(page: Page) -> Page:
        raise StoreError("坏了：/secret/path")

    finder.answer = broken
    answer = client.get("/search?q=科普日")
    assert answer.status_code == 503
    assert "暂时无法提供服务" in answer.get_data(as_text=True)
    assert "/secret/path" not in answer.get_data(as_text=True)
    assert client.get("/health").status_code == 503


def test_health_says_nothing_but_that_it_is_well(client: FlaskClient) -> None:
    assert client.get("/health").json == {"status": "ok"}


def test_headings_and_labels_are_in_order(client: FlaskClient) -> None:
    for address in ("/", "/search?q=科普", "/state", "/help"):
        page = tree(client.get(address))
        levels = [int(one.tag[1]) for one in page.xpath("//h1|//h2|//h3|//h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        named = set(page.xpath("//label/@for"))
        fields = page.xpath("//input[not(@type='hidden')]/@id")
        assert set(fields) <= named, address
        assert len(page.xpath("//*[@id]/@id")) == len(set(page.xpath("//*[@id]/@id"))), address
