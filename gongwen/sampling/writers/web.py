"""Web pages: a present-day page with the meta elements of government sites, and an old one made of tables."""

from __future__ import annotations

from html import escape

from gongwen.sampling import dates
from gongwen.sampling.paper import Block, Paper, Roster, Table, spaced

_CENTRED = {"mast", "mast_suffix", "number", "title", "subtitle"}
_RIGHT = {"sign", "date"}


def modern(paper: Paper) -> str:
    meta, gold = paper.meta, paper.documents[0]
    site, title = escape(meta["site"]), escape(gold["title"])
    body = "\n".join(_block(block, "p") for block in paper.blocks)
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="UTF-8">
<meta name="SiteName" content="{site}">
<meta name="SiteDomain" content="www.yunzhou.example">
<meta name="ColumnName" content="通知公告">
<meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="{gold['publish_date']} 16:32">
<meta name="ContentSource" content="{site}">
<title>{title}-{site}</title>
<script>var siteId = 3101; function share(kind) {{ window.open("/share?to=" + kind); }}</script>
<style>.article p {{ text-indent: 2em; line-height: 2; }}</style>
</head>
<body>
<div class="top"><a href="/">网站首页</a> | <a href="/wza">无障碍阅读</a> | <a href="/elder">长者专区</a> | <a href="/login">登录</a></div>
<nav><ul><li><a href="/xw">新闻动态</a></li><li><a href="/zwgk">政务公开</a></li><li><a href="/bsfw">办事服务</a></li><li><a href="/hdjl">互动交流</a></li></ul></nav>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; 通知公告</div>
<div class="article">
<h1>{title}</h1>
<div class="source"><span>来源：{site}</span> <span>发布日期：{gold['publish_date']}</span> <span>浏览次数：<i id="hits">-</i></span> <a href="javascript:window.print()">打印</a></div>
<div class="content" id="zoom">
{body}
</div>
<div class="share">分享到：<a href="javascript:share('wx')">微信</a> <a href="javascript:share('wb')">微博</a></div>
</div>
<footer><p>主办：{site}　网站标识码：9900000001</p><p>地址：云州市东山区望江路1号　版权所有</p></footer>
</body>
</html>
"""  # noqa: E501  (pages have long lines)


def old(paper: Paper) -> str:
    """As pages of about 2010 to 2020 were: nested tables, styles in every element, the metadata in cells."""
    meta, gold = paper.meta, paper.documents[0]
    labels = [
        ("索 引 号：", meta["index"], "主题分类：", meta["topic"]),
        ("发文机关：", meta["site"], "成文日期：", _dated(gold.get("issue_date"))),
        ("标　　题：", gold["title"], "", ""),
        ("发文字号：", gold["document_number"], "发布日期：", _dated(gold.get("publish_date"))),
        ("主 题 词：", "", "", ""),
    ]
    rows = "\n".join(
        f'<tr><td width="70"><b>{a}</b></td><td width="360">{escape(b)}</td><td width="70"><b>{c}</b></td>'
        f"<td>{escape(d)}</td></tr>"
        for a, b, c, d in labels
    )
    body = "\n".join(_block(block, 'p style="text-indent: 2em; font-family: 宋体;"') for block in paper.blocks)
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{escape(gold['title'])}</title></head>
<body bgcolor="#FFFFFF">
<table width="930" align="center"><tr><td><a href="/">首页</a>&nbsp;|&nbsp;<a href="/zfxxgk">政府信息公开目录</a>&nbsp;|&nbsp;<a href="/ysqgk">依申请公开</a></td></tr></table>
<table width="860" align="center" class="bd1">
{rows}
</table>
<table width="860" align="center"><tr><td class="b12c" id="UCAP-CONTENT">
{body}
</td></tr></table>
<table width="860" align="center"><tr><td>【<a href="javascript:window.print()">打印</a>】【<a href="javascript:window.close()">关闭</a>】</td></tr></table>
</body></html>
"""  # noqa: E501  (pages have long lines)


def _dated(iso: str | None) -> str:
    return dates.printed(iso) if iso else ""


def _block(block: Block, element: str) -> str:
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Roster):
        lines = [f"{role}：" * bool(role) + f"{spaced(name)}　　{post}" for role, name, post in block.rows]
        return "\n".join(f"<{element}>{escape(line)}</{element.split()[0]}>" for line in lines)
    text = escape(block.printed)
    if block.kind == "break":
        return "<p>&nbsp;</p>"
    if block.kind in _CENTRED:
        return f'<p style="text-align: center;">{text}</p>'
    if block.kind in _RIGHT:
        return f'<p style="text-align: right;">{text}</p>'
    if block.kind == "to":
        return f"<p>{text}</p>"
    if block.kind == "annexes":
        text = f"附件：{text}" if block.marker in {"", "1. "} else text
    if block.kind == "note":
        text = f"（{text}）"
    if block.kind in {"h1", "h2"}:
        head = escape(f"{block.marker}{block.text}") + ("。" if block.tail else "")
        text = f"<strong>{head}</strong>{escape(block.tail)}"
    return f"<{element}>{text}</{element.split()[0]}>"


def _table(table: Table) -> str:
    lines = ["<table border=\"1\" cellspacing=\"0\">", "<tr>" + "".join(f"<th>{escape(c)}</th>" for c in table.header)]
    lines[-1] += "</tr>"
    for place, row in enumerate(table.rows):
        cells = [f"<td>{escape(cell)}</td>" for cell in row]
        if table.merged:
            span = _span(table.rows, place)
            cells[0] = f'<td rowspan="{span}">{escape(row[0])}</td>' if row[0] else ""
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join([*lines, "</table>"])


def _span(rows: tuple[tuple[str, ...], ...], start: int) -> int:
    """How many rows the first cell of this row covers."""
    below = next((place for place in range(start + 1, len(rows)) if rows[place][0]), len(rows))
    return below - start
