"""A derivation that does what the text says. Loaded only inside the sandbox."""

import os

from gongwen.document import Document
from gongwen.errors import RuleError
from gongwen.record import Evidence, Record, record_id
from gongwen.text import Span


class Deriver:
    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint

    def __call__(self, document: Document) -> list[Record]:
        word = document.text.strip()
        record = Record()
        record.values |= {"id": record_id(document.sha256, 1), "title": word,
                          "part": {"number": 1, "start": 0, "end": len(document.text)}}  # fmt: skip
        record.evidence["title"] = [Evidence.at(document, Span(0, len(word)), "mock")]
        if word == "bug":
            raise KeyError("a bug")
        if word == "spin":
            while True:
                pass
        if word == "abort":
            os.abort()
        if word == "foreign":
            record.values["id"] = "0123456789abcdef-1"
        if word == "quote":
            record.evidence["title"] = [Evidence(0, 2, "别的", "mock")]
        if word == "type":
            record.values["issuers"] = [7]
        return [record]


def prepare(argument: str | None) -> Deriver:
    if argument == "wrong":
        raise RuleError("rules/fields/x.yml: wrong")
    if argument == "bug":
        raise ZeroDivisionError
    return Deriver(f"mock/{argument}")
