import json
import subprocess
import sys

import pytest
from docx_kit import cell, docx, level, listed, p, relationship, table

from gongwen.document import Document, grid
from gongwen.errors import SourceError
from ingest.readers.docx import READER
from ingest.readers.docx_numbers import printed
from ingest.source import Source

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read(body: str, **parts) -> Document:
    document = READER.read(Source.of("a.docx", docx(body, **parts), DOCX))
    assert Document.from_json(json.loads(json.dumps(document.to_json()))) == document
    return document


def lines(document: Document, kind: str = "paragraph") -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.kind == kind]


NUMBERING = {
    "numbering": f"""
    <w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}{level(1, "chineseCounting", "（%2）")}
    {level(2, "decimal", "%3.")}{level(3, "decimalEnclosedCircle", "%4")}</w:abstractNum>
    <w:abstractNum w:abstractNumId="1">{level(0, "chineseCountingThousand", "第%1条", start=99)}</w:abstractNum>
    <w:abstractNum w:abstractNumId="2">{level(0, "decimal", "%1")}{level(1, "lowerLetter", "%1.%2)", more="<w:isLgl/>")}
    </w:abstractNum>
    <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
    <w:num w:numId="2"><w:abstractNumId w:val="0"/>
      <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
    <w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
    <w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>
    """
}


def test_numbers_are_written_out_and_deeper_levels_restart():
    body = (
        listed("活动主题", 1) + listed("启动仪式", 1, 1) + listed("联展", 1, 1) + listed("布展", 1, 2)
        + listed("撤展", 1, 2) + listed("海报", 1, 3) + listed("工作要求", 1) + listed("加强领导", 1, 1)
    )  # fmt: skip
    assert lines(read(body, parts=NUMBERING)) == [
        "一、活动主题", "（一）启动仪式", "（二）联展", "1.布展", "2.撤展", "①海报", "二、工作要求", "（一）加强领导",
    ]  # fmt: skip


def test_a_second_list_of_one_definition_goes_on_unless_it_starts_over():
    body = listed("甲", 1) + listed("乙", 1) + listed("丙", 2) + listed("丁", 2) + listed("戊", 1)
    assert lines(read(body, parts=NUMBERING)) == ["一、甲", "二、乙", "一、丙", "二、丁", "三、戊"]


def test_a_number_without_a_sign_is_parted_from_its_text():
    body = listed("总则", 3) + listed("职责", 3) + listed("附则", 3) + listed("云州", 4) + listed("临江", 4, 1)
    assert lines(read(body, parts=NUMBERING)) == [
        "第九十九条 总则",
        "第一百条 职责",
        "第一百零一条 附则",
        "1 云州",
        "1.1)临江",
    ]


