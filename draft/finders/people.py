"""Persons, posts and accounts: a roster's line, 由…担任, a name before or behind a post. Never filled."""

from __future__ import annotations

from functools import cache

import regex

from draft.changes import Finding, Step
from gongwen.values.people import find_appointments, is_post, looks_like_name, parse_roster_line
from gongwen.values.vocab import words

_WHY = "人员可能变动，请核对"
_LABEL = regex.compile(
    r"(?:联系人|联络人|负责人|签发人|获得者|获奖者|主讲人|主持人|带队领导|领队)[：:]\s*(?P<a>\p{Han}{2,4}(?:、\p{Han}{2,4})*)"
)
_ACCOUNT = regex.compile(
    r"(?:QQ|微信|钉钉|工作)\s?(?:交流|工作)?群(?:号)?[：:]?\s?(?P<a>\d{5,12})|(?:微信公众号|公众号|微信号|抖音号|视频号|微博)[：:]?\s?(?P<b>[“\"][^”\"]{2,30}[”\"]|[\w\-]{4,30})"
    r"|(?:邮编|邮政编码)[：:]?\s?(?P<c>\d{6})|(?:账号|开户账号|银行账号)[：:]?\s?(?P<d>[\d\s]{8,30})"
)
_LONG = regex.compile(r"(?<![\d.〔\[年/])\d{5,12}(?![\d.%％元万亿千百名人个件份册年]|人次)")
_HEADS = ("书记", "主席", "局长", "主任", "秘书长", "部长", "处长", "馆长", "校长", "院长", "会长", "理事长", "教授",
          "研究员", "工程师")  # fmt: skip
_COLON = regex.compile(r"[：:]\s*")


def find_people(found: Finding, step: Step) -> None:
    for match in _LABEL.finditer(found.text):
        found.add(*match.span("a"), None, "blank", "person", _WHY)
    for person in find_appointments(found.text):
        if person.name:
            found.add(person.name_span.start, person.name_span.end, None, "blank", "person", _WHY)
    _roster(found)
    for form in _beside():
        for match in form.finditer(found.text):
            if looks_like_name(match["name"]):
                found.add(*match.span("name"), None, "blank", "person", _WHY)
    if step.alone and looks_like_name(found.text.strip()):
        start = found.text.find(found.text.strip())
        found.add(start, start + len(found.text.strip()), None, "blank", "person", _WHY)


def find_accounts(found: Finding, step: Step) -> None:
    for match in _ACCOUNT.finditer(found.text):
        group = next(name for name in "abcd" if match[name])
        found.add(*match.span(group), match[group], "asked", "contact", "账号、邮编请核对是否仍可用")
    for match in _LONG.finditer(found.text):
        found.add(*match.span(), match.group(), "asked", "contact", "号码请核对")


def _roster(found: Finding) -> None:
    """组 长：某某　市科协党组书记, also without a role; 副组长：市科协副主席某某: the name is a gap, the post asked."""
    line = parse_roster_line(found.text)
    if line is not None:
        found.add(line.name_span.start, line.name_span.end, None, "blank", "person", _WHY)
        if line.post_span is not None:
            post = line.post_span
            found.add(post.start, post.end, post.of(found.text), "asked", "person", "职务请核对")
        return
    label = _COLON.search(found.text)
    role = "".join(found.text[: label.start()].split()) if label else ""
    if label is None or role not in words("roles", "roles"):
        return
    rest = found.text[label.end() :].rstrip("。；，、 \n")
    for size in (3, 2, 4):
        if len(rest) > size + 2 and looks_like_name(rest[-size:]) and is_post(rest[:-size]):
            end = label.end() + len(rest)
            found.add(end - size, end, None, "blank", "person", _WHY)
            found.add(label.end(), end - size, found.text[label.end() : end - size], "asked", "person", "职务请核对")
            return


@cache
def _beside() -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """A name before a post at the beginning of a clause, and behind a post before a verb or the end."""
    heads = "|".join(regex.escape(one) for one in (*words("roles", "government_posts"), *_HEADS))
    post = rf"(?:常务副|副)?(?:{heads})"
    ends = "(?=出席|主持|讲话|宣布|致辞|同志|为组长|任组长|[，。；、）]|$)"
    return (
        regex.compile(rf"(?<=^|[，。；、：由请]|领导)(?P<name>\p{{Han}}{{2,3}}){post}(?!\p{{Han}}?会议)"),
        regex.compile(rf"{post}(?P<name>\p{{Han}}{{2,3}}){ends}"),
    )
