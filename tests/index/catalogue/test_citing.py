"""Which paper a citation means: by number, by title, of several, of none; and what changes when papers come and go."""

from __future__ import annotations

import pytest
from catalogue_kit import new_store, open_over, sha

from gongwen.record import Reading, Record, empty_values, record_id
from index.catalogue.citing import cited_by_paper, citing_paper, find_citations, find_missing
from index.catalogue.titles import may_be, read_title


def paper(name: str, title: str, number: str = "", issuer: str = "", cites: list[tuple[str, str]] | None = None,
          enclosures: list[str] | None = None, date: str = "2024-03-01") -> Reading:  # fmt: skip
    values = empty_values() | {
        "id": record_id(sha(name), 1), "title": title, "document_number": number or None, "issue_date": date,
        "issuers": [issuer] if issuer else [], "enclosures": enclosures or [],
        "citations": [{"title": cited or None, "document_number": no or None, "relation": "basis", "alias": None}
                      for cited, no in cites or []],
    }  # fmt: skip
    return Reading(f"{name}.txt", sha(name), "text/plain", True, [], [Record(values)])


@pytest.fixture
def catalogue(tmp_path):
    opened = open_over(new_store(tmp_path / "corpus", []))
    opened.prepare()
    yield opened
    opened.close()


def told(catalogue, name: str) -> list[tuple[str, list[str]]]:
    found = catalogue.ask(lambda connection: cited_by_paper(connection, record_id(sha(name), 1)))
    return [(one.state, sorted(target.title for target in one.targets)) for one in found]


CITING = paper("citing", "关于做好迎检工作的通知", cites=[
    ("", "云科协字〔2024〕7号"), ("", "本会云科协字〔2024〕7号"), ("云州市科普管理办法", ""),
    ("云州市教育局关于召开工作会议的通知", ""), ("关于召开工作会议的通知", ""), ("国家的法", ""),
    ("另一标题的方案", "云科协字〔2024〕7号"),
])  # fmt: skip
PLAN = paper("plan", "关于印发科普方案的通知", "云科协字〔2024〕7号", "云州市科学技术协会")
RULES = paper("rules", "关于印发《云州市科普管理办法》的通知", "云科协字〔2020〕3号", "云州市科学技术协会",
              enclosures=["云州市科普管理办法"])  # fmt: skip
MEETING = paper("meeting", "关于召开工作会议的通知", "云教〔2024〕3号", "云州市教育局")
OTHER = paper("other", "关于召开工作会议的通知", "云科〔2024〕3号", "云州市科学技术局")


def test_states_follow_what_comes_and_goes(catalogue):
    catalogue.update([CITING])
    assert {state for state, _ in told(catalogue, "citing")} == {"missing"}
    catalogue.update([PLAN, RULES, MEETING, OTHER])
    assert told(catalogue, "citing") == [
        ("found", ["关于印发科普方案的通知"]),
        ("found", ["关于印发科普方案的通知"]),
        ("found", ["关于印发《云州市科普管理办法》的通知"]),
        ("found", ["关于召开工作会议的通知"]),
        ("several", ["关于召开工作会议的通知", "关于召开工作会议的通知"]),
        ("missing", []),
        ("found", ["关于印发科普方案的通知"]),
    ]
    catalogue.delete(OTHER.sha256)
    assert told(catalogue, "citing")[4] == ("found", ["关于召开工作会议的通知"])
    catalogue.delete(PLAN.sha256)
    assert [state for state, _ in told(catalogue, "citing")[:2]] == ["missing", "missing"]


def test_a_number_with_another_title_is_found_and_told(catalogue):
    catalogue.update([CITING, PLAN])
    found = catalogue.ask(lambda connection: cited_by_paper(connection, record_id(sha("citing"), 1)))
    assert [one.title_differs for one in found] == [False] * 6 + [True]


def test_the_same_number_of_two_issuers_is_told_by_the_title(catalogue):
    """A code is not unique in the country: the title decides, and where it does not, both are named."""
    north = paper("north", "关于做好防火工作的通知", "江府办〔2024〕9号", "江北市人民政府办公室")
    south = paper("south", "关于做好防汛工作的通知", "江府办〔2024〕9号", "江南市人民政府办公室")
    citing = paper("citing", "转发", cites=[("关于做好防汛工作的通知", "江府办〔2024〕9号"), ("", "江府办〔2024〕9号")])
    catalogue.update([north, south, citing])
    assert told(catalogue, "citing") == [
        ("found", ["关于做好防汛工作的通知"]), ("several", ["关于做好防汛工作的通知", "关于做好防火工作的通知"]),
    ]  # fmt: skip


def test_cited_with_a_number_that_is_not_here_a_title_alone_does_not_do(catalogue):
    citing = paper("citing", "通报", cites=[("关于召开工作会议的通知", "云教〔2023〕8号")])
    catalogue.update([MEETING, citing])
    assert told(catalogue, "citing") == [("missing", [])]


def test_cited_by_and_lists(catalogue):
    catalogue.update([CITING, PLAN, RULES, MEETING])
    found = catalogue.ask(lambda connection: citing_paper(connection, record_id(sha("plan"), 1)))
    assert found.total == 3
    assert {one.paper.title for one in found.rows} == {"关于做好迎检工作的通知"}
    missing = catalogue.ask(find_missing)
    assert [(one.title, one.count) for one in missing.rows] == [("国家的法", 1)]
    listed = catalogue.ask(lambda connection: find_citations(connection, state="found", text="办法"))
    assert [one.path for one in listed.rows] == ["citations/2"]
    none = catalogue.ask(lambda connection: find_citations(connection, start="2025-01-01"))
    assert none.total == 0


def test_a_paper_does_not_cite_itself(catalogue):
    own = paper("own", "关于召开座谈会的通知", "云科协字〔2024〕8号", cites=[("关于召开座谈会的通知", "")])
    catalogue.update([own])
    assert told(catalogue, "own") == [("missing", [])]


@pytest.mark.parametrize(("one", "other"), [
    ("云州市科学技术协会关于印发《科普方案》的通知", "关于印发〈科普方案〉的通知"),
    ("海西省科协等13部门关于印发科普方案的通知", "关于印发“科普方案”的通知"),
    ("关于 做好工作的通知", "关于做好工作的通知"),
    ("关于２０２１年工作的通知", "关于2021年工作的通知"),
])  # fmt: skip
def test_titles_that_are_one(one, other):
    assert read_title(one).key == read_title(other).key != ""


@pytest.mark.parametrize("text", ["", "通知", "公告", "《》"])
def test_titles_too_short_to_name_a_paper(text):
    assert read_title(text).key == ""


def test_organs():
    assert read_title("海西省科协等13部门关于印发科普方案的通知").organs == "海西省科协等13部门"
    assert may_be("海西省科协等13部门", "海西省科学技术协会")
    assert not may_be("云州市教育局", "云州市科学技术局")
    assert may_be("", "任何单位")
