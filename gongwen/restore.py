"""A backup becomes a corpus again. Every byte is compared with the list on its way."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from gongwen import holdings
from gongwen.disk import make_folder, require_local, sync_folder, unwritable
from gongwen.errors import StoreError
from gongwen.manifest import Damage, Manifest, Step, check, copy_file, read_manifest

_OBJECT_MODE, _FILE_MODE, _PRIVATE_MODE = 0o440, 0o640, 0o600


@dataclass(slots=True)
class Restored:
    """`rules` and `settings_file` of the office stand where they are told here; None: the backup had none."""

    corpus: Path
    manifest: Manifest
    files: int = 0
    damaged: list[Damage] = field(default_factory=list)

    @property
    def rules(self) -> Path | None:
        found = self.corpus / "office" / "rules"
        return found if found.is_dir() else None

    @property
    def settings_file(self) -> Path | None:
        found = self.corpus / "office" / "gongwen.yml"
        return found if found.is_file() else None


def restore(backup: Path, to: Path, step: Step, *, partly: bool = False, network_disk: bool = False) -> Restored:
    """Raises StoreError when the backup is damaged (unless `partly`: then what is whole comes back and the rest is
    told), was made by a newer program, or `to` holds anything. One that was interrupted is run again."""
    manifest = read_manifest(backup)
    _require_known(manifest, backup)
    if not network_disk:
        require_local(to)
    _require_empty(to, manifest)
    damaged = list(check(backup, step))
    if damaged and not partly:
        told = "；".join(f"{one.path or '清单'}：{one.message}" for one in damaged[:5])
        raise StoreError(
            f"备份有 {len(damaged)} 处不符（{told}）。请换一个备份；只有这一个时，加 --partly 恢复其中完好的部分"
        )
    restored = Restored(to, manifest, damaged=damaged)
    try:
        _copy(backup, restored, step)
    except OSError as error:
        raise unwritable(to, error) from error
    return restored


def _copy(backup: Path, restored: Restored, step: Step) -> None:
    """Into a folder inside the new corpus, so that a crash leaves none that looks whole; the journal moves last."""
    to, manifest = restored.corpus, restored.manifest
    part = to / holdings.RESTORING
    make_folder(to)
    part.mkdir(mode=0o700)
    bad = {one.path for one in restored.damaged}
    wanted = {path: entry for path, entry in manifest.files.items() if path not in bad}
    for at, (path, entry) in enumerate(wanted.items()):
        step(at, len(wanted))
        target = part / path
        _make_folders(target.parent, part)
        if copy_file(backup / path, target) != entry:
            raise StoreError(f"读取时内容与校验值不符，请换一个备份：{backup / path}")
        is_object = path.startswith(f"{holdings.OBJECTS}/")
        is_private = path.split("/")[0] in holdings.PRIVATE
        target.chmod(_OBJECT_MODE if is_object else _PRIVATE_MODE if is_private else _FILE_MODE)
        restored.files += 1
    os.sync()  # one wait for thousands of files, before any of them looks like a corpus
    for child in sorted(part.iterdir(), key=lambda one: one.name == "journal.db"):
        if child.is_dir() and child.name in holdings.PRIVATE:
            child.chmod(0o700)
        child.rename(to / child.name)
    sync_folder(to)
    part.rmdir()
    sync_folder(to)


def _make_folders(folder: Path, below: Path) -> None:
    if folder != below and not folder.is_dir():
        _make_folders(folder.parent, below)
        make_folder(folder)


def _require_known(manifest: Manifest, backup: Path) -> None:
    for name, found in manifest.revisions.items():
        known = holdings.DATABASES.get(name)
        if known is not None and found > known:
            raise StoreError(holdings.newer(backup / name, found, known))


def _require_empty(to: Path, manifest: Manifest) -> None:
    """What an interrupted restore of ours left is removed; anything else is somebody's."""
    if not to.exists():
        return
    if not to.is_dir():
        raise StoreError(f"不是文件夹：{to}")
    names = {path.name for path in to.iterdir()} - {"lost+found"}
    ours = {path.split("/")[0] for path in manifest.files} | {holdings.RESTORING}
    if holdings.RESTORING in names and names <= ours:
        for name in names - {holdings.RESTORING}:
            path = to / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.rmtree(to / holdings.RESTORING)
        return
    if names:
        raise StoreError(f"{to} 不是空的，恢复不会覆盖任何东西：请换一个新的文件夹")
