"""What Word files hold beside plain paragraphs: revisions, comments, fields, symbols, old shapes, strict files."""

import json
import sys

import pytest
from docx_kit import cell, docx, level, listed, p, relationship, table, zipped

from extract.pipeline import extract
from gongwen.document import Document, grid
from gongwen.rulebook import load_rulebook
from ingest.readers.docx import READER
from ingest.sniff import DOCX, sniff
from ingest.source import Source


def read(body: str, **parts) -> Document:
    return of(docx(body, **parts))


def of(data: bytes) -> Document:
    document = READER.read(Source.of("a.docx", data, DOCX))
    assert Document.from_json(json.loads(json.dumps(document.to_json()))) == document
    return document


def lines(document: Document, kind: str = "paragraph") -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.kind == kind]


def field(code: str, result: str = "") -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    shown = f"{mark('separate')}<w:r><w:t>{result}</w:t></w:r>" if result else ""
    return f"{mark('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{shown}{mark('end')}"


# --- what is told beside the text ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        '<w:ins w:author="a"><w:r><w:t>增</w:t></w:r></w:ins>',
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>",
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>",
        "<w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo>",
        "<w:pPr><w:rPr><w:ins/></w:rPr></w:pPr>",
    ],
)
def test_revisions_are_told(change):
    document = read(f"<w:p>{change}<w:r><w:t>通知</w:t></w:r></w:p>")
    assert document.warnings == ("tracked_changes",)
    assert not set(document.text) & set("删走")
    (record,) = extract(document, load_rulebook())
    assert [issue.code for issue in record.issues if issue.code == "tracked_changes"] == ["tracked_changes"]


def test_deleted_and_inserted_rows_and_cells():
    rows = (
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{cell('删')}{cell('去')}</w:tr>"
        f"<w:tr><w:trPr><w:ins/></w:trPr>{cell('新')}{cell('废', properties='<w:cellDel/>')}{cell('增')}</w:tr></w:tbl>"
    )
    document = read(rows)
    assert [one.span.of(document.text) for one in document.blocks[0].cells] == ["新", "增"]
    assert document.warnings == ("tracked_changes",)


def test_comments_are_left_out_and_told():
    body = (
        '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>通知</w:t></w:r><w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
    )
    document = read(body, parts={"comments": f'<w:comment w:id="0">{p("此处再核")}</w:comment>'})
    assert (lines(document), document.warnings) == (["通知"], ("comments",))


def test_hidden_text_is_left_out_and_told():
    styles = '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    by_style = '<w:p><w:r><w:rPr><w:rStyle w:val="h"/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>明</w:t></w:r></w:p>'
    document = read(by_style, parts={"styles": styles})
    assert (lines(document), document.warnings) == (["明"], ("hidden_text",))
    shown = p("明", run='<w:vanish w:val="0"/>') + p(" ", run="<w:vanish/>")
    assert read(shown).warnings == ()


@pytest.mark.parametrize(
    "inner",
    [
        "<w:object><o:OLEObject xmlns:o='o' ProgID='Excel.Sheet.12'/></w:object>",
        "<w:drawing><c:chart xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart'/></w:drawing>",
    ],
)
def test_an_embedded_object_is_told(inner):
    document = read(f"<w:p><w:r><w:t>见下表</w:t>{inner}</w:r></w:p>")
    assert (lines(document), document.warnings, document.complete) == (["见下表"], ("embedded_object",), True)


@pytest.mark.parametrize("tag", ["altChunk", "subDoc"])
def test_a_part_in_another_file_is_not_followed_and_told(tag):
    inner = f'<w:{tag} r:id="r9"/>'
    links = relationship("r9", tag, "http://127.0.0.1:9/part.docx", external=True)
    document = read(p("正文") + inner, links=links)
    assert (document.complete, document.reasons) == (False, ("foreign_part",))
    assert (tag, "http://127.0.0.1:9/part.docx") in document.links


def test_an_ordinary_paper_has_no_warning():
    assert read(p("关于举办科普日的通知") + table(cell("甲") + cell("乙"), cell("丙") + cell("丁"))).warnings == ()


# --- dates that change --------------------------------------------------------------------------------------

PAPER = (
    p("云科协字〔2024〕12号") + p("关于开展科普日活动的通知") + p("各县（区）科协：") + p("请认真执行。")
    + p("云州市科学技术协会")
)  # fmt: skip


@pytest.mark.parametrize(
    "date",
    [
        f"<w:p>{field(' DATE yyyy ', '2026年11月22日')}</w:p>",
        '<w:p><w:fldSimple w:instr=" TIME "><w:r><w:t>2026年11月</w:t></w:r><w:r><w:t>22日</w:t></w:r></w:fldSimple>'
        "</w:p>",
        f"<w:p>{field('SAVEDATE', '2026年11月22日')}</w:p>",
    ],
)
def test_a_date_that_a_field_prints_is_doubted_with_its_value(date):
    document = read(PAPER + date)
    assert document.warnings == ("date_field",)
    assert [(code, span.of(document.text)) for code, span in document.doubts] == [("date_field", "2026年11月22日")]
    (record,) = extract(document, load_rulebook())
    assert record["issue_date"] == "2026-11-22"
    (issue,) = [one for one in record.issues if one.code == "date_field"]
    assert (issue.field, issue.span) == ("issue_date", document.doubts[0][1])
    assert "2026年11月22日" in issue.message


