"""The converter's run is bounded, alone, off the network, and leaves nothing: shown with stand-ins for LibreOffice."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from docx_kit import docx, p
from office_kit import stand_in

from gongwen.errors import SourceError
from ingest import client, sandbox
from ingest.convert import find_converter
from ingest.nursery import _Nursery, _Watch
from ingest.preparing import prepared
from ingest.sandbox import Limits, read_bytes
from tests.ingest_kit import FakePipeline, document_of, indexed_ids, problems, run_ingest, sha256_of

RTF = rb"{\rtf1 x}"


@pytest.fixture
def use(tmp_path, monkeypatch):
    """Put a script in LibreOffice's place."""
    (tmp_path / "ready.docx").write_bytes(docx(p("转换好的文字")))

    def put(script: str) -> None:
        program = stand_in(tmp_path, script.replace("READY", str(tmp_path / "ready.docx")))
        monkeypatch.setattr(sandbox, "find_converter", lambda: program)

    return put


def reason(data: bytes = RTF, limits: Limits | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        read_bytes(data, "a.rtf", limits=limits)
    return caught.value.code


def scratch_folders() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(f"gongwen-convert-{client._nursery('plain').process.pid}-*"))


def is_gone(pid: int) -> bool:
    """Whether a process has ended, waiting a while for it."""
    for _ in range(500):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_what_the_converter_makes_is_read_as_the_original(use):
    use('cp READY "$OUT"')
    document = read_bytes(RTF, "通知.rtf")
    assert document.text == "转换好的文字\n"
    assert (document.sha256, document.media_type) == (sha256_of(RTF), "application/rtf")
    assert document.warnings == ("converted",)
    assert scratch_folders() == []


def test_it_gets_the_original_a_profile_of_its_own_and_nothing_else(use, tmp_path):
    use(f'cp "$SOURCE" {tmp_path}/got; env > {tmp_path}/env; cp ../*/registrymodifications.xcu profile/user/*.xcu '
        f'{tmp_path}/ 2>/dev/null; cp READY "$OUT"')  # fmt: skip
    read_bytes(RTF, "a.rtf")
    assert (tmp_path / "got").read_bytes() == prepared(RTF, "rtf")
    told = (tmp_path / "env").read_text()
    assert "gongwen-convert-" in told and "GONGWEN_" not in told
    profile = (tmp_path / "registrymodifications.xcu").read_text()
    assert "DisableMacrosExecution" in profile and "BlockUntrustedRefererLinks" in profile


@pytest.mark.parametrize("script", ["exit 0", "exit 81", "exit 1", "kill -TERM $$"])
def test_only_the_result_counts(use, script):
    use(script)
    assert reason() in {"parse_error", "crash"}
    use('cp READY "$OUT"')
    assert read_bytes(RTF, "a.rtf").text


def test_an_rtf_that_was_cut_off_is_not_complete(use):
    use('cp READY "$OUT"')
    assert read_bytes(RTF, "a.rtf").complete
    document = read_bytes(RTF.removesuffix(b"}"), "a.rtf")
    assert (document.complete, document.reasons) == (False, ("partly_damaged",))


def test_a_first_start_that_ends_with_81_is_followed_by_another(use, tmp_path):
    use(f'[ -e {tmp_path}/second ] || {{ touch {tmp_path}/second; exit 81; }}; cp READY "$OUT"')
    assert read_bytes(RTF, "a.rtf").text


def test_a_result_that_is_no_docx_is_checked_like_any_file(use):
    use('echo junk > "$OUT"')
    assert reason() == "zip_bad"


def test_one_that_hangs_is_stopped_with_all_it_has_started(use, tmp_path):
    use(f"sleep 600 & echo $! > {tmp_path}/child; echo $$ > {tmp_path}/self; wait")
    assert reason(limits=Limits(convert_wall=1.5)) == "timeout"
    assert all(is_gone(int((tmp_path / name).read_text())) for name in ("child", "self"))
    assert scratch_folders() == []


def test_one_that_spins_or_writes_without_end_is_stopped(use):
    use("while :; do :; done")
    assert reason(limits=Limits(convert_cpu=1, convert_cpu_per_mb=0)) == "cpu"
    use('exec head -c 50000000 /dev/zero > "$OUT"')
    assert reason(limits=Limits(convert_bytes=1 << 20)) in {"output_too_large", "zip_bad"}
    assert scratch_folders() == []


def test_a_larger_file_may_take_longer_but_not_for_ever():
    small, long, huge = (Limits().for_converter(size) for size in (50_000, 4 << 20, 90 << 20))
    assert (round(small.cpu), round(long.cpu), round(huge.cpu)) == (61, 180, 600)
    assert (round(small.wall), round(long.wall), round(huge.wall)) == (124, 480, 1200)
    assert (long.stall, long.cpu_per_page) == (long.wall, 0.0)
    assert Limits(convert_cpu=900).for_converter(90 << 20).cpu == 900


