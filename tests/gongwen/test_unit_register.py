"""Units as data: what an office writes down, what the genre's families give, relative to issuer and time."""

from pathlib import Path

import pytest

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.rulebook import load_rulebook
from gongwen.settings import ROOT, Settings
from gongwen.values.unit_entries import Named, read_unit_list
from gongwen.values.unit_families import Families
from gongwen.values.unit_register import Register

CITY = "云州市人民政府"
OFFICE = ROOT / "corpus" / "sample-rules"


@pytest.fixture(scope="module")
def bare() -> Register:
    """No office data at all."""
    return load_rulebook().register


@pytest.fixture(scope="module")
def own() -> Register:
    """With the example file of an office."""
    return load_rulebook(Settings(rules=OFFICE)).register


def register(text: str) -> Register:
    return Register(yamlio.load(text), load_rulebook().vocab["unit_families"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- name: 甲局\n  nmae: 乙", "甲局：不认识的项 nmae"),
        ("- aliases: [甲]", "写明 name"),
        ("- 甲局", "写明 name"),
        ("name: 甲局", "应当是机构的列表"),
        ("- name: 甲局\n  kind: bureau", "甲局：kind 不能是 bureau"),
        ("- name: 甲局\n  level: city", "甲局：level 不能是 city"),
        ("- name: 甲局\n  aliases: 甲", "甲局：aliases：应当是列表"),
        ("- name: 甲局\n  aliases: [{name: 甲, until: 2020}]", "不认识的项 until"),
        ("- name: 甲局\n  aliases: [{name: 甲, from: 去年}]", "from 去年 不是日期"),
        ("- name: 甲局\n  aliases: [{name: 甲, from: 2021, to: 2020-05}]", "止于 2020-05，早于起始"),
        ("- name: 甲局\n  renamed_from: [{until: 2020}]", "应当是名称，或者写明 name"),
        ("- name: 甲局\n  members: [{name: 乙, since: 2020}]", "不认识的项 since"),
        ("- name: 甲局\n  groups: [各县科协]", "groups 应当写成"),
        ("- name: 甲局\n  succeeded_by: {name: 乙}", "succeeded_by 应当是"),
        ("- name: 甲局\n- name: 甲局", "甲局：写了两次"),
    ],
)
def test_a_wrong_unit_is_refused_by_file_and_name(text, said):
    with pytest.raises(RuleError, match=rf"own\.yml.*{said}"):
        read_unit_list(yamlio.load(text), "own.yml")


def test_a_wrong_file_of_an_office_is_refused_when_rules_are_loaded(tmp_path: Path):
    (tmp_path / "units").mkdir()
    (tmp_path / "units" / "own.yml").write_text("- name: 云州市教育局\n  region: 云州市\n  city: 云州市\n", "utf-8")
    with pytest.raises(RuleError, match=r"own\.yml: 机构 云州市教育局：不认识的项 city"):
        load_rulebook(Settings(rules=tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "- {name: 云州市甲局, region: 云州市, aliases: [市甲局]}\n"
        "- {name: 云州市乙局, region: 云州市, aliases: [市甲局]}",
        "- {name: 云州市甲局, region: 云州市}\n- {name: 云州市乙局, region: 云州市, aliases: [云州市甲局]}",
        "- {name: 甲局, region: 云州市, level: prefecture}\n- {name: 乙局, region: 云州市, level: county}",
    ],
)
def test_units_that_contradict_each_other_are_refused(text):
    with pytest.raises(RuleError, match="云州市"):
        register(text)


def test_a_name_that_changed_hands_is_no_contradiction():
    found = register(
        "- {name: 云州市甲局, region: 云州市, aliases: [{name: 市信息局, to: 2018}]}\n"
        "- {name: 云州市乙局, region: 云州市, aliases: [{name: 市信息局, from: 2019}]}"
    )
    assert found.resolve("市信息局", CITY, 2017).canonical == "云州市甲局"
    assert found.resolve("市信息局", CITY, "2020-03-05").canonical == "云州市乙局"


