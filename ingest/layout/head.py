"""What stands around a document on a web page, in text copies: page metadata (索引号：…) and furniture (【打印】)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from ingest.layout.lines import Line

KEYS: frozenset[str] = frozenset(
    "索引号 信息索引号 公开索引号 主题分类 分类 体裁分类 组配分类 服务对象分类 发文机关 发文单位 发布机构 发布单位 发布机关 公开机构 制发机关"
    " 成文日期 发文日期 发表时间 发表日期 公布时间 更新时间 生成日期 印发日期 标题 名称 信息名称 文件名称 发文字号 文号 文件编号 发布文号 发布日期 发布时间 公开日期 公布日期"
    " 主题词 关键词 有效性 时效性 文件状态 效力状态 有效期 施行日期 实施日期 生效日期 废止日期 失效日期 公开形式 公开时限 公开范围 公开目录"
    " 来源 信息来源 文章来源 稿源 内容概述 内容描述 语种 载体类型 统一编号 规范性文件统一编号 登记号 主办单位网站 文件有效性".split()
)
"""Labels of the metadata block on government pages (domain.md §9)."""

LONE: frozenset[str] = frozenset(
    "索引号 信息索引号 发布日期 发布时间 发表时间 发表日期 公开日期 成文日期 生成日期 有效性 时效性 信息来源 文章来源 来源 主题词".split()
)
"""Labels that tell of a page even when no other stands beside them."""

_NOISE = ("浏览次数", "点击数", "点击量", "阅读次数", "访问次数", "浏览量", "阅读量", "字体", "字号", "浏览字号", "大小", "作者", "编辑", "责任编辑", "打印", "分享到", "分享")

_PAIR = regex.compile(
    r"(?<![\p{Han}A-Za-z])(?P<label>" + "|".join(r"[ \u3000\u00a0]{0,6}".join(key) for key in sorted((*KEYS, *_NOISE), key=len, reverse=True)) + r")[ \u3000\u00a0]{0,2}[：:]"
)

_FURNITURE = regex.compile(
    r"(?:无障碍(?:阅读|浏览|版)?|长者(?:助手|专区|模式)|适老化|关怀版|我的收藏|收藏(?:本页)?|政府信息公开(?:指南|目录|年报|制度)?|规章库|首页|网站首页|登录|注册"
    r"|繁體|繁体|简体|简繁转换|English|RSS|移动版|手机版|微信|微博|分享(?:到|至)?|扫一扫(?:在?手机打开当前页)?|(?:微信|手机)扫(?:一扫|码)(?:分享)?"
    r"|扫描二维码\S{0,10}|【?\s*(?:打印|打印本页|打印页面|关闭|关闭窗口|关闭本页|收藏|字体)\s*】?|打印本页|返回顶部|回到顶部|返回首页|我要纠错|网站地图"
    r"|【?\s*字体[:：]?[\s大中小【】〔〕\[\]]*|大\s*中\s*小|[大中小]|A[+-]|TOP|\|)"
)
_FURNITURE_LINE = regex.compile(
    r"(?:(?:当前位置|您(?:现在)?(?:所在)?的?位置|现在位置)[：:].*|(?:上|下)一(?:篇|条)[：:]?.*|相关(?:链接|文档|解读|文章|附件|阅读|信息)[：:]?"
    r"|(?:图解|图文解读|文字解读|解读文本|政策解读|视频解读|解读)[：:].*|版权所有.*|主办(?:单位)?[：:]\S*\s+.*(?:ICP|网站标识码).*|.{0,20}ICP备\s?\d+.*"
    r"|.{0,6}公网安备.*|网站标识码.*|\S{2,15}政府信息公开(?:目录|平台|专栏)?|扫一扫.{0,15}|分享(?:到|至|文章到)?[：:]?.{0,10}|(?:浏览|点击|阅读|访问)(?:次数|数|量)[：:\s\d\-次]*"
    r"|本文(?:已)?被?(?:浏览|阅读).*次|【?(?:字体|字号)[：:].{0,20}|责任编辑[：:]\s*\S{0,10}|信息员[：:]\s*\S{0,6})"
)

REACH = 60
"""Lines from the top within which page metadata may stand."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A label as printed (with its colon) and its value, both as spans."""

    key: str
    label: tuple[int, int]
    value: tuple[int, int]


def is_furniture(text: str) -> bool:
    """A line of nothing but buttons and counters of a web page."""
    if _FURNITURE_LINE.fullmatch(text):
        return True
    words = text.split()
    if not words or len(text) > 60:
        return False
    closed = "".join(words)
    return all(_FURNITURE.fullmatch(word) for word in words) or _FURNITURE.fullmatch(closed) is not None


def find_meta(lines: Sequence[Line], at: int) -> tuple[list[Pair], int] | None:
    """Pairs that begin with line `at` and how many lines they took. A label alone on its line takes the next line
    for its value, unless that is a label too."""
    pairs: list[Pair] = []
    end = at
    while end < len(lines) and end < REACH:
        line = lines[end]
        found = _pairs(line)
        if not found:
            break
        end += 1
        last = found[-1]
        if last.value[0] == last.value[1] and end < len(lines) and _is_value(lines[end], line):
            found[-1] = Pair(last.key, last.label, (lines[end].start, lines[end].end))
            end += 1
        pairs += found
    kept = [pair for pair in pairs if pair.key not in _NOISE]
    if len({pair.key for pair in kept}) >= 2 or any(pair.key in LONE for pair in kept):
        return kept, end - at
    return None


def _pairs(line: Line) -> list[Pair]:
    """The pairs of a line that begins with a label; labels inside count after a blank only."""
    matches = [match for match in _PAIR.finditer(line.text) if match.start() == 0 or line.text[match.start() - 1].isspace()]
    if not matches or matches[0].start() != 0 or len(line.text) > 300:
        return []
    out: list[Pair] = []
    for index, match in enumerate(matches):
        stop = matches[index + 1].start() if index + 1 < len(matches) else len(line.text)
        body = line.text[match.end() : stop]
        first = match.end() + len(body) - len(body.lstrip())
        last = first + len(body.strip())
        key = regex.sub(r"\s+", "", match["label"])
        label = (line.start + match.start(), line.start + match.end())
        out.append(Pair(key, label, (line.start + first, line.start + max(first, last))))
    return out


def _is_value(line: Line, label: Line) -> bool:
    if line.gap or _pairs(line) or not line.text or len(line.text) > 200 or is_furniture(line.text):
        return False
    return line.indent > 0 or label.indent > 0
