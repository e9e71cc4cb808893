"""What the record knows of a sentence: values that only people can settle, at their exact places."""

from __future__ import annotations

from collections.abc import Iterator

from draft.changes import Act, Change
from gongwen.record import Record
from gongwen.text import Span

_FIELDS: tuple[tuple[str, str, Act, str, str], ...] = (
    # first step of the path, last step, act, kind, why
    ("theme", "", "blank", "theme", "主题由主办单位每年另定"),
    ("activity_time", "", "blank", "date", "活动时间每年另定，不作推算"),
    ("activities", "time", "blank", "date", "活动时间每年另定，不作推算"),
    ("activities", "location", "asked", "place", "地点请核对"),
    ("activities", "hosts", "asked", "unit", "主办单位每年可能变动，请核对"),
    ("activities", "organizers", "asked", "unit", "承办单位每年可能变动，请核对"),
    ("activities", "co_organizers", "asked", "unit", "协办单位每年可能变动，请核对"),
    ("locations", "", "asked", "place", "地点请核对"),
    ("hosts", "", "asked", "unit", "主办单位每年可能变动，请核对"),
    ("organizers", "", "asked", "unit", "承办单位每年可能变动，请核对"),
    ("co_organizers", "", "asked", "unit", "协办单位每年可能变动，请核对"),
    ("addressees", "", "asked", "unit", "主送机关请核对"),
    ("issuers", "", "asked", "unit", "发文机关请核对"),
    ("copied_to", "", "asked", "unit", "抄送机关请核对"),
    ("leading_group", "name", "blank", "person", "人员可能变动，请按最新名单填写"),
    ("leading_group", "post", "asked", "person", "职务请核对"),
    ("contacts", "name", "blank", "person", "人员可能变动，请核对"),
    ("contacts", "phones", "blank", "contact", "联系方式请逐一核对"),
    ("contacts", "fax", "blank", "contact", "联系方式请逐一核对"),
    ("contacts", "email", "blank", "contact", "联系方式请逐一核对"),
    ("contacts", "address", "asked", "contact", "地址请核对"),
    ("signatory", "", "blank", "person", "签发人由领导签发时填写"),
)  # fmt: skip


class Known:
    """The places of one record, to be asked sentence by sentence."""

    def __init__(self, record: Record) -> None:
        self._places = sorted(_places(record), key=lambda one: one[0])

    def within(self, span: Span, text: str) -> Iterator[Change]:
        """Changes of the values that lie in a span of the document, placed from its start. `text` is the span's."""
        for place, act, kind, why in self._places:
            if place.start >= span.end:
                return
            if span.start <= place.start and place.end <= span.end:
                start, end = place.start - span.start, place.end - span.start
                old = text[start:end]
                yield Change(Span(start, end), old, old if act == "asked" else None, act, kind, why)


def _places(record: Record) -> Iterator[tuple[Span, Act, str, str]]:
    for path, evidence in record.evidence.items():
        steps = path.split("/")
        for first, last, act, kind, why in _FIELDS:
            if steps[0] == first and (not last or last in steps[1:]):
                for one in evidence:
                    yield one.span, act, kind, why
                break
