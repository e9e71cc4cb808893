"""OFD packages that attack, lie or lack something: a reason or the text, within limits. Nos. 35 to 38 of
reliability.md §5 stand in the table (tests/faults/sixty.py)."""

import socket
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "ingest"))

from ofd_kit import SPACE, Paper, package, wrong_crc, zipped

from gongwen.errors import SourceError
from ingest.sandbox import Limits, read_bytes

LIMITS = Limits(memory_bytes=256 << 20, cpu=4, cpu_per_page=0, wall=30, stall=20)
ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def outcome(data: bytes) -> str:
    """The reason code, or the text."""
    try:
        return read_bytes(data, "x.ofd", limits=LIMITS).text.strip()
    except SourceError as error:
        assert error.sentence
        return error.code


def page(inner: str) -> str:
    return f"<ofd:Page {SPACE}><ofd:Content><ofd:Layer>{inner}</ofd:Layer></ofd:Content></ofd:Page>"


def text(attributes: str, said: str = "通知", more: str = "") -> str:
    return f'<ofd:TextObject Size="5" {more}><ofd:TextCode {attributes}>{said}</ofd:TextCode></ofd:TextObject>'


def composites(depth: int) -> bytes:
    """Each composite prints the next one twice: 2^depth pictures."""
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{at}"><ofd:Content>'
        + f'<ofd:CompositeObject ResourceID="{at + 1}"/>' * 40
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for at in range(1, depth)
    )
    return package(
        content='<ofd:CompositeObject ResourceID="1"/>' + text('X="9" Y="9"'),
        pages='<ofd:Page ID="1" BaseLoc="Pages/Page_1/Content.xml"/>',
        add=(
            ("Doc_0/Res.xml", f"<ofd:Res {SPACE}>{units}</ofd:Res>"),
            ("Doc_0/Pages/Page_1/Content.xml", page('<ofd:CompositeObject ResourceID="1"/>').replace(
                "<ofd:Content>", "<ofd:PageRes>../../Res.xml</ofd:PageRes><ofd:Content>")),
        ),
    )  # fmt: skip


