from __future__ import annotations

from pathlib import Path

import pytest

from gongwen.errors import RuleError
from index.pinyin import _rules, rough, sound, spoken


@pytest.mark.parametrize(
    ("name", "initials"),
    [("市科协", "skx"), ("重庆银行", "cqyh"), ("会计科", "kjk"), ("市长", "sz"), ("长沙", "cs"), ("科普e站", "kpez"),
     ("繁體字", "ftz")],
)  # fmt: skip
def test_initials(name: str, initials: str):
    assert spoken(name).initials == (initials,)


def test_surnames_are_read_as_surnames_in_every_way_in_use():
    assert spoken("单志强", is_person=True).initials == ("szq", "dzq")
    assert spoken("曾静", is_person=True).whole == ("zengjing",)
    assert spoken("覃明", is_person=True).initials == ("qm", "tm")
    assert spoken("单位").initials == ("dw",)


def test_umlauts_are_typed_v():
    assert spoken("绿色旅游").whole == ("lvselvyou",)


def test_sounds_that_speakers_mix_are_one():
    assert sound("中") == "zhong"
    assert rough("真") == rough("怎") == "zen"
    assert rough("京") == rough("金") == "jin"
    assert rough("三") == rough("山") == "san"
    assert rough("é") == "é"
    assert rough("〔") == "〔"


def test_wrong_readings_are_told(tmp_path: Path):
    path = tmp_path / "readings.yml"
    path.write_text("phrases: {重庆: chong}\nsurnames: {}\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"readings\.yml.*重庆"):
        _rules(path)
    path.write_text("phrases: [重庆]\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"readings\.yml"):
        _rules(path)
