"""The five years of truth.yml as papers, as the rules of an office, and as the rows the ledger must hold.

The truth is written down first; papers and rows are both made of it, and the ledger is read from the papers alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from extract.pipeline import extract
from gongwen.record import Reading
from gongwen.rulebook import load_rulebook
from gongwen.sampling.manuscript import compose
from gongwen.sampling.paper import Paper
from gongwen.sampling.writers import plain, word
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from gongwen.yamlio import dump, load_file
from ingest.readers import docx as docx_reader
from ingest.readers import plain as plain_reader
from ingest.source import Source

HERE = Path(__file__).parent / "five_years"
CITY, CODE = "澜城市", "澜安办"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_STYLE = plain.Style()


@cache
def truth() -> dict[str, Any]:
    found: dict[str, Any] = load_file(HERE / "truth.yml")
    return found


def year_of(plan: str) -> int:
    return int(plan[:4])


def names_in(unit: str, year: int) -> tuple[str, str]:
    """What a unit is called in a year: full, short."""
    by_year = truth()["units"][unit]["names"]
    full, _, short = by_year[max(start for start in by_year if int(start) <= year)].partition("/")
    return full, short


def canonical(unit: str) -> str:
    by_year = truth()["units"][unit]["names"]
    return str(by_year[max(by_year)]).partition("/")[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """One task of one plan."""

    task: str
    plan: str
    group: str
    title: str
    detail: str
    lead: tuple[str, ...]
    help: tuple[str, ...]
    time: str


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(_entries())


def _entries() -> Iterator[Entry]:
    for task, held in truth()["tasks"].items():
        for plan in truth()["plans"]:
            if plan in held:
                told, lead, helpers, time = (one.strip() for one in held[plan].split("|"))
                title, _, detail = told.partition("；；")
                group = truth()["groups"][held["group"]]
                time = time.replace("YY", str(year_of(plan)))
                yield Entry(task, plan, group, title, detail, tuple(lead.split("、")), tuple(helpers.split("、")), time)


def gold_roles(*, withdrawn: bool = True) -> set[tuple[str, str, str, str, str]]:
    """(number of the plan, title of the task, role, unit by its one name, printed)."""
    out = set()
    for one in entries():
        if not withdrawn and "withdrawn" in truth()["plans"][one.plan]:
            continue
        for role, keys in (("lead", one.lead), ("responsible", one.help)):
            for key in keys:
                short = names_in(key, year_of(one.plan))[1]
                out.add((number(one.plan), one.title, role, canonical(key), short))
    return out


def number(plan: str) -> str:
    return f"{CODE}〔{year_of(plan)}〕{truth()['plans'][plan]['serial']}号"


# --- papers ---


def papers() -> list[tuple[str, bytes]]:
    """(file name, content) of every paper of the five years."""
    out = []
    for plan, about in truth()["plans"].items():
        made = compose(list(_plan(plan, about)))
        out.append(_file(f"{year_of(plan)}-{about['serial']}号", made, about["form"]))
        if "withdrawn" in about:
            made = compose(list(_withdrawal(plan, about["withdrawn"])))
            out.append(_file(f"{year_of(plan)}-{about['withdrawn']['serial']}号", made, "txt"))
    for year, about in truth()["rosters"].items():
        out.append(_file(f"{year}-名单{about['serial']}号", compose(list(_roster(int(year), about))), "txt"))
    for year in range(2019, 2024):
        out.append(_file(f"{year}-报送总结", compose(list(_call(year))), "txt"))
    for year in (2019, 2021):
        out.append(_file(f"{year}-教育局总结", compose(list(_summary(year, "jy", "3"))), "txt"))
    out.append(_file("2023-防汛方案", compose(list(_flood())), "txt"))
    out.append(
        _file("2021-校车情况", compose(list(_letter("澜教报〔2021〕3号", "关于校车运行情况的函", "2021-12-20"))), "txt")
    )
    out.append(
        _file("2020-校门整修", compose(list(_letter("澜教报〔2020〕7号", "关于校门整修的函", "2021-01-05"))), "txt")
    )
    return out


def _file(stem: str, made: Paper, form: str) -> tuple[str, bytes]:
    if form == "docx":
        return f"{stem}.docx", word.write(made)
    return f"{stem}.txt", plain.write(made, _STYLE).encode()


def _plan(plan: str, about: dict[str, Any]) -> Iterator[str]:
    year = year_of(plan)
    title = f"{year}年{CITY}安全生产{about['kind']}"
    yield from (
        f"!head {names_in('aw', year)[0]} 文件", f"!number {number(plan)}", f"!title 关于印发《{title}》的通知",
        "!to 市安全生产委员会各成员单位",
        f"《{title}》已经市安全生产委员会同意，现印发给你们，请认真抓好落实。", f"!annexes {title}任务分解表",
        f"!sign {names_in('aw', year)[0]}", f"!date {about['signed']}", f"!annex {title}任务分解表",
        "!table tasks | 任务类别 | 重点任务 | 牵头单位 | 责任单位 | 完成时间",
    )  # fmt: skip
    above = ""
    mine = [one for one in entries() if one.plan == plan]
    for group in truth()["groups"].values():
        for count, one in enumerate((held for held in mine if held.group == group), 1):
            shown = group if group != above else ""
            above = group
            lead, helpers = ("、".join(names_in(key, year)[1] for key in keys) for keys in (one.lead, one.help))
            yield f"| {shown} | {count}.{one.title} :: {one.detail} | {lead} | {helpers} | {one.time}"


def _withdrawal(plan: str, about: dict[str, Any]) -> Iterator[str]:
    year = year_of(plan)
    title = f"关于印发《{year}年{CITY}安全生产{truth()['plans'][plan]['kind']}》的通知"
    yield from (
        f"!head {names_in('aw', year)[0]} 文件", f"!number {CODE}〔{year}〕{about['serial']}号",
        "!title 关于废止有关文件的通知", "!to 市安全生产委员会各成员单位",
        f"因机构职能调整，决定废止[[cite:{title.replace('《', '〈').replace('》', '〉')}|{number(plan)}]]，"
        "自即日起停止执行。",
        f"!sign {names_in('aw', year)[0]}", f"!date {about['signed']}",
    )  # fmt: skip


def _roster(year: int, about: dict[str, Any]) -> Iterator[str]:
    group = truth()["group_name"]
    yield from (
        f"!head {CITY}人民政府|办公室 文件", f"!number 澜政办〔{year}〕{about['serial']}号",
        f"!title {CITY}人民政府办公室关于调整{group}组成人员的通知", "!to 市直各有关单位",
        f"因工作需要和人事变动，经市政府同意，决定对{group}组成人员作相应调整。现将调整后的名单通知如下：", "!roster",
    )  # fmt: skip
    rank = ""
    for row in about["rows"]:
        told, name, unit, post = (one.strip() for one in row.split("|"))
        short = names_in(unit, year)[1].removesuffix("市政府") or "市政府"
        yield f"| {told if told != rank else ''} | {name} | {short}{post}"
        rank = told
    yield "组成人员职务如有变动，由接任同志自然递补，不再另行发文。"
    yield f"!sign {CITY}人民政府办公室"
    yield f"!date {about['signed']}"


def _call(year: int) -> Iterator[str]:
    yield from (
        f"!head {names_in('aw', year)[0]} 文件", f"!number {CODE}〔{year}〕20号",
        f"!title 关于报送{year}年安全生产工作总结的通知", f"!to {names_in('jy', year)[0]}、|{names_in('gx', year)[0]}",
        f"请于[[due:{year}年12月10日前|{year}-12-10|报送总结]]将{year}年安全生产工作总结"
        f"报送{names_in('aw', year)[1]}。",
        f"!sign {names_in('aw', year)[0]}", f"!date {year}-11-15",
    )  # fmt: skip


def _summary(year: int, unit: str, serial: str) -> Iterator[str]:
    full = names_in(unit, year)[0]
    yield from (
        f"!head {full} 文件", f"!number 澜教报〔{year}〕{serial}号", f"!title 关于报送{year}年安全生产工作总结的报告",
        f"!to {names_in('aw', year)[1]}",
        f"根据[[cite:关于报送{year}年安全生产工作总结的通知|{CODE}〔{year}〕20号]]要求，现将有关情况报告如下：",
        "全市中小学校开展安全教育课，校园安全形势平稳。", f"!sign {full}", f"!date {year}-12-08",
    )  # fmt: skip


def _flood() -> Iterator[str]:
    """A plan whose table does not agree with its body, with a task without a lead and one without a time; it cites a
    paper that is not there."""
    yield from (
        f"!head {names_in('aw', 2023)[0]} 文件", f"!number {CODE}〔2023〕9号",
        "!title 关于印发《2023年澜城市防汛工作方案》的通知", "!to 市安全生产委员会各成员单位",
        "根据[[cite:海西省防汛责任制规定|海政办发〔2018〕31号]]，现将方案印发给你们。", "!annexes 防汛任务分解表",
        "!enclosure 2023年澜城市防汛工作方案", "# 重点任务",
        "## 排查病险水库 :: 汛前完成一遍排查。[[duty:牵头单位=市应急局；责任单位=市农业农村局]]",
        "## 储备防汛物资 :: 按标准补足物资。[[duty:牵头单位=市应急局；责任单位=市交通运输局]]",
        f"!sign {names_in('aw', 2023)[0]}", "!date 2023-04-20", "!annex 防汛任务分解表",
        "!table tasks | 重点任务 | 主要内容 | 牵头单位 | 责任单位 | 完成时间",
        "| 排查病险水库 | 汛前完成一遍排查。 | 市农业农村局 | 市应急局 | 2023年5月",
        "| 储备防汛物资 | 按标准补足物资。 | 市应急局 | 市交通运输局 | 2023年5月",
        "| 疏浚城区排水管网 | 清淤疏浚。 |  | 市住房城乡建设局 | 2023年4月",
        "| 落实值班值守 | 专人专岗。 | 市应急局 | 市气象局 | ",
    )  # fmt: skip


def _letter(code: str, title: str, day: str) -> Iterator[str]:
    full = names_in("jy", 2021)[0]
    yield from (
        f"!head {full} 文件", f"!number {code}", f"!title {title}", f"!to {names_in('jt', 2021)[1]}",
        "现将有关情况函告你局，请予支持。", f"!sign {full}", f"!date {day}",
    )  # fmt: skip


# --- the corpus ---


def rules(folder: Path) -> Path:
    """The office's own rules: units with their names, renames and successors."""
    (folder / "units").mkdir(parents=True)
    rows = []
    for key, about in truth()["units"].items():
        years = sorted(about["names"])
        rows.append(_unit(key, about, years))
    (folder / "units" / "lancheng.yml").write_text(dump(rows), encoding="utf-8")
    return folder