REFUSED = {
    "35c drive": (lambda: package(page="C:/a/Content.xml"), "ofd_path"),
    "35d address": (lambda: package(root="http://127.0.0.1:9/Document.xml"), "ofd_path"),
    "36b entity in a page": (
        lambda: package(add=(("Doc_0/Pages/Page_1/Content.xml", ENTITY + page(text("", "&x;"))),),
                        pages='<ofd:Page ID="1" BaseLoc="Pages/Page_1/Content.xml"/>'), "xml_dtd",
    ),
    "37b root missing": (lambda: package(root="Doc_0/Nothing.xml"), "ofd_missing_part"),
    "37c no pages": (lambda: package(pages=""), "ofd_missing_part"),
    "37d nothing but the root": (lambda: zipped([("OFD.xml", f"<ofd:OFD {SPACE}/>")]), "ofd_missing_part"),
    "zip slip": (lambda: package(add=(("../evil.xml", "x"),)), "zip_path"),
    "bomb": (lambda: package(text=" " * 40_000_000), "zip_ratio"),
    "deep nesting": (lambda: package(content="<ofd:PageBlock>" * 5000 + "</ofd:PageBlock>" * 5000), "parse_error"),
    "five thousand pages": (
        lambda: package(pages='<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>' * 5000), "too_many_pages",
    ),
    "huge page": (
        lambda: package(add=(("Doc_0/Pages/Page_1/Content.xml", page(text("")).replace(
            "<ofd:Content>", "<ofd:Area><ofd:PhysicalBox>0 0 1e9 1e9</ofd:PhysicalBox></ofd:Area><ofd:Content>")),),
            pages='<ofd:Page ID="1" BaseLoc="Pages/Page_1/Content.xml"/>'), "page_size",
    ),
    "flat page": (
        lambda: package(add=(("Doc_0/Pages/Page_1/Content.xml", page(text("")).replace(
            "<ofd:Content>", "<ofd:Area><ofd:PhysicalBox>0 0 0 -5</ofd:PhysicalBox></ofd:Area><ofd:Content>")),),
            pages='<ofd:Page ID="1" BaseLoc="Pages/Page_1/Content.xml"/>'), "page_size",
    ),
    "composites without end": (lambda: composites(30), "too_much_text"),
    "a million characters on a page": (lambda: package(text="科" * 1_000_000), "too_much_text"),
    "encrypted": (
        lambda: zipped([("OFD.xml", b"\x8f\x01\x02"), ("Encryptions.xml", f"<ofd:Encryptions {SPACE}/>")]), "password",
    ),
    "nothing printed": (lambda: package(content=""), "no_text"),
    "not XML": (lambda: zipped([("OFD.xml", b"\x8f\x01\x02")]), "parse_error"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_reason(case):
    make, code = REFUSED[case]
    assert outcome(make()) == code


@pytest.mark.parametrize(
    "attributes",
    [
        'X="1e308" Y="-1e308"', 'X="nan" Y="inf"', 'X="9" Y="9" DeltaX="g 999999999 1e300"', 'X="" Y="abc"',
        'X="9" Y="9" DeltaX="nan nan"', 'X="9" Y="9" DeltaX="' + "5 " * 100_000 + '"', "",
    ],
)  # fmt: skip
def test_wild_places_cost_no_text(attributes):
    said = outcome(package(content=text(attributes)))
    assert "".join(said.split()) == "通知"


@pytest.mark.parametrize(
    "more",
    [
        'CTM="1e200 1e200 1e200 1e200 0 0"', 'CTM="0 0 0 0 0 0"', 'CTM="nan nan nan nan nan nan"', 'Boundary="a b c d"',
        'Size="0"', 'Size="-5"', 'HScale="0"', 'Boundary="1e99 1e99 1e99 1e99"', 'Font="nothing"',
    ],
)  # fmt: skip
def test_wild_looks_cost_no_text(more):
    item = f'<ofd:TextObject {more}><ofd:TextCode X="9" Y="9">通知</ofd:TextCode></ofd:TextObject>'
    assert outcome(package(content=item)) == "通知"


def test_ten_thousand_rules_take_no_time():
    told = "<ofd:AbbreviatedData>M 0 0 L 99 0 L 99 99</ofd:AbbreviatedData>"
    drawn = "".join(
        f'<ofd:PathObject Boundary="{at % 190} {at % 280} 100 100">{told}</ofd:PathObject>' for at in range(10_000)
    )
    assert outcome(package(content=drawn + text('X="9" Y="9"'))) == "通知"


def test_many_pieces_of_one_line_stay_linear():
    pieces = "".join(text(f'X="{at * 7919 % 100_000 / 500}" Y="9"', "科") for at in range(30_000))
    assert set(outcome(package(content=pieces))) <= set("科 \n")


def test_wrong_checksums_are_a_warning():
    document = read_bytes(wrong_crc(package()), "x.ofd", limits=LIMITS)
    assert (document.text.strip(), document.complete, document.warnings) == ("关于印发的通知", True, ("crc",))


def test_a_missing_page_is_told_and_the_others_are_read():
    pages = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/><ofd:Page ID="2" BaseLoc="Pages/Page_9/Content.xml"/>'
    document = read_bytes(package(pages=pages), "x.ofd", limits=LIMITS)
    assert (document.text.strip(), document.complete, document.reasons) == (
        "关于印发的通知", False, ("ofd_missing_part",),
    )  # fmt: skip
    assert [one.number for one in document.pages] == [1, 2]


def test_a_broken_page_is_told_and_the_others_are_read():
    pages = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/><ofd:Page ID="2" BaseLoc="Pages/Page_1/Content.xml"/>'
    document = read_bytes(
        package(pages=pages, add=(("Doc_0/Pages/Page_1/Content.xml", "<ofd:Page>"),)), "x.ofd", limits=LIMITS
    )
    assert (document.text.strip(), document.reasons) == ("关于印发的通知", ("parse_error",))


def test_locations_from_the_root_and_with_steps_up_inside():
    for place in (
        "/Doc_0/Pages/Page_0/Content.xml", "./Pages/../Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml",
        "Pages\\Page_0\\Content.xml", "pages/page_0/CONTENT.XML",
    ):  # fmt: skip
        assert outcome(package(page=place)) == "关于印发的通知"


def test_other_name_spaces_are_read():
    older = 'xmlns:ofd="http://www.ofdspec.org"'
    data = zipped([
        ("OFD.xml", f"<ofd:OFD {older}><ofd:DocBody><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"),
        ("D/Document.xml",
         f'<ofd:Document {older}><ofd:Pages><ofd:Page ID="1" BaseLoc="C.xml"/></ofd:Pages></ofd:Document>'),
        ("D/C.xml", f"<ofd:Page {older}><ofd:Content><ofd:Layer>{text('')}</ofd:Layer></ofd:Content></ofd:Page>"),
    ])  # fmt: skip
    assert outcome(data) == "通知"


def test_several_documents_in_one_file_and_versions():
    page_of = page(text('X="9" Y="9"', "{}"))
    body = "<ofd:DocBody><ofd:DocRoot>Doc_{}/Document.xml</ofd:DocRoot></ofd:DocBody>"
    version = (
        "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Versions>"
        '<ofd:Version ID="1" Index="0" BaseLoc="V/old.xml"/>'
        '<ofd:Version ID="2" Index="1" Current="true" BaseLoc="V/v.xml"/>'
        "</ofd:Versions></ofd:DocBody>"
    )
    whole = f'<ofd:Document {SPACE}><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>'
    parts = [(f"Doc_{at}/{name}", told) for at in (0, 1)
             for name, told in (("Document.xml", whole), ("P.xml", page_of.format(f"第{at}件")))]  # fmt: skip
    both = zipped([("OFD.xml", f"<ofd:OFD {SPACE}>{body.format(0)}{body.format(1)}</ofd:OFD>"), *parts])
    document = read_bytes(both, "x.ofd", limits=LIMITS)
    assert (document.text.split(), [one.number for one in document.pages]) == (["第0件", "第1件"], [1, 2])
    said = f"<ofd:DocVersion {SPACE}><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocVersion>"
    assert outcome(zipped([("OFD.xml", f"<ofd:OFD {SPACE}>{version}</ofd:OFD>"), *parts, ("V/v.xml", said)])) == "第1件"


def test_nothing_is_fetched():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        base = f"http://127.0.0.1:{server.getsockname()[1]}"
        paper = Paper().line("关于举办科普日的通知")
        paper.book.resources = (
            f'<ofd:MultiMedias><ofd:MultiMedia ID="900" Type="Image"><ofd:MediaFile>{base}/a.png</ofd:MediaFile>'
            "</ofd:MultiMedia></ofd:MultiMedias>"
        )
        assert outcome(paper.picture().data()) == "关于举办科普日的通知"
        with pytest.raises(TimeoutError):
            server.accept()