def test_a_number_tied_to_a_style():
    numbering = f"""<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}
        {level(1, "decimal", "%2.", more='<w:pStyle w:val="Second"/>')}</w:abstractNum>
        <w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>"""
    styles = """<w:style w:type="paragraph" w:styleId="First"><w:pPr><w:outlineLvl w:val="0"/>
        <w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="Second"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="Third"><w:basedOn w:val="Second"/></w:style>"""
    body = (
        p("总体要求", properties='<w:pStyle w:val="First"/>')
        + p("时间", properties='<w:pStyle w:val="Second"/>')
        + p("地点", properties='<w:pStyle w:val="Third"/>')
        + p("不编号", properties='<w:pStyle w:val="First"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    document = read(body, parts={"numbering": numbering, "styles": styles})
    assert lines(document) == ["一、总体要求", "1.时间", "2.地点", "不编号"]
    assert [block.level for block in document.blocks] == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("count", "style", "text"),
    [
        (10, "chineseCounting", "十"), (21, "chineseCounting", "二十一"), (100, "chineseCounting", "一〇〇"),
        (110, "chineseCountingThousand", "一百一十"), (1005, "chineseCountingThousand", "一千零五"),
        (1010, "chineseCountingThousand", "一千零一十"), (20010, "chineseCountingThousand", "二万零一十"),
        (12, "ideographDigital", "一二"), (120, "japaneseCounting", "百二十"), (2, "chineseLegalSimplified", "贰"),
        (20, "decimalEnclosedCircle", "⑳"), (21, "decimalEnclosedCircle", "㉑"), (50, "decimalEnclosedCircle", "㊿"),
        (3, "decimalEnclosedParen", "⑶"), (12, "decimalFullWidth", "１２"), (28, "lowerLetter", "bb"),
        (14, "lowerRoman", "xiv"), (3, "ideographTraditional", "丙"), (7, "decimalZero", "07"), (5, "no such", "5"),
        (11, "ideographTraditional", "11"), (13, "ideographZodiacTraditional", "丙子"),
        (60, "ideographZodiacTraditional", "癸亥"), (1, "ideographZodiac", "子"), (100, "taiwaneseCounting", "一〇〇"),
        (4, "decimalEnclosedFullstop", "⒋"), (5, "ideographEnclosedCircle", "㊄"), (3, "numberInDash", "- 3 -"),
        (2001, "ideographLegalTraditional", "貳仟零壹"), (9, "none", ""), (40000, "chineseCounting", "40000"),
    ],
)  # fmt: skip
def test_number_styles(count, style, text):
    assert printed(count, style) == text


def test_insertions_and_containers_stay_deletions_and_hidden_text_go():
    body = """<w:p><w:ins w:author="a"><w:r><w:t>关于</w:t></w:r></w:ins>
      <w:del><w:r><w:delText>废弃</w:delText></w:r></w:del>
      <w:smartTag><w:r><w:t>2024年6月3日</w:t></w:r></w:smartTag><w:sdt><w:sdtPr><w:t>不要</w:t></w:sdtPr><w:sdtContent>
      <w:r><w:t>云州市</w:t></w:r></w:sdtContent></w:sdt><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>
      <w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo>
      <w:r><w:ruby><w:rt><w:r><w:t>yun</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>云</w:t></w:r></w:rubyBase></w:ruby>
      </w:r></w:p>"""
    assert lines(read(body)) == ["关于2024年6月3日云州市移来云"]


def test_a_paragraph_whose_mark_was_deleted_joins_the_next():
    deleted = "<w:rPr><w:del/></w:rPr>"
    assert lines(read(p("甲", properties=deleted) + p("乙") + p("丙", properties=deleted))) == ["甲乙", "丙"]


def test_field_codes_go_and_results_stay():
    body = """<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE \\@ "yyyy" </w:instrText></w:r>
      <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2024年</w:t></w:r>
      <w:r><w:fldChar w:fldCharType="end"/></w:r>
      <w:fldSimple w:instr=" REF x "><w:r><w:t>见附件</w:t></w:r></w:fldSimple></w:p>
      <w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>
      <w:r><w:t>前</w:t></w:r></w:p>
      <w:p><w:r><w:t>后文还在</w:t></w:r></w:p>"""
    assert lines(read(body)) == ["2024年见附件", "后文还在"]


def test_symbols_breaks_tabs_and_dirt():
    body = """<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>同意</w:t><w:tab/>
      <w:t>云\u200b州\u202e</w:t><w:br/>
      <w:t>第二\u2028行</w:t><w:br w:type="page"/>
      <w:noBreakHyphen/><w:sym w:font="Unknown" w:char="E7E3"/></w:r></w:p>"""
    assert lines(read(body)) == ["☑同意\t云州", "第二", "行", "-\ue7e3"]


def test_text_boxes_follow_their_paragraph_and_stand_once():
    box = "<w:txbxContent><w:p><w:r><w:t>云州市科学技术协会文件</w:t></w:r></w:p></w:txbxContent>"
    body = f"""<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent>
      <mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>
      <mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"""
    assert lines(read(body)) == ["正文", "云州市科学技术协会文件"]


def test_notes_headers_and_footers_stand_at_the_end():
    def note(name: int, text: str) -> str:
        return f'<w:footnote w:id="{name}">{p(text)}</w:footnote>'

    page = (
        '<w:p><w:r><w:t>— </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>'
        "<w:r><w:t> —</w:t></w:r></w:p>"
    )
    body = (
        '<w:p><w:r><w:t>正文</w:t><w:footnoteReference w:id="3"/></w:r></w:p>'
        '<w:sectPr><w:headerReference r:id="part1"/><w:footerReference r:id="part2"/>'
        '<w:headerReference r:id="part3"/></w:sectPr>'
    )
    document = read(
        body,
        parts={
            "footnotes": note(-1, "分隔") + note(3, "注释"),
            "header1": p("云州市科学技术协会"),
            "footer1": page + p("7"),
            "header2": p("云州市科学技术协会"),
        },
    )
    assert [(block.kind, block.span.of(document.text)) for block in document.blocks] == [
        ("paragraph", "正文"), ("note", "注释"), ("header", "云州市科学技术协会"),
    ]  # fmt: skip


def test_page_numbers_typed_into_the_text_are_dropped():
    assert lines(read(p("甲") + p("— 12 —") + p("第 1 页 共 5 页") + p("2024"))) == ["甲", "2024"]


def test_hints():
    styles = """<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="32"/></w:rPr></w:rPrDefault></w:docDefaults>
      <w:style w:type="paragraph" w:default="1" w:styleId="a"/>
      <w:style w:type="paragraph" w:styleId="t"><w:basedOn w:val="a"/><w:pPr><w:jc w:val="center"/></w:pPr>
      <w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style>"""
    body = (
        p("关于举办科普日的通知", properties='<w:pStyle w:val="t"/>')
        + p("各县区科协：")
        + p("粗", run='<w:b w:val="0"/>')
    )
    blocks = read(body, parts={"styles": styles}).blocks
    assert [(one.centred, one.bold, one.size) for one in blocks] == [
        (True, True, 22.0),
        (False, False, 16.0),
        (False, False, 16.0),
    ]


def test_links_are_listed_whether_or_not_they_show():
    body = '<w:p><w:hyperlink r:id="r8"><w:r><w:t>云州科普网</w:t></w:r></w:hyperlink></w:p>'
    links = relationship("r8", "hyperlink", "http://kepu.example/", external=True) + relationship(
        "r9", "attachedTemplate", "http://127.0.0.1:9/t.dotm", external=True
    )
    assert read(body, links=links).links == (
        ("云州科普网", "http://kepu.example/"), ("attachedTemplate", "http://127.0.0.1:9/t.dotm"),
    )  # fmt: skip


def test_merged_table_is_one_grid_with_exact_cells():
    restart, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    document = read(
        p("附件1")
        + table(
            cell("任务分解表", properties='<w:gridSpan w:val="3"/>'),
            cell("类别") + cell("任务") + cell("牵头单位"),
            cell("普及", properties=restart) + cell("科普日", "主会场") + cell("市科协"),
            cell("", properties=go_on) + cell("科普大篷车\t进村") + cell(""),
            cell("提升") + cell(table(cell("内一") + cell("内二"), cell("内三") + cell("内四"))) + cell("市教育局"),
        )
    )
    block = document.blocks[1]
    told = [[None if one is None else one.span.of(document.text) for one in row] for row in grid(block)]
    assert told == [
        ["任务分解表"] * 3,
        ["类别", "任务", "牵头单位"],
        ["普及", "科普日\n主会场", "市科协"],
        ["普及", "科普大篷车 进村", ""],
        ["提升", "内一 内二\n内三 内四", "市教育局"],
    ]
    assert block.span.of(document.text) == (
        "任务分解表\n类别\t任务\t牵头单位\n普及\t科普日\n主会场\t市科协\n"
        "科普大篷车 进村\t\n提升\t内一 内二\n内三 内四\t市教育局"
    )


def test_table_with_auto_numbers_shifted_rows_deleted_rows_and_row_controls():
    rows = (
        '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("右") + "</w:tr>"
        "<w:tr><w:trPr><w:del/></w:trPr>" + cell("删去") + "</w:tr>"
        "<w:sdt><w:sdtContent><w:tr>" + cell(listed("", 4) + listed("甲", 4))
        + cell("乙", properties="<w:hMerge w:val='restart'/>")
        + cell("", properties="<w:hMerge/>") + "</w:tr></w:sdtContent></w:sdt></w:tbl>"
    )  # fmt: skip
    cells = read(rows, parts=NUMBERING)
    assert [(one.row, one.column, one.span.of(cells.text), one.column_span) for one in cells.blocks[0].cells] == [
        (0, 1, "右", 1),
        (1, 0, "2 甲", 1),
        (1, 1, "乙", 2),
    ]


def test_a_table_of_one_cell_is_a_frame():
    assert lines(read(table(cell("特急", "云州市科学技术协会")))) == ["特急", "云州市科学技术协会"]


def test_absurd_spans_are_capped():
    document = read(table(cell("宽", properties='<w:gridSpan w:val="100000000"/>') + cell("后"), cell("x") + cell("y")))
    assert [(one.column, one.column_span) for one in document.blocks[0].cells] == [(0, 64), (64, 1), (0, 1), (1, 1)]


def test_strict_files_read_the_same():
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<x:p xmlns:x="{strict}"><x:r><x:t>关于举办科普日的通知</x:t></x:r></x:p>'
    assert lines(read(body)) == ["关于举办科普日的通知"]


@pytest.mark.parametrize(
    ("body", "code"),
    [("<w:p/>", "no_text"), ("<w:p><w:r><w:drawing><a:blip xmlns:a='x'/></w:drawing></w:r></w:p>", "no_text_needs_ocr"),
     ("<w:p>", "parse_error")],
)  # fmt: skip
def test_nothing_to_read_has_a_reason(body, code):
    with pytest.raises(SourceError) as caught:
        read(body)
    assert caught.value.code == code


def test_a_part_of_another_format_makes_the_document_incomplete():
    document = read(p("正文") + '<w:altChunk r:id="r9"/>')
    assert (document.complete, document.reasons) == (False, ("foreign_part",))


def test_choosing_the_reader_loads_no_parser():
    code = "import ingest.readers.docx, sys; sys.exit(any(m.startswith('lxml') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
