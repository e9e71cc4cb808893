"""People, organs and contacts (domain.md §12 F70-F85)."""

from __future__ import annotations

import pytest
from edge_kit import column, notice, read_body
from extract_kit import read_record

from gongwen.values.contacts import find_contacts
from gongwen.values.people import split_posts
from gongwen.values.phones import find_phones
from gongwen.values.units import complete_names, is_group, split_units


def _names(text: str) -> list[str]:
    return [one.text for one in split_units(text)]


def _full(text: str, level: str = "", owner: str = "") -> list[str]:
    return complete_names(_names(text), level, owner)


ROSTER = (
    "成立云州市科普活动领导小组，名单如下：\n"
    "组 长：\t周明远\t市科协党组书记、主席\n副组长：\t林若溪\t市科协副主席\n"
    "组 员：\t何 立\t市科协科普部部长\n\t陈小满\t市科协学会部部长\n\t芮 青\t云州科技馆馆长\n"
)


def test_a_head_with_two_posts():
    """F70"""
    row = read_body(ROSTER)["leading_group"][0]
    assert (row["role"], row["name"], row["post"]) == ("组长", "周明远", "市科协党组书记、主席")
    assert [(post.unit, post.post) for post in split_posts(row["post"])] == [("市科协党组", "书记"), ("市科协", "主席")]


def test_lines_without_a_label_lean_on_the_one_above():
    """F71; a surname that no list knows is told by its place"""
    record = read_body(ROSTER)
    assert column(record, "leading_group", "role") == ["组长", "副组长", "组员", "组员", "组员"]
    assert column(record, "leading_group", "name")[2:] == ["何立", "陈小满", "芮青"]
    assert record.evidence["leading_group/2/name"][0].quote == "何 立"


def test_several_names_behind_one_label():
    """F71"""
    record = read_body("评审组名单如下：\n组  长：周明远  市科协主席\n成  员：陈小满、何  立、赵一\n评审组设在市科协。")
    assert column(record, "leading_group", "name") == ["周明远", "陈小满", "何立", "赵一"]
    assert column(record, "leading_group", "role") == ["组长", "成员", "成员", "成员"]
    assert column(record, "leading_group", "post") == ["市科协主席", None, None, None]


def test_text_below_a_roster_is_no_member():
    """F71"""
    record = read_body(f"{ROSTER}\n领导小组办公室设在市科协科普部，负责日常工作。\n\n科普 活动  由科普部长负责")
    assert len(record["leading_group"]) == 5


def test_one_person_and_two_numbers():
    """F72"""
    (row,) = read_body("联 系 人：林若溪  \n联系电话：5550123  13900000001")["contacts"]
    assert (row["name"], row["phones"]) == ("林若溪", ["5550123", "13900000001"])


def test_a_number_that_takes_fax_too():
    """F73"""
    body = "联系人：林若溪，联系电话：0999-5550123（兼传真），13900000001"
    (row,) = read_body(body)["contacts"]
    assert (row["phones"], row["fax"]) == (["0999-5550123", "13900000001"], "0999-5550123")
    assert [(one.kind, one.fax) for one in find_phones(body)] == [("local", True), ("mobile", False)]


