"""Saved web pages: the article and its metadata come out, the page around it does not."""

from __future__ import annotations

import codecs

import pytest
from layout_kit import check_spans, meta, outline, paragraphs, read, table

from gongwen.errors import SourceError

BODY = "为深入贯彻落实有关会议精神，进一步提升全市公民科学素质，现就开展科普日活动的有关事项通知如下，请认真执行。"

PAGE = f"""<!doctype html><html><head><meta charset="utf-8">
<meta name="SiteName" content="云州市科学技术协会网站">
<meta name="ArticleTitle" content="关于开展科普日活动的通知">
<meta name="PubDate" content="2024-09-16 08:30:00"/>
<meta name="viewport" content="width=device-width">
<title>关于开展科普日活动的通知-云州市科学技术协会网站</title>
<script>var x = "不要这个";</script><style>.a{{color:red}}</style></head>
<body><div class="header"><ul class="mainnav"><li><a href="/a">政务公开</a></li></ul>
<form><input value="搜索"></form></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/tz">通知</a></div>
<h1>关于开展科普日活动的通知</h1>
<div class="info">发布时间：2024-09-16 08:30　来源：云州市科协　<span class="fontsize">字号：大 中 小</span></div>
<div class="TRS_Editor">
<p style="text-align:center"><span style="font-size:18pt;font-weight:bold">关于开展科普日
活动的通知</span></p>
<p align="center">云科协字〔2024〕12号</p>
<p>各县（区）科协：</p>
<p>　　{BODY}</p>
<p>　　<strong>一、活动时间</strong></p>
<p>2024年9月15日-25日<br>地点：云州科技馆</p>
<ol><li>组织讲座</li><li>举办展览</li></ol>
<p style="display:none">隐藏的字</p>
<table><tr><th>县区</th><th>单位</th></tr><tr><td rowspan="2">临江县</td><td>县科协</td></tr><tr><td>县教育局</td></tr>
<tr><td colspan="2">合计</td></tr></table>
<p>附件：<a href="/files/plan.docx">活动方案.docx</a></p>
<p style="text-align:right">云州市科学技术协会</p><p style="text-align:right">2024年9月10日</p>
<div class="share">分享到：微信</div></div>
<div class="related"><a href="/b">相关文章一</a></div><p>附件下载 <a href="/files/list.xlsx">名单</a></p>
<div class="footer">版权所有：云州市科学技术协会 海ICP备12345678号</div>
<p>扫一扫在手机打开当前页</p></body></html>"""


def test_modern_page():
    document = read(PAGE, "text/html")
    assert outline(document) == (
        "[SiteName] 云州市科学技术协会网站\n"
        "[ArticleTitle] 关于开展科普日活动的通知\n"
        "[PubDate] 2024-09-16 08:30:00\n"
        "[发布时间] 2024-09-16 08:30\n"
        "[来源] 云州市科协\n"
        "¶^* 关于开展科普日活动的通知\n"
        "¶^ 云科协字〔2024〕12号\n"
        "¶ 各县（区）科协：\n"
        f"¶ {BODY}\n"
        "¶* 一、活动时间\n"
        "¶ 2024年9月15日-25日\n"
        "¶ 地点：云州科技馆\n"
        "¶ 1.组织讲座\n"
        "¶ 2.举办展览\n"
        "| 县区 | 单位 |\n"
        "| 临江县 | 县科协 |\n"
        "| 县教育局 |\n"
        "| 合计 |\n"
        "¶ 附件：活动方案.docx\n"
        "¶ 云州市科学技术协会\n"
        "¶ 2024年9月10日\n"
        "-> 活动方案.docx = /files/plan.docx\n"
        "-> 名单 = /files/list.xlsx\n"
    )
    assert "ArticleTitle：关于开展科普日活动的通知\n" in document.text
    assert next(block for block in document.blocks if block.centred).size == 18
    check_spans(document)


def test_merged_cells_keep_their_place():
    cells = next(block for block in read(PAGE, "text/html").blocks if block.kind == "table").cells
    assert [(cell.row, cell.column, cell.row_span, cell.column_span) for cell in cells] == [
        (0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 2, 1), (1, 1, 1, 1), (2, 1, 1, 1), (3, 0, 1, 2),
    ]  # fmt: skip


