"""`python -m gongwen.cli.rule_worker`: extraction under the rules that the environment names, one JSON line a document.

A process of its own, because vocabularies are read once when the program starts. First line out: ready, or the error.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.errors import RuleError
from gongwen.rulebook import load_rulebook
from gongwen.settings import load_settings


def main() -> int:
    try:
        book = load_rulebook(load_settings())
    except RuleError as error:
        _print({"error": str(error)})
        return 2
    _print({"fingerprint": book.fingerprint})
    for line in sys.stdin:
        records = extract(Document.from_json(json.loads(line)), book)
        _print([record.values for record in records])
    return 0


def _print(found: Any) -> None:
    print(json.dumps(found, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
