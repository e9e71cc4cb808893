"""`python -m tests.eval.score FOLDER [--errors]`: extraction against the gold files below a folder.

A case is NAME.gold.yaml beside NAME.txt, .html, .docx, .pdf …; further documents of the same file stand under
`parts`, the files in a mail or an archive under `members`. Prints a line a field and one line of totals.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scoring import Score, fold, same_title

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.rulebook import load_rulebook
from ingest.opening import Tree, open_many


def cases(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """(source file, gold) in order of name."""
    for path in sorted(folder.rglob("*.gold.yaml")):
        stem = path.name.removesuffix(".gold.yaml")
        beside = sorted(one for one in path.parent.glob(f"{stem}.*") if not one.name.endswith((".yaml", ".yml")))
        if beside:
            yield beside[0], yaml.safe_load(path.read_text(encoding="utf-8"))


def choose(gold: dict[str, Any], documents: list[dict[str, Any]], taken: set[int]) -> dict[str, Any]:
    """The record this gold speaks of: by number, then by title, then the first that is free."""
    free = [at for at in range(len(documents)) if at not in taken]
    number = fold(gold.get("document_number"))
    at = next((at for at in free if number and fold(documents[at]["document_number"]) == number), None)
    if at is None and gold.get("title"):
        at = next((at for at in free if same_title(gold["title"], documents[at]["title"] or "")), None)
    at = at if at is not None else next(iter(free), None)
    if at is None:
        return {}
    taken.add(at)
    return documents[at]


def score_folder(folder: Path, workers: int = 2) -> tuple[Score, list[str]]:
    """The score, and the files that were not read with their reason code."""
    return score_cases(dict(cases(folder)), workers)


def score_cases(golds: dict[Path, dict[str, Any]], workers: int = 2) -> tuple[Score, list[str]]:
    score, unread, book = Score(), [], load_rulebook()
    for path, tree in zip(golds, open_many(list(golds), workers=workers), strict=True):
        for case, gold, found in _with_members(path.name, golds[path], tree):
            if isinstance(found, SourceError):
                unread.append(f"{case}: {found.code}")
            documents = [] if found is None or isinstance(found, SourceError) else extract(found, book)
            _compare(score, case, gold, [record.to_json() for record in documents])
    return score, unread


Found = Document | SourceError | None


def _with_members(case: str, gold: dict[str, Any], tree: Tree) -> Iterator[tuple[str, dict[str, Any], Found]]:
    """The file and each member with its gold; a member that the gold does not know is all surplus, one that was not
    found is all missed."""
    yield case, gold, tree.found
    wanted = {one["name"]: one for one in gold.get("members") or []}
    for inner in tree.inner:
        yield f"{case}/{inner.name}", wanted.pop(inner.name, {}), inner.found
    for name, one in wanted.items():
        yield f"{case}/{name}", one, None


def _compare(score: Score, case: str, gold: dict[str, Any], documents: list[dict[str, Any]]) -> None:
    parts = [gold, *(gold.get("parts") or [])]
    taken: set[int] = set()
    for number, part in enumerate(parts, 1):
        score.compare(case if number == 1 else f"{case}#{number}", part, choose(part, documents, taken))
    both = min(len(parts), len(documents))
    score.add(case, "documents", both, ["a document"] * (len(parts) - both), ["a document"] * (len(documents) - both))


def table(score: Score) -> str:
    lines = [f"{'field':28}{'gold':>6}{'precision':>11}{'recall':>9}{'F1':>8}"]
    for name, count in score.counts.items():
        gold = count.hits + count.missed
        lines.append(f"{name:28}{gold:>6}{count.precision:>11.3f}{count.recall:>9.3f}{count.f1:>8.3f}")
    return "\n".join(lines)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--errors", action="store_true", help="every wrong, missing and surplus value")
    chosen = options.parse_args()
    started = time.perf_counter()
    score, unread = score_folder(chosen.folder)
    if not score.documents:
        print("no cases found", file=sys.stderr)
        return 2
    if chosen.errors:
        print("\n".join("\t".join(error) for error in score.errors))
    print("\n".join(f"not read: {one}" for one in unread))
    print(table(score))
    print(
        f"documents {score.documents}, not read {len(unread)}, whole header {score.whole_headers}/{score.documents}, "
        f"F1 all {score.total().f1:.4f}, {time.perf_counter() - started:.1f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
