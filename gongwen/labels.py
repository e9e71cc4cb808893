"""What fields, roles and facets are called in Chinese. `label` in rules/fields/*.yml wins; the table here stands in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gongwen import yamlio
from gongwen.settings import ROOT, Settings

FIELDS: dict[str, str] = {
    "document_number": "发文字号",
    "title": "标题",
    "doc_type": "文种",
    "issuers": "发文机关",
    "letterhead": "版头",
    "addressees": "主送机关",
    "copied_to": "抄送",
    "signatory": "签发人",
    "issue_date": "成文日期",
    "publish_date": "发布日期",
    "print_date": "印发日期",
    "effective_date": "施行日期",
    "security": "密级",
    "urgency": "紧急程度",
    "disclosure": "公开方式",
    "index_code": "索引号",
    "status": "有效性",
    "topics": "主题分类",
    "theme": "活动主题",
    "activity_time": "活动时间",
    "locations": "活动地点",
    "hosts": "主办单位",
    "organizers": "承办单位",
    "co_organizers": "协办单位",
    "activities": "活动安排",
    "tasks": "任务分工",
    "leading_group": "领导小组",
    "contacts": "联系方式",
    "deadlines": "办理时限",
    "targets": "目标指标",
    "citations": "引用文件",
    "enclosures": "被印发件",
    "annexes": "附件",
    "forms": "空白表样",
    "sections": "目录",
    "groups": "统称所指的单位",
    "same_tasks": "同一任务",
    "part": "件次",
}

COLUMNS: dict[str, str] = {
    "group": "组别",
    "title": "名称",
    "detail": "内容",
    "lead": "牵头单位",
    "responsible": "责任单位",
    "cooperate": "配合单位",
    "time": "时间",
    "targets": "指标",
    "location": "地点",
    "hosts": "主办单位",
    "organizers": "承办单位",
    "co_organizers": "协办单位",
    "role": "职务",
    "name": "姓名",
    "post": "工作单位及职务",
    "unit": "单位",
    "phones": "电话",
    "fax": "传真",
    "email": "电子邮箱",
    "address": "地址",
    "date": "日期",
    "text": "原文",
    "recurrence": "周期",
    "who": "责任方",
    "action": "事项",
    "to": "报送对象",
    "kind": "性质",
    "value": "数值",
    "op": "要求",
    "document_number": "发文字号",
    "relation": "关系",
    "alias": "简称",
}

TABLE_COLUMNS: dict[str, dict[str, str]] = {
    "tasks": {"title": "任务", "group": "类别"},
    "activities": {"title": "活动"},
    "citations": {"title": "文件标题"},
    "contacts": {"name": "联系人"},
    "targets": {"unit": "计量单位"},
    "leading_group": {"role": "小组职务"},
}
"""Where a column means something else in one table."""

WORDS: dict[str, dict[str, str]] = {
    "kind": {"duty": "要求", "commitment": "承诺"},
    "op": {"≥": "不少于", ">": "超过", "≤": "不超过", "<": "低于", "=": "为", "~": "约", "range": "区间"},
    "relation": {"basis": "依据", "implements": "贯彻落实", "forwards": "转发", "issues": "印发", "supersedes": "废止",
                 "amends": "修改", "replies": "答复", "refers": "提及"},
}  # fmt: skip
"""Words of the schema that people should not have to read in English."""

ROLES: dict[str, str] = {
    "issuer": "发文", "addressee": "主送", "copied": "抄送", "host": "主办", "organizer": "承办",
    "co_organizer": "协办", "lead": "牵头", "responsible": "责任", "cooperate": "配合", "due": "限期办理",
    "report_to": "接收报送", "member_unit": "小组成员单位", "contact_unit": "联系单位", "member": "小组成员",
    "contact": "联系人", "signatory": "签发人",
}  # fmt: skip
"""What a unit or a person is in a paper, as the catalogue knows it."""

EVERY = {"day": "每天", "week": "每周", "month": "每月", "quarter": "每季度", "half": "每半年", "year": "每年"}
WEEKDAYS = "一二三四五六日"


class Labels:
    """Chinese names; unknown keys show themselves rather than nothing."""

    def __init__(self, found: Mapping[str, str] | None = None) -> None:
        self._fields = FIELDS | dict(found or {})

    def field(self, key: str) -> str:
        return self._fields.get(key, key)

    def column(self, table: str, key: str) -> str:
        return TABLE_COLUMNS.get(table, {}).get(key) or COLUMNS.get(key) or self.field(key)

    def path(self, path: str) -> str:
        """A path of the record in words: tasks/2/lead/0 is 任务分工（第3项）牵头单位."""
        steps = path.split("/")
        name = self.field(steps[0])
        places = [int(step) for step in steps[1:] if step.isdecimal()]
        columns = [step for step in steps[1:] if not step.isdecimal()]
        if not columns:
            return name
        where = f"（第{places[0] + 1}项）" if places else ""
        return f"{name}{where}{self.column(steps[0], columns[0])}"

    def word(self, column: str, value: Any) -> str:
        if column == "recurrence":
            return print_recurrence(str(value))
        return WORDS.get(column, {}).get(str(value), str(value))


def print_recurrence(text: str) -> str:
    """What gongwen.values.deadlines.Recurrence prints, in words: month:-1w is 每月最后一个工作日. Else as it stands."""
    every, _, when = text.partition(":")
    if every not in EVERY:
        return text
    working = when.endswith("w")
    month, day = "", when.removesuffix("w")
    if "-" in day[1:]:
        month, day = day.split("-", 1)
    name = EVERY[every] + (f"{month}月" if month else "")
    if not day:
        return name
    if every == "week" and day in "1234567":
        return name + WEEKDAYS[int(day) - 1]
    if day.startswith("-"):
        order = "最后一" if day == "-1" else f"倒数第{day[1:]}"
        return f"{name}{order}{'个工作日' if working else '日'}"
    if working:
        return f"{name}第{day}个工作日"
    return f"{name}{day}日" if every == "month" or month else f"{name}第{day}日"


def load_labels(settings: Settings) -> Labels:
    """Labels of our rule files, then of the office's own. Files without a label are passed over."""
    found: dict[str, str] = {}
    for folder in (ROOT / "rules", settings.rules):
        if folder is not None:
            found |= _labels_in(folder / "fields")
    return Labels(found)


def _labels_in(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        rule = yamlio.load_file(path)
        if isinstance(rule, dict) and isinstance(rule.get("field"), str) and isinstance(rule.get("label"), str):
            found[rule["field"]] = rule["label"]
    return found