def test_it_has_no_network(use):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        address = server.getsockname()
        use(
            f"python3 -c 'import socket; socket.create_connection({address!r}, 2)' && exit 1\n".replace("'127", '"127')
            .replace("1',", '1",') + 'cp READY "$OUT"'
        )  # fmt: skip
        assert read_bytes(RTF, "a.rtf").text == "转换好的文字\n"
        with pytest.raises(TimeoutError):
            server.accept()


def test_there_is_one_at_a_time(use, tmp_path):
    use(f'mkdir {tmp_path}/busy || touch {tmp_path}/two; sleep 0.2; rmdir {tmp_path}/busy; cp READY "$OUT"')
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda at: read_bytes(RTF + b" " * at, "a.rtf").text, range(3)))
    assert found == ["转换好的文字\n"] * 3
    assert not (tmp_path / "two").exists()


def test_it_dies_with_the_nursery_and_its_folder_goes_with_the_next(use, tmp_path):
    use(f"echo $$ > {tmp_path}/self; exec sleep 600")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(reason, RTF, Limits(convert_wall=5))
        while not (tmp_path / "self").exists() or not (tmp_path / "self").read_text().strip():
            time.sleep(0.02)
        first = int((tmp_path / "self").read_text())
        left = scratch_folders()
        assert len(left) == 1
        os.kill(client._nursery("plain").process.pid, signal.SIGKILL)
        assert is_gone(first)
        assert asked.result() == "timeout"  # it was asked again of a new nursery
    assert not left[0].exists()


def test_without_a_converter_the_file_waits_and_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(sandbox, "find_converter", lambda: "")
    with pytest.raises(SourceError) as caught:
        read_bytes(RTF, "a.rtf")
    assert caught.value.code == "needs_converter"
    assert "apt install libreoffice-writer" in caught.value.sentence


class Refusing(_Nursery):
    """A nursery on a host where the network cannot be cut; keeps its answers."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.told: list[bytes] = []

    def _answer(self, request, outcome):
        self.told.append(outcome)


@pytest.mark.parametrize(
    ("state", "more", "form", "code"),
    [("none", {}, "rtf", b"no_sandbox"), ("net", {}, "exe", b"crash"), ("net", {"converted": b""}, "doc", b"crash")],
)
def test_a_wish_that_is_refused(state, more, form, code):
    nursery = Refusing(state)
    limits = Limits().to_json()
    request = {"converter": "/usr/bin/soffice", "limits": limits, "converter_limits": {}, **more}
    nursery._wish(_Watch(request, b"", limits), form)
    assert len(nursery.told) == 1 and code in nursery.told[0]


def test_where_libreoffice_is_looked_for(tmp_path):
    assert find_converter(str(tmp_path)) == ""
    program = stand_in(tmp_path, "")
    assert find_converter(str(tmp_path)) == program


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"{\\rtf1 x}\r\n\0", b"{\\rtf1 x\\pard\\plain\\par}"),
        (b"{\\rtf1 x", b"{\\rtf1 x"),
        (b"{\\field{\\*\\fldinst {\\rtlch\\af0 savedate }}",
         b"{\\field{\\*\\fldinst {\\rtlch\\af0 KEPTsavedate }\\pard\\plain\\par}"),
        (b"{\\fldinst HYPERLINK DATE} DATE", b"{\\fldinst HYPERLINK DATE} DATE"),
    ],
)  # fmt: skip
def test_an_rtf_is_prepared(data, expected):
    assert prepared(data, "rtf") == expected


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), b"no OLE"])
def test_a_doc_that_is_odd_inside_is_left_as_it_is(data):
    assert prepared(data, "doc") == data


def test_preparing_is_linear():
    assert prepared(b"\\fldinst" + b" \\a" * 200_000 + b" X", "rtf") != b""


class ConvertingPipeline(FakePipeline):
    """Reads what wanted a converter as if there were one."""

    def read(self, path, *, name):
        content = path.read_bytes()
        return document_of(content.decode(), sha256_of(content))


def test_what_waits_for_a_converter_is_read_once_there_is_one(tmp_path):
    from gongwen.store import Store

    store = Store(tmp_path / "corpus")
    paper = tmp_path / "旧通知.doc"
    paper.write_text("!needs_converter\n关于举办科普日的通知", encoding="utf-8")
    os.utime(paper, (1, 1))
    report = run_ingest(store, paper)
    assert "请管理员运行 apt install libreoffice-writer" in report.outcomes[0].line
    assert run_ingest(store, paper).counts == {"failed": 1}
    run_ingest(store, pipeline=ConvertingPipeline())
    assert indexed_ids(store) == set()
    run_ingest(store, pipeline=ConvertingPipeline(), converter="/usr/bin/soffice")
    assert len(indexed_ids(store)) == 1
    assert problems(store) == []
