"""Our ingest beside the plain path (pdfplumber text or decoded text → jieba analyzer → Whoosh) on the same files."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from click.testing import CliRunner

from gongwen.cli.main import cli
from gongwen.sampling.delivery import write_mass

COUNTS = {"txt": 300, "pdf": 30}


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="gongwen-bench-"))
    try:
        for form, count in COUNTS.items():
            source = folder / form
            for _ in write_mass(source, count, seed=5, forms=(form,), gold=False):
                pass
            files = sorted(path for path in source.rglob(f"*.{form}"))
            plain = _timed(lambda files=files, form=form: _plain_path(files, folder / f"plain-{form}"))
            ours = _timed(lambda source=source, form=form: _ours(source, folder / f"corpus-{form}"))
            print(
                f"{form}: {len(files)} files; plain path {len(files) / plain:.1f}/s, ours {len(files) / ours:.1f}/s "
                f"(ours does sandbox, fsync, extraction with evidence), ratio {plain / ours:.2f}",
                flush=True,
            )
    finally:
        shutil.rmtree(folder)


def _timed(work: object) -> float:
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started


def _plain_path(files: list[Path], folder: Path) -> None:
    import pdfplumber
    from jieba.analyse import ChineseAnalyzer
    from whoosh.fields import ID, TEXT, Schema
    from whoosh.index import create_in

    folder.mkdir()
    schema = Schema(id=ID(stored=True, unique=True), body=TEXT(stored=True, analyzer=ChineseAnalyzer()))
    writer = create_in(folder, schema).writer()
    for path in files:
        if path.suffix == ".pdf":
            with pdfplumber.open(path) as pdf:
                text = "\n".join(page.extract_text() or "" for page in pdf.pages)
        else:
            text = path.read_bytes().decode("utf-8", "replace")
        writer.add_document(id=str(path), body=text)
    writer.commit()


def _ours(source: Path, corpus: Path) -> None:
    environ = {"GONGWEN_CORPUS": str(corpus)}
    result = CliRunner().invoke(cli, ["ingest", str(source)], env=environ)
    if result.exit_code != 0:
        raise SystemExit(result.output)


if __name__ == "__main__":
    main()