def test_two_people_share_one_number():
    """F74"""
    record = read_body("联系人：何立、林若溪\n联系电话：0999-5550123")
    assert [(row["name"], row["phones"]) for row in record["contacts"]] == [
        ("何立", ["0999-5550123"]), ("林若溪", ["0999-5550123"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param("市教育局、科协、科技局", ["市教育局", "市科协", "市科技局"], id="F75"),
        pytest.param("市委组织部、市卫生健康委、教育局", ["市委组织部", "市卫生健康委", "市教育局"], id="F76"),
        pytest.param("市气象局、应急局，团市委、妇联等", ["市气象局", "市应急局", "团市委", "市妇联"], id="F78"),
        pytest.param("市科协科普部、学会部、云州科技馆", ["市科协科普部", "市科协学会部", "云州科技馆"], id="F82"),
        pytest.param("市委宣传部、老干部局、网信办", ["市委宣传部", "市委老干部局", "市委网信办"], id="F76-party"),
    ],
)
def test_names_lean_on_the_one_before(printed, expected):
    assert _full(printed) == expected


def test_names_without_a_level_are_of_the_issuers():
    """F77"""
    assert _full("科技局、科协等", "市") == ["市科技局", "市科协"]
    assert [one.open_ended for one in split_units("科技局、科协等")] == [False, True]


def test_a_record_tells_whom_a_printed_name_stands_for():
    """F75, F77: as printed in the task, written out in `units`"""
    record = read_body(
        "一、主要任务\n（一）科普进校园。组织讲课。（牵头单位：市教育局、科协，责任单位：科技局、团市委等）"
    )
    (task,) = record["tasks"]
    assert (task["lead"], task["responsible"]) == (["市教育局", "科协"], ["科技局", "团市委"])
    assert [record["units"][name] for name in ("科协", "科技局", "团市委")] == [
        "云州市科学技术协会", "云州市科学技术局", "共青团云州市委员会",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("issuer", "full"),
    [
        ("云州市科学技术协会", "云州市教育局"),
        ("海西省云州市科学技术协会", "云州市教育局"),
        ("云州市临江县科学技术协会", "临江县教育局"),
        ("临江县科学技术协会", "临江县教育局"),
        ("海西省科学技术协会", "海西省教育局"),
        ("海西壮族自治区科学技术协会", "海西壮族自治区教育局"),
        ("东岭土家族自治州科学技术协会", "东岭土家族自治州教育局"),
    ],
)
def test_the_level_is_that_of_the_issuer(issuer, full):
    """F77"""
    body = "一、主要任务\n（一）科普进校园。组织讲课。（牵头单位：教育局）"
    record = read_record(notice(body, head="", signed=f"{issuer}\n2024年3月5日"))
    assert record["units"]["教育局"] == full


def test_a_bracket_of_kinds_is_not_split():
    """F79"""
    assert _names("各海西省级学会（协会、研究会），各县（区）科协") == [
        "各海西省级学会（协会、研究会）",
        "各县（区）科协",
    ]
    assert is_group("各海西省级学会（协会、研究会）")


@pytest.mark.parametrize("name", ["云州市融媒体中心（云州市广播电视台）", "北部新区（临江工业新区）管委会"])
def test_a_second_name_in_brackets_makes_no_second_unit(name):
    """F80"""
    assert _names(f"市教育局、{name}、市科协") == ["市教育局", name, "市科协"]


def test_two_places_with_a_gap_are_two():
    """F81"""
    assert _names("临江县 安平县") == ["临江县", "安平县"]


def test_a_departments_name_is_completed_by_the_issuer():
    """F83"""
    body = "一、主要任务\n（一）学术科普进农村。组织专家讲课。\n（牵头部门：学会部，责任单位：各县区科协）"
    record = read_body(body)
    (task,) = record["tasks"]
    assert (task["title"], task["lead"], task["responsible"]) == ("学术科普进农村", ["学会部"], ["各县区科协"])
    assert record["units"]["学会部"] == "云州市科学技术协会学会部"
    assert is_group("各县区科协")


def test_a_bracket_in_half_width_signs():
    """F84"""
    body = "一、活动安排\n(一)启动仪式。举行启动仪式。(牵头单位:市科协、市科技局、清河区政府)"
    (task,) = read_body(body)["tasks"]
    assert task["lead"] == ["市科协", "市科技局", "清河区政府"]


def test_a_bracket_with_a_time_and_other_labels():
    """F83; a label that is no role ends the list of units before it"""
    body = (
        "一、主要任务\n（一）科普进乡村。组织讲课。"
        "（牵头单位：市农业农村局；配合单位：市科协、各县（区）人民政府；完成时限：2024年10月；联络员：何立）"
    )
    (task,) = read_body(body)["tasks"]
    assert (task["lead"], task["cooperate"]) == (["市农业农村局"], ["市科协", "各县（区）人民政府"])
    assert (task["time"]["start"], task["time"]["end"]) == ("2024-10-01", "2024-10-31")


def test_labels_on_neighbouring_lines_tell_of_one_task():
    """F83"""
    body = (
        "一、主要任务\n（一）科普进乡村\n牵头单位：市农业农村局\n责任单位：市教育局、科协\n完成时限：2024年10月\n"
        "（二）科普进校园\n牵头单位：市教育局"
    )
    first, second = read_body(body)["tasks"]
    assert (first["lead"], first["responsible"]) == (["市农业农村局"], ["市教育局", "科协"])
    assert first["time"]["text"] == "2024年10月"
    assert (second["title"], second["lead"], second["time"]) == ("科普进校园", ["市教育局"], None)


def test_units_that_lead_are_told_in_prose():
    """F85"""
    body = "一、活动安排\n（一）启动仪式\n由市科协和市科技局牵头，联合市科学素质纲要办成员单位，举行启动仪式。"
    (task,) = read_body(body)["tasks"]
    assert task["lead"] == ["市科协", "市科技局"]


def test_a_contact_beside_a_list_of_units_keeps_its_unit():
    """F74"""
    (contact,) = find_contacts("市科协科普部联系人：林若溪，电话：0999-5550123")
    assert (contact.name, contact.unit, contact.phones) == ("林若溪", "市科协科普部", ("0999-5550123",))


def test_the_place_column_of_a_schedule():
    """F81"""
    table = (
        "附件\n\n2024年活动安排表\n\n| 计划活动 | 工作内容 | 牵头部门 | 活动地点 |\n|---|---|---|---|\n"
        "| 科普进乡村 | 讲课 | 科普部 | 临江县 安平县 |\n"
    )
    record = read_record(notice("请认真执行。", after=table))
    assert column(record, "tasks", "location") == ["临江县 安平县"]


def test_the_body_and_the_table_tell_of_one_task():
    """domain.md §6: both rows stay and are linked; who does it is compared"""
    body = (
        "一、主要任务\n（一）科普进乡村。组织讲课。（牵头单位：市农业农村局）\n（二）科普进校园。举办讲座。（牵头单位：市教育局）\n\n"
        "序号\t工作任务\t牵头单位\n1\t科普进乡村\t市农业农村局\n2\t科普进校园\t市科协\n3\t科普进企业\t市总工会\n"
    )
    record = read_body(body)
    assert [row["title"] for row in record["tasks"]] == [
        "科普进乡村",
        "科普进校园",
        "科普进乡村",
        "科普进校园",
        "科普进企业",
    ]
    assert record["same_tasks"] == [[0, 2], [1, 3]]
    (issue,) = [one for one in record.issues if one.code == "task_differs"]
    assert "市教育局" in issue.message and "市科协" in issue.message


def test_long_papers_are_linked_by_equal_titles_only(monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        "一、主要任务\n（一）科普进乡村。组织讲课。（牵头单位：市农业农村局）\n（二）开展科普进校园。举办讲座。（牵头单位：市教育局）\n\n"
        "序号\t工作任务\t牵头单位\n1\t科普进乡村\t市农业农村局\n2\t开展科普进校园活动\t市科协\n3\t科普进企业\t市总工会\n"
    )
    assert read_body(body)["same_tasks"] == [[0, 2], [1, 3]]
    monkeypatch.setattr("extract.same_tasks._MOST", 0)
    assert read_body(body)["same_tasks"] == [[0, 2]]
