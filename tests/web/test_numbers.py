"""/n/<number> leads to the paper, however the number is written; a search's address says all of it."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import pytest
from comfort_kit import Comforts
from corpus_kit import make
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from web.filters import Asked, read_asked


@pytest.mark.parametrize(
    "number",
    ["云科协字〔2024〕12号", "云科协字[2024]12", "云科协字（2024）12号", "雲科協字〔2024〕12號", "云科协字2024年12号",
     "云科协字〔２０２４〕１２号"],
)  # fmt: skip
def test_straight_to_the_paper(comforts: Comforts, number: str) -> None:
    answer = comforts.client.get(f"/n/{quote(number, safe='')}")
    assert answer.status_code == 302
    assert "云科协字〔2024〕12号" in comforts.client.get(answer.location).get_data(as_text=True)
    assert answer.location.startswith("/d/")


def test_several_papers_are_listed(comforts: Comforts) -> None:
    twin = make("副本.txt", "⟦document_number|云科协字〔2024〕12号⟧\n⟦title|另一件同号的通知⟧")
    twin.reading.documents[0].values["number_parts"] = {"agency": "云科协字", "year": 2024, "serial": 12}
    comforts.index.update([twin.reading], {twin.reading.sha256: twin.document})
    try:
        answer = comforts.client.get(f"/n/{quote('云科协字〔2024〕12号')}")
        asked = parse_qs(urlsplit(answer.location).query)
        assert asked == {"q": ["文号:云科协字〔2024〕12号"]}
        assert comforts.client.get(answer.location, headers={"Accept": "application/json"}).json["total"] == 2
    finally:
        comforts.index.delete(twin.reading.sha256)


def test_a_number_that_is_only_cited_leads_to_who_cites_it(comforts: Comforts) -> None:
    answer = comforts.client.get(f"/n/{quote('海科协发〔2024〕31号')}")
    told = comforts.client.get(answer.location, headers={"Accept": "application/json"}).json
    assert told["total"] >= 1


@pytest.mark.parametrize("number", ["查无此号", "a/b/c", "..%2f..%2fetc", "%00", "'", '"', "科" * 900, "%ED%A0%80"])
def test_anything_else_is_a_search(comforts: Comforts, number: str) -> None:
    answer = comforts.client.get(f"/n/{number}")
    assert answer.status_code == 302
    assert answer.location.startswith("/search?q=")
    assert comforts.client.get(answer.location).status_code == 200


def test_an_old_number_without_brackets_is_found_as_it_is_printed(comforts: Comforts) -> None:
    answer = comforts.client.get("/n/第1号")
    assert answer.status_code == 302


WORDS = st.text(alphabet="科普日 “”-:：&?=#%年", min_size=0, max_size=12)


@given(q=WORDS, years=st.lists(st.sampled_from(["2024", "2023", ""]), max_size=3, unique=True),
       role=st.sampled_from(["unit", "lead"]), sort=st.sampled_from(["", "newest", "oldest"]),
       start=st.sampled_from(["", "2024-01-01"]), end=st.sampled_from(["", "2024-12-31"]), page=st.integers(1, 500))
@settings(max_examples=300, deadline=None)  # fmt: skip
def test_the_address_of_a_search_says_all_of_it(
    q: str, years: list[str], role: str, sort: str, start: str, end: str, page: int
) -> None:
    where = {"year": tuple(years)} if years else {}
    asked = Asked(q.strip(), where, start, end, sort, page, role)
    again = read_asked(MultiDict(parse_qsl(urlsplit(asked.url()).query, keep_blank_values=True)))
    assert again == asked
    assert again.url() == asked.url()
