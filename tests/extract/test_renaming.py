"""What extraction finds hangs on no name: the sample with other persons, places and agency codes scores the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from edge_kit import codes, notice
from extract_kit import NOTICE, read_record

from tests.extract.renaming_kit import WORLDS, Renamer, renamed, score_texts, text_cases, worse

SAMPLE = Path(__file__).resolve().parents[2] / "corpus" / "sample"


@pytest.fixture(scope="module")
def texts():
    found = text_cases(SAMPLE)
    assert len(found) >= 20
    return found


@pytest.fixture(scope="module")
def before(texts):
    return score_texts(texts)


@pytest.mark.parametrize("world", WORLDS)
def test_the_score_stays_as_it_was(texts, before, world):
    other = list(renamed(texts, WORLDS[world]))
    assert sum(one[1] != new[1] for one, new in zip(texts, other, strict=True)) >= len(texts) - 2
    changed = worse(before, score_texts(other))
    assert not changed, "\n".join(changed)


def test_a_renaming_reaches_spread_names_and_numbers():
    gold = {
        "document_number": "云科协字〔2024〕12号", "issuers": ["云州市科学技术协会"],
        "leading_group": [{"role": "组长", "name": "何立", "post": "临江县科协主席"}],
    }  # fmt: skip
    other = Renamer(gold, WORLDS["rare"])
    assert other.text("组长：何　立　临江县科协主席，云科协字〔2024〕12号，云 州市") == (
        "组长：亓　霁　儋水县科协主席，亳科协字〔2024〕12号，亳 岭市"
    )
    assert other.gold(gold)["leading_group"][0]["name"] == "亓霁"


def test_worse_tells_a_lost_value(texts, before):
    name, text, gold = texts[0]
    broken = [(name, text.replace(gold["title"][:6], "", 3), gold), *texts[1:]]
    assert any(line.startswith("title:") for line in worse(before, score_texts(broken)))


@pytest.mark.parametrize("place", ["和溪县", "及河区", "与阳市"])
def test_a_place_may_begin_with_a_word_for_and(place):
    record = read_record(NOTICE.replace("责任单位：市科协、各县（区）科协", f"责任单位：市科协、{place}科协"))
    assert record["tasks"][0]["responsible"] == ["市科协", f"{place}科协"]


@pytest.mark.parametrize("joined", ["和市教育局", "及各县科协", "和临江县科协", "和城区科协"])
def test_and_before_the_last_name_is_no_part_of_it(joined):
    record = read_record(NOTICE.replace("责任单位：市科协、各县（区）科协", f"责任单位：市科协、{joined}"))
    assert record["tasks"][0]["responsible"] == ["市科协", joined[1:]]


@pytest.mark.parametrize("name", ["古丽娜孜·艾山", "和若溪", "欧阳溪", "林　溪"])
def test_a_person_before_a_number_may_have_any_name(name):
    record = read_record(
        NOTICE.replace("联系人：林若溪，联系电话：0999-5550123", f"报名咨询：{name}，电话：0999-5550123")
    )
    assert [row["name"] for row in record["contacts"]] == ["".join(name.split())]


@pytest.mark.parametrize("place", ["云州市", "云木达沙特市", "黔云东苗族侗族自治州"])
def test_units_of_one_place_are_not_alike_for_its_long_name(place):
    head = [f"{place}{body}" for body in ("教育局", "财政局", "水利局", "民政局", "农业农村局")]
    signed = "\n\n".join([f"{place}水利局", f"{place}财政局", "2024年9月10日"])
    record = read_record(notice("请认真执行。", head="\n\n".join([*head, "文件"]), signed=signed))
    assert record["issuers"] == head
    assert "names_differ" not in codes(record)


@pytest.mark.parametrize("name", ["周明远", "雒晴", "麴文川", "阿依努尔·艾山"])
def test_a_person_behind_a_post_or_a_unit_may_have_any_name(name):
    told = (
        f"领导小组办公室设在市科协，办公室主任由市科协副主席{name}同志兼任。"
        f"联系人：市科协科普部{name}，电话：0999-5550123。"
    )
    record = read_record(NOTICE.replace("六、工作要求", f"六、成立领导小组\n{told}\n七、工作要求"))
    assert [(row["name"], row["post"]) for row in record["leading_group"]] == [(name, "市科协副主席")]
    assert (name, "市科协科普部") in [(row["name"], row["unit"]) for row in record["contacts"]]