def test_a_date_field_in_a_table_is_doubted_where_it_stands():
    document = read(table(cell("日期") + cell(f"<w:p>{field('DATE', '2026-11-22')}</w:p>")))
    assert [span.of(document.text) for _, span in document.doubts] == ["2026-11-22"]
    assert document.doubts[0][1].start == len("日期\t")


def test_a_typed_date_is_not_doubted():
    document = read(PAPER + p("2024年3月5日"))
    (record,) = extract(document, load_rulebook())
    assert (record["issue_date"], document.doubts) == ("2024-03-05", ())


# --- signs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (r" eq \o\ac(○,3) ", "③"),
        (r"EQ \o\ac(○,正)", "正"),
        (r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(yún),云)', "云"),
        (r"eq \o\ad(\s\up 11(yún),云)", "云"),
        (r"eq \f(1,2)", ""),
    ],
)
def test_a_sign_over_another_is_read_from_its_field(code, text):
    assert lines(read(f"<w:p>{field(code)}<w:r><w:t>州</w:t></w:r></w:p>")) == [f"{text}州"]


def test_check_boxes_of_forms():
    def box(state: str) -> str:
        begin = f'<w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{state}</w:checkBox></w:ffData></w:fldChar>'
        return f'<w:r>{begin}</w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>{END}'

    body = "".join(
        f"<w:p>{box(state)}<w:r><w:t>{text}</w:t></w:r></w:p>"
        for state, text in (("<w:checked/>", "甲"), ('<w:default w:val="1"/>', "乙"), ('<w:default w:val="0"/>', "丙"))
    )
    assert lines(read(body)) == ["☑甲", "☑乙", "□丙"]


END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def test_symbols_as_text_in_a_symbol_font():
    run = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    assert lines(read(p("\uf0fe同意\uf0a8", run=run) + p("\uf0fe"))) == ["☑同意□", "\uf0fe"]


def test_hyphens_blanks_and_breaks():
    body = (
        '<w:p><w:r><w:t>科</w:t><w:softHyphen/><w:t>\xad普</w:t><w:noBreakHyphen/><w:t>日</w:t><w:ptab/><w:t>甲</w:t>'
        '<w:cr/><w:t>乙</w:t><w:br w:type="column"/><w:t>丙</w:t><w:lastRenderedPageBreak/><w:t>丁</w:t></w:r></w:p>'
        '<w:p><w:r><w:br w:type="page"/><w:t>附件1</w:t></w:r></w:p>'
    )
    assert lines(read(body)) == ["科普-日\t甲", "乙", "丙丁", "附件1"]


def test_a_number_stays_with_its_text_behind_a_page_break():
    numbering = f"""<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}</w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"""
    broken = listed("总则", 1).replace("<w:t ", '<w:br w:type="page"/><w:t ')
    assert lines(read(broken, parts={"numbering": numbering})) == ["一、总则"]


def test_phonetic_guides_two_lines_in_one_and_math():
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    body = (
        '<w:p><w:r><w:ruby><w:rt><w:r><w:t>yún</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>云</w:t></w:r></w:rubyBase>'
        '</w:ruby></w:r><w:r><w:rPr><w:eastAsianLayout w:combine="1"/></w:rPr><w:t>州市</w:t></w:r>'
        f"<m:oMath {math}><m:r><m:t>x+1</m:t></m:r></m:oMath></w:p>"
    )
    assert lines(read(body)) == ["云州市x+1"]


# --- shapes -------------------------------------------------------------------------------------------------


def test_word_art_is_a_line_in_the_text_and_nothing_in_a_header():
    art = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="%s"/></v:shape>'
        "</w:pict></w:r></w:p>"
    )
    body = art % "云州市科学技术协会文件" + p("通知") + '<w:sectPr><w:headerReference r:id="part0"/></w:sectPr>'
    document = read(body, parts={"header1": art % "草稿"})
    assert [(block.kind, block.span.of(document.text)) for block in document.blocks] == [
        ("paragraph", "云州市科学技术协会文件"), ("paragraph", "通知"),
    ]  # fmt: skip


def test_a_box_in_a_group_in_a_cell_stands_once():
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    shape = (
        f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing><wps:g>{box}{box.replace("内", "外")}'
        f"</wps:g></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
        "</w:r></w:p>"
    )
    document = read(table(cell("甲") + cell(shape), cell("乙") + cell("丙")))
    assert [one.span.of(document.text) for one in document.blocks[0].cells] == ["甲", "框内\n框外", "乙", "丙"]


# --- notes, tables, packages --------------------------------------------------------------------------------