OLD = f"""<div class="wrap"><table width="930"><tbody><tr><td>
<table class="bd1"><tr><td><b>索 引 号：</b></td><td>000099999/2024-00213</td>
<td><b>主题分类：</b></td><td>科技、教育\\其他</td></tr>
<tr><td><b>发文机关：</b></td><td>云州市人民政府</td><td><b>成文日期：</b></td><td>2024年12月04日</td></tr>
<tr><td><b>标　　题：</b></td><td colspan="3">云州市人民政府关于科普工作的通知</td></tr>
<tr><td><b>发文字号：</b></td><td></td><td><b>发布日期：</b></td><td>2024年12月06日</td></tr></table></td></tr></tbody></table>
<table><tr><td><table><tr><td class="b12c" id="UCAP-CONTENT"><p style="text-align: center;">云州市人民政府</p>
<p style="text-align: center;">关于科普工作的通知</p><p>各县（区）人民政府：</p><p>{BODY}</p>
<p>云州市人民政府 &nbsp; &nbsp;</p><p>2024年12月4日&nbsp;</p></td></tr></table>
<div id="qr_container">扫一扫在手机打开当前页</div></td><td><iframe src="x"></iframe></td></tr></table></div>"""


def test_page_of_layout_tables_saved_in_part():
    assert outline(read(OLD, "text/html")) == (
        "[索引号] 000099999/2024-00213\n"
        "[主题分类] 科技、教育\\其他\n"
        "[发文机关] 云州市人民政府\n"
        "[成文日期] 2024年12月04日\n"
        "[标题] 云州市人民政府关于科普工作的通知\n"
        "[发文字号] \n"
        "[发布日期] 2024年12月06日\n"
        "¶^ 云州市人民政府\n"
        "¶^ 关于科普工作的通知\n"
        "¶ 各县（区）人民政府：\n"
        f"¶ {BODY}\n"
        "¶ 云州市人民政府\n"
        "¶ 2024年12月4日\n"
        "-> 框架 = x\n"
    )


def test_title_outside_the_article_comes_first():
    page = f"<h1>关于开展科普日活动的通知</h1><div id='zoom'><p>各县（区）科协：</p><p>{BODY}</p></div>"
    document = read(page, "text/html")
    assert paragraphs(page, "text/html") == ["关于开展科普日活动的通知", "各县（区）科协：", BODY]
    assert document.blocks[0].level == 1


def test_unknown_page_gives_its_densest_part():
    links = "".join(f"<li><a href='/{n}'>栏目名称{n}</a></li>" for n in range(40))
    text = f"<p>各县（区）科协：</p><p>{BODY}</p><p>{BODY}</p>"
    page = f"<html><body><div><ul>{links}</ul></div><div class='q7'>{text}</div></body></html>"
    assert paragraphs(page, "text/html") == ["各县（区）科协：", BODY, BODY]


def test_list_table_with_a_header_row_is_no_metadata():
    rows = "<tr><td>标题</td><td>发布日期</td></tr><tr><td>通知</td><td>2024-09-01</td></tr>"
    page = f"<div id='zoom'><p>{BODY}{BODY}</p><table>{rows}</table></div>"
    document = read(page, "text/html")
    assert table(document) == [["标题", "发布日期"], ["通知", "2024-09-01"]]
    assert meta(document) == []


def test_depth_of_300_survives():
    page = "<html><body>" + "<div>" * 300 + "深处的文字" + "</div>" * 300 + "<p>后文</p></body></html>"
    document = read(page, "text/html")
    assert "深处的文字" in document.text
    assert document.complete


def test_depth_beyond_the_parser_is_said():
    document = read("<html><body><p>前文</p>" + "<div>" * 5000 + "深处", "text/html")
    assert not document.complete
    assert document.reasons == ("html_truncated",)


def test_nothing_left_of_a_page_too_deep():
    with pytest.raises(SourceError) as caught:
        read("<table><tr><td>" * 1_500 + "文", "text/html")
    assert caught.value.code == "html_truncated"


def test_spans_are_capped():
    cells = "<td rowspan='99999999999' colspan='9999'>甲</td><td colspan='-3' rowspan='x'>乙</td>"
    document = read(f"<table><tr>{cells}</tr><tr><td>丙</td></tr></table>", "text/html")
    spans = [(cell.row_span, cell.column_span) for block in document.blocks for cell in block.cells]
    assert spans == [(2, 64), (1, 1), (1, 1)]


HEAD = (
    "<html><head><meta http-equiv='Content-Type' content='text/html; charset={}'></head>"
    "<body><p>云州市通知</p></body></html>"
)


