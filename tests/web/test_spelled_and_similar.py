"""Did you mean, and papers that tell of the same: links beside what was found, never in its place."""

from __future__ import annotations

from comfort_kit import Comforts
from dom_kit import links, texts, tree

JSON = {"Accept": "application/json"}


def test_another_spelling_is_a_link_with_its_count(comforts: Comforts) -> None:
    page = tree(comforts.client.get("/search?q=科谱日&type=通知"))
    assert texts(page, "count-line") == ["没有找到公文"]
    (meant,) = texts(page, "meant")
    assert meant.startswith("您要找的是不是：科普日")
    url = links(page)["科普日"]
    assert "type=" in url
    told = comforts.client.get(url, headers=JSON).json
    assert f"科普日{told['total']}件" in meant


def test_what_is_found_is_not_doubted(comforts: Comforts) -> None:
    assert texts(tree(comforts.client.get("/search?q=科普日")), "meant") == []
    assert comforts.client.get("/search?q=科普日", headers=JSON).json["did_you_mean"] == []


def test_json_tells_the_same(comforts: Comforts) -> None:
    told = comforts.client.get("/search?q=周民远", headers=JSON).json
    assert [one["text"] for one in told["did_you_mean"]] == ["周明远"]
    assert told["total"] == 0


def test_a_spelling_that_is_markup_stays_text(comforts: Comforts) -> None:
    text = comforts.client.get("/search", query_string={"q": "<b>科谱日</b>"}).get_data(as_text=True)
    assert "<b>科" not in text


def paper(comforts: Comforts, number: str) -> str:
    return comforts.client.get(f"/search?q=文号:{number}", headers=JSON).json["hits"][0]["id"]


def test_similar_papers_stand_below_a_paper(comforts: Comforts) -> None:
    one = paper(comforts, "云科协字〔2024〕12号")
    page = tree(comforts.client.get(f"/d/{one}"))
    titles = page.xpath("//section[@class='similar']//a[@data-hit]")
    assert titles
    assert "全国科普日活动实施方案" in titles[0].text_content()
    assert f"/d/{one}" not in [title.get("href") for title in titles]
    assert links(page)["更多"] == f"/similar/{one}"


def test_a_page_of_their_own_and_json(comforts: Comforts) -> None:
    one = paper(comforts, "云科协字〔2024〕12号")
    shown = tree(comforts.client.get(f"/similar/{one}")).xpath("//ol[@class='similar-list']//a/@href")
    told = comforts.client.get(f"/similar/{one}", headers=JSON).json
    assert [hit["url"] for hit in told["similar"]] == shown
    assert 5 <= len(shown) <= 30
    assert all(hit["words"] for hit in told["similar"])


def test_a_paper_nobody_has_is_a_404(comforts: Comforts) -> None:
    assert comforts.client.get("/similar/0000000000000000-1").status_code == 404
    assert comforts.client.get("/similar/..%2f..%2fetc").status_code == 404