def test_endnotes_and_a_note_named_twice():
    body = (
        '<w:p><w:r><w:t>正文</w:t><w:endnoteReference w:id="2"/><w:footnoteReference w:id="1"/>'
        '<w:footnoteReference w:id="1"/></w:r></w:p>'
    )
    notes = {
        "footnotes": f'<w:footnote w:id="1">{p("脚注")}</w:footnote><w:footnote w:id="5">{p("没有用到")}</w:footnote>',
        "endnotes": f'<w:endnote w:id="2">{p("尾注")}</w:endnote>',
    }
    assert lines(read(body, parts=notes), "note") == ["脚注", "尾注"]


def test_merged_in_both_directions_with_a_merged_table_inside():
    start, more, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    inner = table(cell("子", properties=wide), cell("丑") + cell("寅"))
    document = read(
        table(
            cell("类", properties=start + wide) + cell("项"),
            cell("", properties=more + wide) + cell(inner, "后"),
            cell("甲") + cell("乙") + cell("丙"),
        )
    )
    told = [[one and one.span.of(document.text) for one in row] for row in grid(document.blocks[0])]
    assert told == [["类", "类", "项"], ["类", "类", "子\n丑 寅\n后"], ["甲", "乙", "丙"]]


def calls_of(rows: int) -> int:
    """How many functions are called to read a table of so many rows, a third of them merged."""
    merges = ('<w:vMerge w:val="restart"/>', "<w:vMerge/>", "<w:vMerge/>")
    body = "".join(
        f"<w:tr>{cell('类', properties=merges[at % 3])}{cell('任务')}</w:tr>" for at in range(rows)
    )
    data = docx(f"<w:tbl>{body}</w:tbl>")
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        assert len(of_raw(data).blocks[0].cells) == rows + -(-rows // 3)
    finally:
        sys.setprofile(None)
    return count


def of_raw(data: bytes) -> Document:
    return READER.read(Source.of("a.docx", data, DOCX))


def test_ten_times_the_rows_are_ten_times_the_work():
    assert calls_of(5_000) < 11 * calls_of(500)


STRICT = "http://purl.oclc.org/ooxml/"


def test_a_whole_strict_package():
    main = (
        f'<w:document xmlns:w="{STRICT}wordprocessingml/main" xmlns:r="{STRICT}officeDocument/relationships" '
        f'xmlns:m="{STRICT}officeDocument/math"><w:body><w:p><w:pPr><w:pStyle w:val="t"/></w:pPr>'
        '<w:r><w:t>关于举办科普日的通知</w:t></w:r></w:p><w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/>'
        "</w:numPr></w:pPr><w:r><w:t>主题</w:t></w:r><m:oMath><m:r><m:t>n</m:t></m:r></m:oMath></w:p>"
        '<w:p><w:hyperlink r:id="l1"><w:r><w:t>网站</w:t></w:r></w:hyperlink></w:p>'
        '<w:sectPr><w:headerReference r:id="h1"/></w:sectPr></w:body></w:document>'
    )
    space = f'xmlns:w="{STRICT}wordprocessingml/main"'
    kinds = (("n1", "numbering", "numbering.xml", ""), ("s1", "styles", "styles.xml", ""),
             ("h1", "header", "h.xml", ""),
             ("l1", "hyperlink", "http://kepu.example/", ' TargetMode="External"'))  # fmt: skip
    related = "".join(
        f'<Relationship Id="{name}" Type="{STRICT}officeDocument/relationships/{kind}" Target="{target}"{mode}/>'
        for name, kind, target, mode in kinds
    )
    roots = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    data = zipped(
        [
            ("[Content_Types].xml", '<Types><Override ContentType="application/vnd.openxmlformats-officedocument'
                                    '.wordprocessingml.document.main+xml"/></Types>'),
            ("_rels/.rels", roots % f'<Relationship Id="r" Type="{STRICT}officeDocument/relationships/officeDocument" '
                                    'Target="word/document.xml"/>'),
            ("word/_rels/document.xml.rels", roots % related),
            ("word/document.xml", main),
            ("word/numbering.xml", f'<w:numbering {space}><w:abstractNum w:abstractNumId="0">'
                                   f'{level(0, "chineseCounting", "%1、")}</w:abstractNum><w:num w:numId="1">'
                                   '<w:abstractNumId w:val="0"/></w:num></w:numbering>'),
            ("word/styles.xml", f'<w:styles {space}><w:style w:type="paragraph" w:styleId="t"><w:pPr><w:jc '
                                'w:val="center"/></w:pPr></w:style></w:styles>'),
            ("word/h.xml", f"<w:hdr {space}><w:p><w:r><w:t>页眉</w:t></w:r></w:p></w:hdr>"),
        ]
    )  # fmt: skip
    assert sniff(data, "a.docx") == (DOCX, ())
    document = of(data)
    assert [(one.kind, one.span.of(document.text), one.centred) for one in document.blocks] == [
        ("paragraph", "关于举办科普日的通知", True), ("paragraph", "一、主题n", False), ("paragraph", "网站", False),
        ("header", "页眉", False),
    ]  # fmt: skip
    assert document.links == (("网站", "http://kepu.example/"),)