def test_an_office_adds_to_a_unit_of_ours():
    found = register("- {name: 中国科学技术协会, aliases: [中国科协]}\n- {name: 中国科学技术协会, aliases: [全国科协]}")
    assert {found.resolve(name).canonical for name in ("中国科协", "全国科协")} == {"中国科学技术协会"}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"family": []}, "不认识的项 family"),
        ({"families": [{"forms": ["科协"]}]}, "families"),
        ({"families": [{"names": ["{}甲{}"]}]}, "最多有一个"),
        ({"families": [{"names": ["甲"], "levels": ["city"]}]}, "levels 不能有 city"),
        ({"families": [{"names": ["甲"], "kind": "bureau"}]}, "kind 不能是 bureau"),
        ({"renames": [{"old": ["甲局"], "new": ["乙局"], "year": "去年"}]}, "year"),
    ],
)
def test_wrong_families_are_refused(found, said):
    with pytest.raises(RuleError, match=said):
        Families(found)


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("市科协", "云州市科学技术协会"),
        ("我市科协", "云州市科学技术协会"),
        ("云州科协", "云州市科学技术协会"),
        ("云州市科协", "云州市科学技术协会"),
        ("团市委", "共青团云州市委员会"),
        ("共青团云州市委", "共青团云州市委员会"),
        ("市委宣传部", "中共云州市委员会宣传部"),
        ("中共云州市委宣传部", "中共云州市委员会宣传部"),
        ("中共云州市委员会宣传部", "中共云州市委员会宣传部"),
        ("市委网信办", "中共云州市委员会网络安全和信息化委员会办公室"),
        ("市卫健委", "云州市卫生健康委员会"),
        ("市卫生健康委", "云州市卫生健康委员会"),
        ("市国资委", "云州市人民政府国有资产监督管理委员会"),
        ("市市场监管局", "云州市市场监督管理局"),
        ("市法院", "云州市中级人民法院"),
        ("市政府", "云州市人民政府"),
        ("市委", "中共云州市委员会"),
        ("市青少年宫", "云州市青少年宫"),
        ("市科协科普部", "云州市科学技术协会科普部"),
        ("市科协机关党委", "云州市科学技术协会机关党委"),
        ("临江县教育局", "临江县教育局"),
        ("云州市东山区科协", "东山区科学技术协会"),
        ("东山区团委", "共青团东山区委员会"),
        ("海西省云州市科学技术协会", "云州市科学技术协会"),
        ("广西科协", "广西壮族自治区科学技术协会"),
    ],
)
def test_families_and_the_place_of_the_issuer_make_a_full_name(bare, name, full):
    found = bare.resolve(name, CITY, 2024)
    assert (found.canonical, found.how, found.derived) == (full, "derived", True)


@pytest.mark.parametrize(
    "name",
    ["省科协", "县科协", "区科协", "市场监管局", "区块链研究会", "县区科协", "县（区）科协", "各县（区）科协",
     "云州科技馆", "市政设计院"],
)  # fmt: skip
def test_what_the_place_does_not_tell_stays_as_printed(bare, name):
    found = bare.resolve(name, CITY, 2024)
    assert (found.canonical, found.how) == (name, "printed")


@pytest.mark.parametrize(
    ("name", "issuer", "full"),
    [
        ("区科协", "云州市东山区人民政府", "东山区科学技术协会"),
        ("区科协", "海西壮族自治区人民政府", "海西壮族自治区科学技术协会"),
        ("自治区科协", "海西壮族自治区云州市科学技术协会", "海西壮族自治区科学技术协会"),
        ("区党委宣传部", "海西壮族自治区云州市科学技术协会", "中共海西壮族自治区委员会宣传部"),
        ("市科协", "云州市东山区人民政府", "云州市科学技术协会"),
        ("省教育厅", "海西省科学技术协会", "海西省教育厅"),
        ("省科技厅", "海西省云州市人民政府", "海西省科学技术厅"),
        ("州科协", "东岭土家族自治州人民政府", "东岭土家族自治州科学技术协会"),
        ("县法院", "临江县科学技术协会", "临江县人民法院"),
        ("市科协", "市人民政府", "市科协"),
    ],
)
def test_a_rung_is_the_issuers_own(bare, name, issuer, full):
    assert bare.resolve(name, issuer).canonical == full


