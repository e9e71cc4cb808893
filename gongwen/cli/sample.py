"""`gongwen sample DIR`: made-up documents to try the program with, or to measure it by."""

from __future__ import annotations

from pathlib import Path

import click

from gongwen.disk import writing_for
from gongwen.sampling.delivery import FORMS, write_mass
from gongwen.sampling.standard import ALL_FORMS, write_standard

MOST = 100_000
_FORMATS = "格式，用逗号分开：txt,md,html,docx,pdf,ofd；标准样例另有表格、扫描件、邮件等（不写就全部写出）。"


@click.command("sample")
@click.argument("folder", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path))
@click.option("--count", type=click.IntRange(1, MOST), help="生成的文件数；不写则生成固定的标准样例。")
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子，相同的种子生成相同的文件。")
@click.option("--formats", default="", help=_FORMATS)
@click.option("--gold", is_flag=True, help="批量生成时，同时写出标准答案（.gold.yaml）。")
def command(folder: Path, count: int | None, seed: int, formats: str, gold: bool) -> None:
    """生成虚构的样例公文（单位、地名、人名、电话都不存在）。"""
    forms = _forms(formats, ALL_FORMS if count is None else FORMS)
    if count is None:
        with writing_for(folder):
            written = write_standard(folder, forms or ALL_FORMS)
        click.echo(f"已写入 {written} 件样例及标准答案：{folder}")
        return
    written = 0
    with (
        writing_for(folder),
        click.progressbar(
            write_mass(folder, count, seed=seed, forms=forms, gold=gold),
            length=count,
            label="生成",
            update_min_steps=200,
        ) as paths,
    ):
        for _path in paths:
            written += 1
    click.echo(f"已写入 {written} 件样例：{folder}")


def _forms(text: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    forms = tuple(form.strip().lower() for form in text.split(",") if form.strip())
    unknown = [form for form in forms if form not in allowed]
    if unknown:
        message = f"不认识的格式：{'、'.join(unknown)}；可用：{'、'.join(allowed)}"
        raise click.BadParameter(message, param_hint="--formats")
    return forms
