"""Five made-up years with known truth: a renamed unit, a split one, leads that move, a plan that is withdrawn."""

from __future__ import annotations

import five_years_kit as kit
import pytest
from kept_kit import measured
from sqlalchemy import select

from audit.linking import link
from audit.questions import QUESTIONS, Asked
from audit.taskfacts import papers_with_tasks, tasks_of
from audit.wording import Wording
from index.catalogue.ledger import Filter, find_roles
from index.catalogue.tables import PRINTED, ROLES, names, papers, roles


def ask(desk, key, **asked):
    return QUESTIONS[key].work(desk, Asked(**asked))


def ledger(connection):
    wanted = (
        select(papers.c.number, roles.c.matter, roles.c.role, names.c.name, roles.c.printed)
        .join(papers, papers.c.pk == roles.c.paper)
        .join(names, names.c.pk == roles.c.who)
        .where(roles.c.shown == PRINTED, roles.c.role.in_([ROLES.index("lead"), ROLES.index("responsible")]))
        .where(papers.c.number.in_([kit.number(plan) for plan in kit.truth()["plans"]]))
    )
    return {
        (number, matter, ROLES[role], name, printed)
        for number, matter, role, name, printed in connection.execute(wanted)
    }


def test_the_ledger_holds_what_is_true(desk):
    found, true = desk.ask(ledger), kit.gold_roles()
    assert len(true) == 238
    assert len(found & true) / len(found) >= 0.98
    assert len(found & true) / len(true) >= 0.98


def test_the_same_task_is_found_in_every_year(desk):
    plans = {kit.number(plan) for plan in kit.truth()["plans"]}
    found = [one for one in desk.ask(tasks_of, desk.ask(papers_with_tasks)) if one.paper.number in plans]
    told = {(kit.number(one.plan), one.title): one.task for one in kit.entries()}
    true = {(one.paper.id, one.row): told[one.paper.number, one.title] for one in found}
    precision, recall = measured(link(Wording(desk.vocab, desk.series_vocab), found), true)
    assert precision >= 0.95
    assert recall >= 0.95


@pytest.mark.parametrize("task", list(kit.truth()["tasks"]))
def test_who_led_a_task_over_the_years(desk, task):
    """Asked for as its last plan words it: every plan that has it answers, with its leads."""
    mine = [one for one in kit.entries() if one.task == task]
    answer = ask(desk, "leads", text=mine[-1].title, first=2019, last=2023)
    rows = {(row.evidence[0].number, row.cells[1]): row.cells[2] for row in answer.rows if row.group == mine[-1].title}
    wanted = {
        (kit.number(one.plan), one.title): "、".join(kit.names_in(key, kit.year_of(one.plan))[1] for key in one.lead)
        for one in mine
    }
    assert rows == wanted


def test_leads_that_move_are_told(desk):
    rows = ask(desk, "leads", text="应急指挥平台", first=2019, last=2023).rows
    told = [(row.cells[0], row.cells[5]) for row in rows]
    assert ("2021", "新增牵头：澜城市应急管理局；提法有变") in told
    assert ("2023", "不再牵头：澜城市数据局；提法有变") in told


def test_a_renamed_unit_is_one_unit(desk):
    """Under its old, its new and its short name."""
    rows = {
        name: ask(desk, "unit", unit=name, role="lead").rows
        for name in ("市数据局", "澜城市大数据发展局", "澜城市数据局")
    }
    years = [{row.cells[0] for row in found} for found in rows.values()]
    assert years[0] == years[1] == years[2] == {"2019", "2020", "2021", "2022"}
    assert {row.cells[3] for row in rows["市数据局"]} == {"市数据局", "市大数据发展局"}


def test_a_split_unit_stays_apart_from_its_successors(desk):
    before = {row.cells[0] for row in ask(desk, "unit", unit="市文化体育局").rows}
    after = {row.cells[0] for row in ask(desk, "unit", unit="市体育局").rows}
    assert before == {"2019", "2020", "2021"}
    assert after == {"2022", "2023"}


def test_a_withdrawn_plan_is_marked_and_says_by_what(desk):
    rows = ask(desk, "leads", text="高危险性体育项目", first=2022, last=2022).rows
    by_number = {row.evidence[0].number: row for row in rows}
    assert by_number["澜安办〔2022〕1号"].marks[0] == "所据公文已由澜安办〔2022〕6号废止"
    assert by_number["澜安办〔2022〕1号"].evidence[1].number == "澜安办〔2022〕6号"
    assert "废止" not in "".join(by_number["澜安办〔2022〕7号"].marks)


def test_nothing_found_says_which_years_were_searched(desk):
    answer = ask(desk, "leads", text="登月", first=2017, last=2020)
    assert answer.rows == ()
    assert answer.empty.startswith("无记录：检索年份 2017–2020")
    assert "没有公文的年份：2017、2018" in answer.empty


@pytest.mark.parametrize(("day", "who", "paper"), [
    ("2020-01-01", {"黎照野"}, "澜政办〔2019〕11号"), ("2021-05-18", {"黎照野"}, "澜政办〔2021〕8号"),
    ("2023-12-31", {"储青禾"}, "澜政办〔2023〕5号"),
])  # fmt: skip
def test_who_sat_for_a_unit_on_a_day(desk, day, who, paper):
    answer = ask(desk, "members", unit="市教育局", on=day)
    assert {row.cells[1] for row in answer.rows} == who
    assert {row.evidence[0].number for row in answer.rows} == {paper}
    assert any("由接任同志自然递补，不再另行发文" in note for note in answer.notes)