def test_a_body_of_another_rung_is_not_made_up(bare):
    """科学技术厅 is provincial: a city has none."""
    assert bare.resolve("市科技厅", CITY).canonical == "云州市科技厅"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("市环保局", "云州市生态环境局"),
        ("市卫计委", "云州市卫生健康委员会"),
        ("市扶贫办", "云州市乡村振兴局"),
        ("市农业局", "云州市农业农村局"),
    ],
)
def test_an_old_name_leads_to_the_same_unit(bare, old, new):
    found = bare.resolve(old, CITY, 2016)
    assert (found.canonical, found.how, found.derived) == (new, "renamed", True)


def test_several_that_became_one_keep_their_names_and_are_linked(bare):
    found = bare.resolve("市国土资源局", CITY, 2016)
    assert (found.canonical, found.successors) == ("云州市国土资源局", ("云州市自然资源和规划局",))
    assert bare.resolve("市工商局", CITY, 2016).successors == ("云州市市场监督管理局",)


def test_the_successor_is_the_one_the_office_lists():
    found = register("- {name: 云州市自然资源局, region: 云州市}")
    assert found.resolve("市国土局", CITY, 2016).successors == ("云州市自然资源局",)


@pytest.mark.parametrize(
    ("name", "full", "how"),
    [
        ("市科协", "云州市科学技术协会", "listed"),
        ("云科协", "云州市科学技术协会", "listed"),
        ("中共云州市委员会宣传部", "中共云州市委宣传部", "listed"),
        ("市科技馆", "云州科技馆", "listed"),
        ("市大数据发展局", "云州市数据局", "renamed"),
        ("云州市扶贫开发办公室", "云州市乡村振兴局", "renamed"),
        ("市文化广电旅游局", "云州市文化广电和旅游局", "listed"),
        ("省科协", "海西省科学技术协会", "listed"),
        ("云州市东山区科协", "东山区科学技术协会", "listed"),
        ("省教育厅", "海西省教育厅", "derived"),
    ],
)
def test_what_is_listed_beats_what_is_constructed(own, name, full, how):
    found = own.resolve(name, CITY, 2024)
    assert (found.canonical, found.how) == (full, how)
    assert found.derived == (how == "derived")


def test_a_citys_alias_is_no_name_in_another_citys_paper(own):
    assert own.resolve("市科协", "瀚宁市人民政府").canonical == "瀚宁市科学技术协会"
    assert own.resolve("团市委", "瀚宁市人民政府").canonical == "共青团瀚宁市委员会"
    assert own.resolve("市科协", "海西省人民政府").canonical == "市科协"
    assert own.resolve("市科协", "东山区人民政府").canonical == "云州市科学技术协会"
    assert own.resolve("市科协").canonical == "云州市科学技术协会"


def test_an_alias_holds_in_its_years():
    found = register("- {name: 云州市数据局, region: 云州市, aliases: [{name: 云数, from: 2024-02, to: 2025}]}")
    assert [found.resolve("云数", CITY, when).how for when in (2023, "2024-01-31", 2024, "2024-02-01", 2025, 2026)] == [
        "printed", "printed", "listed", "listed", "listed", "printed",
    ]  # fmt: skip
    assert found.resolve("云数", CITY).how == "listed"


def test_dates_are_compared_as_far_as_both_are_known():
    named = Named("甲", "2020-06-18", "2024-05-14")
    inside = (2020, "2020-06", "2020-06-18", 2024, "2024-05-14", None)
    assert all(named.in_force(when) for when in inside)
    assert not any(named.in_force(when) for when in (2019, "2020-06-17", "2024-05-15", "2024-06", 2025))


