"""Lists of units: where names part, and what a bare name leans on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.text import close_gaps, fold_width
from gongwen.values.units import (
    complete_names,
    is_bare,
    is_group,
    looks_like_unit,
    owner_and_department,
    split_addressees,
    split_units,
)


def names(text: str) -> list[str]:
    return [unit.text for unit in split_units(text)]


def addressees(text: str) -> list[str]:
    return [unit.text for unit in split_addressees(text)]


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("市教育局、科协、科技局", ["市教育局", "科协", "科技局"]),
        ("市教育局，市科协；团市委", ["市教育局", "市科协", "团市委"]),
        ("市教育局,市科协;团市委。", ["市教育局", "市科协", "团市委"]),
        ("由市科协和市科技局牵头", ["市科协", "市科技局"]),
        ("市委办公室与市政府办公室", ["市委办公室", "市政府办公室"]),
        ("市自然资源和规划局、林业和园林局", ["市自然资源和规划局", "林业和园林局"]),
        ("市人力资源和社会保障局", ["市人力资源和社会保障局"]),
        ("市各有关部门和单位", ["市各有关部门和单位"]),
        ("各自治区级学会（协会、研究会），各高校科协", ["各自治区级学会（协会、研究会）", "各高校科协"]),
        (
            "云州市融媒体中心（云州市广播电视台）、东山新区（安平工业新区）管委会",
            ["云州市融媒体中心（云州市广播电视台）", "东山新区（安平工业新区）管委会"],
        ),
        ("云州市教育局　　　云州市科技局\n云州市水利局", ["云州市教育局", "云州市科技局", "云州市水利局"]),
        ("云州市林业和\n园林局", ["云州市林业和园林局"]),
        ("云 州 市 科 学 技 术 协 会", ["云州市科学技术协会"]),
        ("云 州 市 教 育 局     云 州 市 水 利 局", ["云州市教育局", "云州市水利局"]),
        ("中共云州市委 宣传部", ["中共云州市委宣传部"]),
        ("市科协科普部\n市科协学会部", ["市科协科普部", "市科协学会部"]),
        ("市金融监管局 人行 银保监分局", ["市金融监管局", "人行", "银保监分局"]),
        ("临江县 安平县", ["临江县", "安平县"]),
        ("", []),
        ("、，", []),
    ],
)
def test_lists_of_units(text, parted):
    assert names(text) == parted


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("科技局、科协等", "科协"),
        ("市气象局、妇联等单位", "妇联"),
        ("市科协等21部门", "市科协"),
        ("市科协、市教育局等有关部门", "市教育局"),
    ],
)
def test_a_list_that_is_not_complete(text, last):
    unit = split_units(text)[-1]
    assert (unit.text, unit.open_ended) == (last, True)
    assert not any(one.open_ended for one in split_units(text)[:-1])


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        (
            "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：",
            ["各省、自治区、直辖市人民政府", "国务院各部委、各直属机构"],
        ),
        ("市政府各部门、各直属机构", ["市政府各部门、各直属机构"]),
        (
            "各县（市）、区人民政府，云州经济技术开发区、东山科技产业园区、清河示范区管委会",
            ["各县（市）、区人民政府", "云州经济技术开发区、东山科技产业园区、清河示范区管委会"],
        ),
        (
            "县（区）委宣传部、老干部局、网信办，县（区）教育局、科技局、自然资源和规划局",
            ["县（区）委宣传部、老干部局、网信办", "县（区）教育局、科技局、自然资源和规划局"],
        ),
        ("县（区）总工会、共青团县（区）委、县（区）妇联", ["县（区）总工会", "共青团县（区）委", "县（区）妇联"]),
        ("各县（区）科协、机关各部（室）、云州科技馆：", ["各县（区）科协", "机关各部（室）", "云州科技馆"]),
        ("国家经贸委、冶金部", ["国家经贸委", "冶金部"]),
        ("科技部、海西省人民政府、东山生产建设兵团", ["科技部", "海西省人民政府", "东山生产建设兵团"]),
        ("各区、县（市）教体局、市直学校", ["各区、县（市）教体局", "市直学校"]),
        (
            "各镇（街）经贸办、经济科技信息局，东山湖（生态园）产业发展局，有关企业",
            ["各镇（街）经贸办、经济科技信息局", "东山湖（生态园）产业发展局", "有关企业"],
        ),
        (
            "各市科协、党委宣传部、教育局，各高校科协、企业科协",
            ["各市科协、党委宣传部、教育局", "各高校科协、企业科协"],
        ),
        (
            "各镇、清河新区（街道）、服装城、东山度假区（东山林场）劳动保障所",
            ["各镇、清河新区（街道）、服装城、东山度假区（东山林场）劳动保障所"],
        ),
        (
            "各省、自治区、直辖市、计划单列市及海西生产建设兵团商务主管部门，有关中央企业",
            ["各省、自治区、直辖市、计划单列市及海西生产建设兵团商务主管部门", "有关中央企业"],
        ),
        ("林业和园林局，\n\n县（区）总工会：", ["林业和园林局", "县（区）总工会"]),
        ("市教育局、市科技局", ["市教育局", "市科技局"]),
        ("各有关单位：", ["各有关单位"]),
        ("各市、县（区）科协，各学会、协会、研究会：", ["各市、县（区）科协", "各学会、协会、研究会"]),
        ("各县（市、区）教育局、科技局、科协：", ["各县（市、区）教育局、科技局、科协"]),
        ("县直各单位，各乡镇人民政府、街道办事处：", ["县直各单位", "各乡镇人民政府、街道办事处"]),
        ("各县区人民政府、高新区管委会、市直各部门：", ["各县区人民政府", "高新区管委会", "市直各部门"]),
    ],
)
def test_addressees(text, parted):
    assert addressees(text) == parted


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("市教育局、科协、科技局", ["市教育局", "市科协", "市科技局"]),
        ("市委组织部、市卫生健康委、教育局", ["市委组织部", "市卫生健康委", "市教育局"]),
        ("市委宣传部、老干部局、网信办", ["市委宣传部", "市委老干部局", "市委网信办"]),
        ("市委宣传部、发展改革委", ["市委宣传部", "市发展改革委"]),
        ("科技局、科协等", ["市科技局", "市科协"]),
        ("市气象局、应急局，团市委、妇联等", ["市气象局", "市应急局", "团市委", "市妇联"]),
        ("市科协科普部、学会部、云州科技馆", ["市科协科普部", "市科协学会部", "云州科技馆"]),
        ("学会部、各县区科协", ["市科协学会部", "各县区科协"]),
        ("自治区科协、教育厅、科技厅", ["自治区科协", "自治区教育厅", "自治区科技厅"]),
        ("云州市教育局、科技局", ["云州市教育局", "云州市科技局"]),
        ("中共云州市委宣传部、老干部局", ["中共云州市委宣传部", "云州市委老干部局"]),
        ("共青团云州市委、妇联", ["共青团云州市委", "市妇联"]),
        ("领导小组办公室、科协", ["领导小组办公室", "市科协"]),
        ("各市科协、党委宣传部、教育局", ["各市科协", "各市党委宣传部", "各市教育局"]),
        ("教育厅、市科协", ["教育厅", "市科协"]),
    ],
)
def test_bare_names_take_what_stands_before_them(text, full):
    assert complete_names(names(text), "市", "市科协") == full


def test_without_a_default_a_bare_name_stays():
    assert complete_names(["科普部", "教育局"]) == ["科普部", "教育局"]


@pytest.mark.parametrize(
    "text", ["市科协", "云州科技馆", "各有关单位", "市 教 育 局", "云州市融媒体中心（云州市广播电视台）", "东山公司"]
)
def test_looks_like_a_unit(text):
    assert looks_like_unit(text)


@pytest.mark.parametrize(
    "text", ["", "局", "全部", "周明远", "2021年", "市科协，市教育局", "和科技局", "广大干部", "国" * 500]
)
def test_looks_like_no_unit(text):
    assert not looks_like_unit(text)


def test_bare_and_group_names():
    assert is_bare("自然资源和规划局") and is_bare("老干部局")
    assert not is_bare("市教育局") and not is_bare("云州科技馆")
    assert is_group("各县（区）科协") and is_group("领导小组各成员单位") and is_group("有关企业")
    assert not is_group("市科协")


def test_a_department_has_an_owner():
    assert owner_and_department("市科协科普部") == ("市科协", "科普部")
    assert owner_and_department("市委宣传部") is None
    assert owner_and_department("市教育局") is None


@given(st.text(alphabet="市县（区）科协教育局委宣传部各、，；和与 \n等云州办公室由牵头:：“”《》", max_size=60))
def test_spans_quote_the_text(text):
    for unit in (*split_units(text), *split_addressees(text)):
        assert close_gaps(unit.span.of(text)) == unit.text
        assert fold_width(unit.text).strip("、，；")


@given(
    st.lists(
        st.sampled_from(["市科协", "市教育局", "团市委", "云州科技馆", "各县（区）科协", "市自然资源和规划局"]),
        min_size=1,
    )
)
def test_a_list_joined_by_any_mark_parts_again(units):
    for mark in ("、", "，", "；", "　　", "\n"):
        assert names(mark.join(units)) == units


@pytest.mark.parametrize(
    "piece", ["国", " ", "、", "（", "科协、", "科协 ", "和", "科协和", "  国", "国 局 ", "各", "国\n"]
)
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (20_000 // len(piece)) + "，市科协"
    assert names(text)[-1] == "市科协"
    assert addressees(text)[-1] == "市科协"
