"""Field names as people type them (标题:…), and what they mean to an engine."""

from __future__ import annotations

FIELDS: dict[str, str] = {
    "文号": "number", "标题": "title", "题目": "title", "单位": "unit", "发文": "issuer", "发文单位": "issuer",
    "发文机关": "issuer", "主办": "host", "承办": "organizer", "协办": "co_organizer", "牵头": "lead",
    "责任": "responsible", "配合": "cooperate", "人": "person", "人员": "person", "姓名": "person",
    "联系人": "person", "主题": "theme", "日期": "date", "年": "year", "年份": "year", "类型": "type",
    "文种": "type", "公开": "disclosure",
}  # fmt: skip

EXACT_FIELDS = frozenset({"year", "type", "disclosure"})
"""Facets whose value must be equal: 年:2024, 类型:函."""

ROLE_WORDS = {"牵头": "lead", "责任": "responsible", "主办": "host", "承办": "organizer", "协办": "co_organizer",
              "配合": "cooperate", "发文": "issuer"}  # fmt: skip
"""Words that, beside a unit, ask for the documents where it stands in that role: they order the hits."""

NONE_WORD = "无"
"""日期:无, 牵头:无 find the documents where none is given."""

NO_NONE = frozenset({"title", "number", "person", "theme"})
"""Fields that have no facet, so 无 is a value like any other."""
