"""`gongwen draft`: next year's paper from the years before, as a Word file."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path

import click

from draft.build import make
from draft.model import Form
from draft.papers import load_paper
from draft.vectors import counts, load, not_changed, run
from gongwen.errors import SettingsError
from gongwen.settings import load_settings
from gongwen.store import open_store


@click.command("draft")
@click.option("--from", "sources", multiple=True, metavar="编号", help="往年公文的编号，可写多个（编号见 search 结果）")
@click.option("--superior", metavar="编号", help="今年上级通知的编号")
@click.option("--year", type=click.IntRange(1990, 2099), metavar="年份", help="起草哪一年的")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="文件.docx", help="写到哪个文件"
)
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), metavar="文件.json", help="每句话的来源和改动"
)
@click.option("--vectors", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="文件.yaml",
              help="拿一份新旧句对照表试沿用规则，不起草")  # fmt: skip
@click.option("--form", type=click.Choice(["document", "letter", "minutes"]), help="文件、函或纪要格式；不写时按文种定")
@click.option("--changes", is_flag=True, help="在文件末尾附改动清单")
@click.option("--finish", "finished", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="文件.docx",
              help="去掉稿中已处理的批注和标色，写到 -o 文件；没有处理的留着")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="与 --finish 同用：没有处理的也去掉，【待核】变为空白")
@click.option("--json", "as_json", is_flag=True, help="与 --vectors、--finish 同用：逐条输出 JSON")
def command(
    sources: tuple[str, ...], superior: str | None, year: int | None, output: Path | None, report: Path | None,
    vectors: Path | None, changes: bool, form: Form | None, finished: Path | None, everything: bool, as_json: bool,
) -> None:  # fmt: skip
    """由往年公文起草今年的：文号、日期、主题、人员等一律留空待核，改动都有来源。"""
    if vectors is not None:
        _try(vectors, as_json)
        return
    if finished is not None:
        _finish(finished, output, everything=everything, as_json=as_json)
        return
    if not sources or year is None or output is None:
        raise click.UsageError("要写明 --from 编号、--year 年份 和 -o 文件.docx")
    from draft.gb9704.writer import write_docx

    if output.suffix.lower() != ".docx":
        raise SettingsError(f"输出文件应当以 .docx 结尾：{output}")
    store = open_store(load_settings())
    draft = make([load_paper(store, one) for one in sources], year, load_paper(store, superior) if superior else None)
    draft.form = form or draft.form
    write_docx(draft, output, changes=changes)
    if report is not None:
        report.write_text(json.dumps(draft.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    pieces = list(draft.pieces())
    asked = sum(one.is_flagged for one in pieces)
    click.echo(f"已写成 {output}：共 {len(pieces)} 句，{asked} 句要核对，没有带入 {len(draft.dropped)} 句。")
    for note in draft.notes:
        click.echo(f"注意：{note}。")


def _finish(path: Path, output: Path | None, *, everything: bool, as_json: bool) -> None:
    """Exit 3 when something is still to be settled."""
    from draft.gb9704.finish import TOLD, finish

    if output is None:
        raise click.UsageError("要写明 -o 文件.docx")
    if output.exists() and output.samefile(path):
        raise SettingsError("请另写一个文件，原稿留着备查")
    held = BytesIO()
    marks = finish(path, held, everything=everything)
    output.write_bytes(held.getvalue())
    removed = [one for one in marks if one.is_removed]
    left = [one for one in marks if not one.is_removed]
    if as_json:
        click.echo(json.dumps({"removed": [one.to_json() for one in removed], "left": [one.to_json() for one in left]},
                              ensure_ascii=False))  # fmt: skip
    else:
        click.echo(f"已写成 {output}：去掉 {len(removed)} 处批注和标色，留着 {len(left)} 处。")
        for one in removed:
            emptied = f"，原为空缺{one.emptied}，现在是空白" if one.emptied and everything else ""
            click.echo(f"  去掉（{TOLD[one.why]}）：“{one.words[:40]}” {one.asked}{emptied}")
        for one in left:
            click.echo(f"  留着：“{one.words[:40]}” {one.asked}")
    sys.exit(3 if left else 0)


def _try(path: Path, as_json: bool) -> None:
    entries = load(path)
    tried = list(run(entries))
    copied = not_changed(entries)
    missed = [entry for entry, found in copied if not found]
    if as_json:
        for one in tried:
            click.echo(json.dumps(one.to_json(), ensure_ascii=False))
    told = counts(tried)
    if as_json:
        caught = {"caught": len(copied) - len(missed), "missed": len(missed)}
        click.echo(json.dumps({"counts": told, "not_changed": caught}, ensure_ascii=False))
    else:
        names = {"new": "得到新句", "flagged": "标出待核", "unflagged": "未标出而沿用", "nothing": "旧文没有"}
        for kind, found in told.items():
            click.echo(f"{kind}：" + "，".join(f"{names[name]} {count}" for name, count in found.items()))
        if copied:
            click.echo(f"误抄旧文：核稿查出 {len(copied) - len(missed)}，没有查出 {len(missed)}")
    carried = sum(found["unflagged"] for kind, found in told.items() if kind != "rule")
    sys.exit(3 if carried or missed else 0)