def _unit(key: str, about: dict[str, Any], years: list[str]) -> dict[str, Any]:
    full, _, short = about["names"][years[-1]].partition("/")
    row: dict[str, Any] = {"name": full, "aliases": [short], "level": "prefecture", "region": CITY}
    row["kind"] = "government"
    if len(years) > 1:
        old_full, _, old_short = about["names"][years[0]].partition("/")
        row["renamed_from"] = [{"name": one, "until": str(int(years[-1]) - 1)} for one in (old_full, old_short)]
    if "split" in about:
        row["succeeded_by"] = [canonical(one) for one in about["split"]["into"]]
    return row


def settings(root: Path) -> Settings:
    return Settings(corpus=root / "corpus", rules=root / "rules", network_disk=True)


def make_corpus(root: Path) -> Store:
    """All papers, read in this process, with their originals."""
    rules(root / "rules")
    store = open_store(settings(root))
    store.create()
    book = load_rulebook(settings(root))
    for name, data in papers():
        document = (
            docx_reader.READER.read(Source.of(name, data, WORD)) if name.endswith("docx")
            else plain_reader.READER.read(Source.of(name, data, "text/plain"))
        )  # fmt: skip
        temp = store.tmp / name
        temp.write_bytes(BytesIO(data).getvalue())
        store.put_object(temp, document.sha256)
        store.put_text(document)
        kind = WORD if name.endswith("docx") else "text/plain"
        found = extract(document, book)
        store.put_reading(Reading(name, document.sha256, kind, True, [], found, "kit"))
    return store
