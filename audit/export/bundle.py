"""An evidence bundle: a ZIP with the originals, what was extracted of them, what people said, the answer, and a list of
hashes that `sha256sum -c SHA256SUMS` verifies with coreutils only."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO

from audit.answers import Answer
from audit.export import report, tables
from audit.export.tables import Url
from gongwen import VERSION
from gongwen.errors import StoreError
from gongwen.store import Store

MOST = 500
"""Originals of one bundle; ask for less when there are more."""

_PIECE = 1 << 20
_SUMS = "SHA256SUMS"
_EXTENSION = 8

ABOUT = """这是公文库导出的证据包。

核对：解压后在本文件夹中运行  sha256sum -c SHA256SUMS  （Linux、macOS 装有 coreutils 即可，不需要本系统），
每一行都显示 OK，说明各文件自导出以来没有改动。再另行保存 SHA256SUMS 自身的校验值（导出时显示），可防整包替换。

originals/  原件，文件名即原件的 SHA-256，与答复中“文件校验值”一致
extract/    系统从各原件抽取的内容（YAML），每个值都有原文和起止位置
texts/      各原件的正文，抽取结果中的起止位置（字符数）就在其中
people/     人工复核和跟踪的记录（有才有）
answer.*    本次查询的答复：XLSX、CSV、DOCX、JSON
manifest.json  查询条件、时间、程序版本、各原件的名称
"""


@dataclass(slots=True)
class _Writer:
    """Writes members and keeps the hash of each."""

    archive: zipfile.ZipFile
    at: tuple[int, int, int, int, int, int]
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        self.archive.writestr(self._member(name), content)
        self.sums[name] = hashlib.sha256(content).hexdigest()

    def copy(self, name: str, source: IO[bytes], wanted: str) -> None:
        """StoreError when what is read is not what its name says: an altered original is no evidence."""
        digest = hashlib.sha256()
        with self.archive.open(self._member(name), "w", force_zip64=True) as out:
            while piece := source.read(_PIECE):
                digest.update(piece)
                out.write(piece)
        if digest.hexdigest() != wanted:
            raise StoreError(f"原件 {wanted[:16]}… 与收文时不一致，证据包没有生成。请运行 verify 查看。")
        self.sums[name] = wanted

    def _member(self, name: str) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(name, self.at)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        return member


def write_bundle(
    out: IO[bytes], answers: Sequence[Answer], store: Store, url: Url, *, office: str, made: datetime
) -> str:
    """Write the bundle to a seekable stream; gives the SHA-256 of its list of hashes. StoreError for more than MOST
    originals, and for one that is not there or was altered. Names are ASCII: they survive any unpacking."""
    shas = sorted({one.sha256 for answer in answers for one in answer.evidence() if one.sha256})
    if len(shas) > MOST:
        raise StoreError(f"涉及 {len(shas)} 个原件，超过一个证据包的上限 {MOST} 个，请缩小查询范围")
    clock = (made.year, made.month, made.day, made.hour, made.minute, made.second)
    with zipfile.ZipFile(out, "w") as archive:
        writer = _Writer(archive, clock)
        named = dict(_papers(writer, shas, store))
        for name, content in _answers(answers, url, office, made):
            writer.add(name, content)
        manifest = {
            "made_at": made.isoformat(timespec="seconds"), "program": f"gongwen {VERSION}", "office": office,
            "answers": [{"question": one.question, "title": one.title, "asked": dict(one.asked),
                         "searched": one.searched, "rows": one.count} for one in answers],
            "originals": [{"file": name, "sha256": sha, "source": source} for sha, (name, source) in named.items()],
        }  # fmt: skip
        writer.add("manifest.json", _json(manifest))
        writer.add("README.txt", ABOUT.encode("utf-8"))
        sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(writer.sums.items())).encode("ascii")
        writer.add(_SUMS, sums)
    return hashlib.sha256(sums).hexdigest()


def _papers(writer: _Writer, shas: Sequence[str], store: Store) -> Iterator[tuple[str, tuple[str, str]]]:
    for sha in shas:
        reading = store.reading(sha)
        if reading is None or not store.has_object(sha):
            raise StoreError(f"原件 {sha[:16]}… 不在资料库中，证据包没有生成")
        name = f"originals/{sha}{_extension(reading.source)}"
        with store.object_path(sha).open("rb") as source:
            writer.copy(name, source, sha)
        writer.add(f"extract/{sha}.yml", store.record_path(sha).read_bytes())
        text = store.text(sha)
        if text is not None:
            writer.add(f"texts/{sha}.txt", text.text.encode("utf-8"))
        for kind, path in (("review", store.review_path(sha)), ("followup", store.root / "followups" / f"{sha}.yml")):
            if path.is_file():
                writer.add(f"people/{sha}.{kind}.yml", path.read_bytes())
        yield sha, (name, reading.source)


def _answers(
    answers: Sequence[Answer], url: Url, office: str, made: datetime
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    yield "answer.xlsx", tables.xlsx(answers, url)
    yield "answer.docx", report.docx(answers, office=office, made=made)
    yield "answer.json", _json([one.to_json() for one in answers])
    for at, one in enumerate(answers, 1):
        yield f"answer-{at}-{one.question}.csv", tables.csv(one, url)


def _extension(source: str) -> str:
    """Of the name it came in under, when it is a plain one."""
    found = PurePosixPath(source).suffix.lower()
    plain = found[1:].isascii() and found[1:].isalnum() and len(found) <= _EXTENSION
    return found if plain else ""


def _json(found: object) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8")