def test_before_the_first_roster_nothing_is_said(desk):
    answer = ask(desk, "members", unit="市教育局", on="2019-01-01")
    assert answer.rows == ()
    assert any("最早的名单是2019年4月10日" in note for note in answer.notes)


def test_a_unit_that_left_the_roster_is_told(desk):
    answer = ask(desk, "members", unit="市文化体育局", on="2023-12-31")
    assert answer.rows == ()
    assert any("没有所查的单位或人员" in note for note in answer.notes)


def test_what_changed_between_two_rosters(desk):
    answer = ask(desk, "changes", one="澜政办〔2021〕8号", other="澜政办〔2019〕11号")
    told = {(row.cells[0], row.cells[1].split("　")[1:2] and row.cells[1].split("　")[1], row.cells[2].split("　")[1])
            for row in answer.rows if row.cells[2]}  # fmt: skip
    assert ("接替", "闻笛", "桂子衡") in told
    assert ("小组职务变动", "黎照野", "黎照野") in told
    assert ("职务变动", "戚长青", "戚长青") in told


def test_what_changed_between_two_plans(desk):
    rows = ask(desk, "changes", one="澜安办〔2020〕3号", other="澜安办〔2021〕2号").rows
    found = {(row.cells[0], row.cells[1], row.cells[2]) for row in rows}
    old = {one.task: one for one in kit.entries() if one.plan == "2020"}
    new = {one.task: one for one in kit.entries() if one.plan == "2021"}
    assert {row[1] for row in found if row[0] == "未再列入"} == {old[task].title for task in old.keys() - new.keys()}
    assert {row[2] for row in found if row[0] == "新增"} == {new[task].title for task in new.keys() - old.keys()}
    moved = {(old[task].title, new[task].title) for task in old.keys() & new.keys() if old[task].lead != new[task].lead}
    assert {row[1:] for row in found if row[0] == "牵头变动"} == moved


def test_duties_and_what_became_of_them(desk):
    rows = {row.cells[0]: row for row in ask(desk, "duties", text="总结").rows}
    assert rows["2019年12月10日"].cells[4] == "可能已报，待确认"
    assert rows["2019年12月10日"].marks == ("还没有见到：澜城市工业和信息化局",)
    assert {one.number for one in rows["2019年12月10日"].evidence} == {"澜安办〔2019〕20号", "澜教报〔2019〕3号"}
    assert rows["2020年12月10日"].cells[4] == "到期未见报告"
    assert rows["2023年12月10日"].cells[4] == "无法判断"  # the corpus ends before


def test_gaps_in_running_numbers(desk):
    rows = [row.cells for row in ask(desk, "numbers", text="澜安办", first=2022, last=2022).rows]
    assert rows == [
        ("澜安办〔2022〕", "缺号", "2号、3号、4号、5号", "前后为1号、6号"),
        ("澜安办〔2022〕", "缺号", "8号、9号、10号、11号、12号、13号、14号、15号、16号、17号、18号、19号",
        "前后为7号、20号"),
    ]  # fmt: skip


def test_doubles_and_days_that_do_not_fit_their_numbers(desk):
    rows = [row.cells for row in ask(desk, "numbers", text="澜教报").rows]
    assert (
        "澜教报〔2021〕",
        "重号",
        "3号",
        "2 件公文同一文号：《关于报送2021年安全生产工作总结的报告》；《关于校车运行情况的函》",
    ) in rows
    assert ("澜教报〔2020〕", "年份不符", "7号", "文号是2020年，成文日期是2021年1月5日") in rows


def test_cited_papers_that_are_not_there(desk):
    rows = ask(desk, "missing").rows
    assert [row.cells[:3] for row in rows] == [("《海西省防汛责任制规定》", "海政办发〔2018〕31号", "1")]
    assert rows[0].evidence[0].number == "澜安办〔2023〕9号"


def test_tasks_without_lead_or_time(desk):
    told = {row.cells[1]: row.cells[2] for row in ask(desk, "unassigned").rows}
    assert told == {"疏浚城区排水管网": "牵头单位", "落实值班值守": "时间"}


def test_body_and_table_that_disagree(desk):
    rows = [row.cells[1:] for row in ask(desk, "differs").rows]
    assert rows == [
        ("排查病险水库", "牵头单位", "市应急局", "市农业农村局"), ("排查病险水库", "责任单位", "市农业农村局",
        "市应急局"),
    ]  # fmt: skip


def test_every_quote_stands_in_the_text_of_its_file(desk):
    """Pieces of a row are parted by …."""
    for key, asked in (("leads", {"text": "安全"}), ("unit", {"unit": "市应急局"}), ("members", {"group": "安全生产"})):
        found = list(ask(desk, key, **asked).evidence())
        assert found
        for one in found:
            text = "".join(desk.store.text(one.sha256).text.split())
            assert one.quote
            assert all(piece in text for piece in one.quote.split("…") if piece)


def test_a_page_of_the_ledger_and_the_question_agree(desk):
    keys = desk.units(["市应急局"])
    total = desk.ask(find_roles, Filter(keys, ("lead",)), 0, 1000).total
    assert ask(desk, "unit", unit="市应急局", role="lead").count == total