@pytest.mark.parametrize(
    ("declared", "encoding", "warnings"),
    [
        ("utf-8", "utf-8", ()),
        ("gb2312", "gb18030", ()),
        ("GBK", "gb18030", ()),
        ("gb2312", "utf-8", ("charset_mismatch",)),
        ("utf-8", "gb18030", ("charset_mismatch",)),
        ("no-such-thing", "utf-8", ()),
    ],
)
def test_encodings(declared, encoding, warnings):
    document = read(HEAD.format(declared).encode(encoding), "text/html")
    assert (document.text, document.warnings) == ("云州市通知\n", warnings)


def test_big5_when_the_page_says_so():
    page = HEAD.format("big5").replace("云州市通知", "雲州市通知")
    assert read(page.encode("big5"), "text/html").text == "雲州市通知\n"


def test_byte_order_mark_wins():
    page = HEAD.format("gb2312")
    assert read(codecs.BOM_UTF16_LE + page.encode("utf-16-le"), "text/html").text == "云州市通知\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<html></html>", "no_text"),
        (b"<p>\x81\xff\xff</p>", "encoding"),
        (b"  ", "no_text"),
        (b"<p>" * 300_000, "no_text"),
        (b"<div><p class='a'></p> <br/>&nbsp;</div>", "no_text"),
        (b"<style>a</style>", "no_text"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data, code):
    with pytest.raises(SourceError) as caught:
        read(data, "text/html")
    assert caught.value.code == code


def test_xml_declaration_and_comments():
    page = f"<?xml version='1.0' encoding='gb2312'?><html><body><!-- 注释 --><p>{BODY}</p></body></html>"
    assert paragraphs(page, "text/html") == [BODY]


def test_sentence_broken_over_paragraphs():
    first, second = "宣讲有关规划，深入学习远景目标的建议等精", f"神，宣传重大方针政策。{BODY}"
    page = f"<div id='zoom'><p>{first}</p><p>— 2 —</p><p>{second}</p></div>"
    assert paragraphs(page, "text/html") == [first + second]


def test_no_link_is_followed_or_run():
    anchors = "<a href='javascript:alert(1)'>点</a><a href='http://a.example/x?y=1'>网</a>"
    page = f"<div id='zoom'><p>{BODY}</p>{anchors}<img src='file:///etc/passwd'></div>"
    assert read(page, "text/html").links == (("网", "http://a.example/x?y=1"),)


@pytest.mark.parametrize(
    "page", ["<" * 50_000 + "文", "&" * 50_000 + "文", "<table><tr><td>" * 400 + "文", "<p>科技，</p>" * 5_000]
)
def test_hostile_pages(page):
    assert "文" in read(page, "text/html").text or "科技" in read(page, "text/html").text


def test_line_under_the_title_is_metadata_and_no_part_of_the_next_paragraph():
    page = (
        "<h1>关于开展科普日活动的通知</h1><div class='attr'><span>2024-10-12 08:30</span><span>来源：本网</span>"
        f"<span>字体：<a>大</a> <a>中</a> <a>小</a></span>阅读 96</div><div><p>各县（区）科协：</p><p>{BODY}</p></div>"
    )
    document = read(page, "text/html")
    assert meta(document) == [("发布时间", "2024-10-12 08:30"), ("来源", "本网")]
    assert paragraphs(page, "text/html") == ["关于开展科普日活动的通知", "各县（区）科协：", BODY]


def test_number_on_a_line_of_the_page_stays_a_paragraph():
    page = (
        "<div id='zoom'><p class='sub'>云科协字〔2024〕12号　日期：2024/04/02　点击数：1873</p>"
        f"<p>各县（区）科协，市级各学会：</p><p>{BODY}</p></div>"
    )
    assert paragraphs(page, "text/html") == ["云科协字〔2024〕12号", "各县（区）科协，市级各学会：", BODY]
    assert meta(read(page, "text/html")) == [("日期", "2024/04/02")]