@pytest.mark.parametrize(
    ("issuer", "name", "rung"),
    [
        ("海西省云州市科学技术协会", "云州市", "市"),
        ("中共云州市委宣传部", "云州市", "市"),
        ("国家税务总局云州市税务局", "云州市", "市"),
        ("云州市社区教育中心", "云州市", "市"),
        ("云州市城市管理局", "云州市", "市"),
        ("云州市全民科学素质工作领导小组办公室", "云州市", "市"),
        ("云州市东山区人民政府", "东山区", "区"),
        ("东岭土家族自治州科学技术协会", "东岭土家族自治州", "州"),
        ("中国科学技术协会", "", ""),
    ],
)
def test_the_place_of_an_issuer(bare, issuer, name, rung):
    place = bare.place_of(issuer)
    assert (place.name, place.rung) == (name, rung)


def test_a_listed_unit_has_the_place_that_is_listed(own):
    assert own.place_of("云州科技馆").chain == ("海西省", "云州市")
    assert own.place_of("东山区科协").chain == ("海西省", "云州市", "东山区")


COUNTIES = ["东山区", "清河区", "临江县", "安平县", "青岚县", "澄溪县"]


@pytest.mark.parametrize(
    ("name", "tail"),
    [("各县（区）科协", "科学技术协会"), ("各县(区)人民政府", "人民政府"), ("各县区教育局", "教育局"),
     ("各县（区）全民科学素质工作领导小组办公室", "全民科学素质工作领导小组办公室")],
)  # fmt: skip
def test_a_group_of_counties_is_each_of_them(own, name, tail):
    assert own.expand(name, "云州市科学技术协会", 2024) == [county + tail for county in COUNTIES]


def test_a_group_of_several_bodies(own):
    found = own.expand("各县科协、教育局", CITY, 2024)
    assert found is not None
    assert found[:3] == ["临江县科学技术协会", "临江县教育局", "安平县科学技术协会"]
    assert own.expand("各区党委宣传部、老干部局", CITY) == [
        "中共东山区委员会宣传部", "中共东山区委员会老干部局", "中共清河区委员会宣传部", "中共清河区委员会老干部局",
    ]  # fmt: skip


def test_the_cities_of_a_province(own):
    assert own.expand("各市科协", "海西省科学技术协会", 2024) == ["云州市科学技术协会"]


def test_members_in_force(own):
    group = "市全民科学素质工作领导小组各成员单位"
    before, after = (own.expand(group, "云州市科学技术协会", when) or [] for when in ("2021-03-05", "2024-06-01"))
    assert set(after) - set(before) == {"云州市社会科学界联合会", "中共云州市委老干部局"}
    assert set(before) - set(after) == {"云州市乡村振兴局"}
    assert own.expand(group, "云州市科学技术协会", 2019) is None
    assert own.expand("各成员单位", "云州市全民科学素质工作领导小组办公室", "2024-06-01") == after


def test_a_group_an_office_names_itself():
    found = register(
        "- {name: 云州市科学技术协会, region: 云州市, level: prefecture, groups: {各科普基地: [云州科技馆, "
        "{name: 市青少年宫, from: 2023}]}}\n- {name: 云州科技馆, region: 云州市, parent: 云州市科学技术协会}"
    )
    assert found.expand("各科普基地", "云州市科学技术协会", 2022) == ["云州科技馆"]
    assert found.expand("各科普基地", "云州科技馆", 2024) == ["云州科技馆", "云州市青少年宫"]
    assert found.expand("各科普基地", "瀚宁市科学技术协会", 2024) is None


@pytest.mark.parametrize("name", ["各有关单位", "各成员单位", "各县（区）学校", "市科协", "各科普教育基地", ""])
def test_what_is_no_known_group_is_not_expanded(own, name):
    assert own.expand(name, "云州市科学技术协会", 2024) is None


def test_without_regions_nothing_is_expanded(bare):
    assert bare.expand("各县（区）科协", "云州市科学技术协会", 2024) is None