@pytest.mark.parametrize(
    "pairs",
    [
        "<dl><dt>索引号：</dt><dd>YZ3300/2024-1</dd><dt>文号：</dt><dd>无</dd><dt>发布日期</dt><dd>2024-09-16</dd></dl>",
        "<ul><li><b>索引号：</b>YZ3300/2024-1</li><li><b>文号：</b>无</li><li><b>发布日期：</b>2024-09-16</li></ul>",
        "<div><span class='label'>索引号</span><span>YZ3300/2024-1</span><span class='label'>文号</span><span>无</span>"
        "<span class='label'>发布日期</span><span>2024-09-16</span></div>",
        "<div class='r'><div>索引号</div><div>YZ3300/2024-1</div></div>"
        "<div class='r'><div>文号</div><div>无</div></div>"
        "<div class='r'><div>发布日期</div><div>2024-09-16</div></div>",
        "<ul><li>索引号</li><li>YZ3300/2024-1</li><li>文号</li><li>无</li><li>发布日期</li><li>2024-09-16</li></ul>",
        "<p><em>索引号</em> YZ3300/2024-1</p><p><em>文号</em> 无</p><p><em>发布日期</em> 2024-09-16</p>",
        "<table><tr><td>索引号</td><td>YZ3300/2024-1</td><td>文号</td><td>无</td></tr>"
        "<tr><td>发布日期</td><td>2024-09-16</td></tr></table>",
    ],
)
def test_labels_and_values_in_elements_of_their_own(pairs):
    page = f"{pairs}<h1>关于开展科普日活动的通知</h1><div id='zoom'><p>各县（区）科协：</p><p>{BODY}{BODY}</p></div>"
    document = read(page, "text/html")
    assert meta(document) == [("索引号", "YZ3300/2024-1"), ("文号", ""), ("发布日期", "2024-09-16")]
    assert paragraphs(page, "text/html") == ["关于开展科普日活动的通知", "各县（区）科协：", BODY + BODY]
    check_spans(document)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("<p>各县（区）科协，市级各学会</p>", "<p>为深入贯彻落实有关会议精神，现将有关事项通知如下。</p>"),
        ("<div>云州市科学技术协会、云州市教育局、云州市科学技术局、云州市农业农村局</div>", f"<p>{BODY}</p>"),
        (f"<p>{BODY[:-1]}</p>", f"<p>　　{BODY}</p>"),
        (f"<p>{BODY[:-1]}</p>", f"<p class='indent'>{BODY}</p>"),
        (f"<ul><li>{BODY[:-1]}</li>", f"<li>{BODY}</li></ul>"),
    ],
)
def test_elements_are_paragraphs(first, second):
    assert len(paragraphs(f"<div id='zoom'>{first}{second}<p>{BODY}</p></div>", "text/html")) == 3


def test_lines_copied_one_an_element_are_one_paragraph():
    first, second = "按照年度工作安排，市科协决定在全市范围内组织开展科普进乡村活", "动，请各单位高度重视，精心组织。"
    page = f"<div id='zoom'><p>　　{first}</p><p>{second}</p><p>　　{BODY}</p></div>"
    assert paragraphs(page, "text/html") == [first + second, BODY]


@pytest.mark.parametrize("look", ["<b>{}</b>", "<center>{}</center>", "<h2>{}</h2>"])
def test_title_above_the_article_of_an_old_page_that_declares_none(look):
    title = look.format("关于举办全市科普讲解大赛的通知")
    page = (
        f"<table><tr><td>首页 &gt; 通知公告</td></tr><tr><td align=center>{title}</td></tr><tr><td>时间：2012-5-8&nbsp;"
        f"&nbsp;来源：普及部&nbsp;&nbsp;点击：356</td></tr><tr><td><div>各县（区）科协：<br>{BODY}<br>{BODY}</div></td></tr>"
        "<tr><td>版权所有 云州市科学技术协会</td></tr></table>"
    )
    document = read(page, "text/html")
    assert paragraphs(page, "text/html") == ["关于举办全市科普讲解大赛的通知", "各县（区）科协：", BODY, BODY]
    assert meta(document) == [("时间", "2012-5-8"), ("来源", "普及部")]


def test_a_page_that_was_cut_off_is_not_complete():
    page = "<!DOCTYPE html><html><body><div><p>关于举办科普日的通知</p><p>各县科协：</p></div></body></html>"
    for end in ("</div></body></html>", "</p></div></body></html>"):
        assert read(page.removesuffix(end), "text/html").reasons == ("partly_damaged",)
    assert read(page[: page.index("各县") + 2] + "<a hre", "text/html").reasons == ("partly_damaged",)
    for whole in (page, page.removesuffix("</html>"), "<div><p>片段</p>", "<html><p>没有结束标记的旧网页"):
        assert (read(whole, "text/html").complete, read(whole, "text/html").reasons) == (True, ())
