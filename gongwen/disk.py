"""Files that survive a crash: write to a temporary file, sync, rename, sync the folder.

Also says which file system a path is on: SQLite's WAL and flock need one host, so a network or FUSE file system is
refused for the corpus (the inbox may be on one: it is only polled)."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from gongwen.errors import StoreError

_REMOTE = frozenset({
    "nfs", "nfs3", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "lustre", "glusterfs", "gfs2",
    "ocfs2", "beegfs", "davfs", "9p", "sshfs", "vboxsf", "prl_fs", "vmhgfs",
})  # fmt: skip
_PREFIX = "write-"
MOUNTS = Path("/proc/self/mounts")


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, content: bytes, *, tmp: Path, durable: bool = True) -> os.stat_result:
    """Readers see the old content or the new, never a part. `tmp` is on the same file system. With `durable` the
    content survives a power cut once this returns. Gives the state (inode, size, time) of what was written."""
    handle, name = tempfile.mkstemp(dir=tmp, prefix=_PREFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # held until the rename: sweep_temp leaves it alone
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o640)
            if durable:
                os.fsync(file.fileno())
            state = os.fstat(file.fileno())
            Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)
    return state


def replace_files(files: Sequence[tuple[Path, bytes]], *, tmp: Path) -> list[os.stat_result]:
    """As `replace_file` for each, durably: all are written before the first wait for the disk, so that the waits
    share the disk's work (8 files: a third of the time). After an error some may be replaced and some not."""
    written: list[tuple[Path, BinaryIO]] = []
    states: list[os.stat_result] = []
    with ExitStack() as stack:
        for _, content in files:
            handle, temp = tempfile.mkstemp(dir=tmp, prefix=_PREFIX)
            stack.callback(Path(temp).unlink, missing_ok=True)
            file: BinaryIO = stack.enter_context(os.fdopen(handle, "wb"))
            fcntl.flock(file, fcntl.LOCK_EX)  # held until all are renamed: sweep_temp leaves them alone
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o640)
            written.append((Path(temp), file))
        for _, file in written:
            os.fsync(file.fileno())
        for (path, _), (written_to, file) in zip(files, written, strict=True):
            states.append(os.fstat(file.fileno()))
            written_to.replace(path)
        for folder in dict.fromkeys(path.parent for path, _ in files):
            sync_folder(folder)
    return states


def sweep_temp(tmp: Path, *, older_than: float = 3600.0) -> int:
    """Remove what killed writers left in `tmp`: old, and locked by nobody. Age alone once deleted a live peer's
    file. Gives how many went."""
    gone = 0
    for path in tmp.glob(f"{_PREFIX}*"):
        try:
            with path.open("rb") as file:
                if time.time() - os.fstat(file.fileno()).st_mtime < older_than:
                    continue
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
                gone += 1
        except (FileNotFoundError, BlockingIOError):
            continue
    return gone


def make_folder(folder: Path, mode: int = 0o750) -> bool:
    """True when it was made now (parents too). Raises StoreError when it cannot be."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=mode)
    except FileExistsError as error:
        if folder.is_dir():
            return False
        raise StoreError(f"不是文件夹：{folder}") from error
    except NotADirectoryError as error:
        raise StoreError(f"上级路径不是文件夹：{folder}") from error
    except PermissionError as error:
        raise StoreError(f"没有权限建立文件夹：{folder}") from error
    except OSError as error:
        if error.errno in _FULL:
            raise
        raise unwritable(folder, error) from error
    return True


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_WHY = {
    errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.EROFS: "磁盘是只读的", errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘配额已用完", errno.ENOENT: "文件夹不存在或不能建立", errno.ENOTDIR: "上级路径不是文件夹",
    errno.EEXIST: "同名文件已存在", errno.EISDIR: "这是一个文件夹", errno.ENAMETOOLONG: "名称过长",
    errno.EINVAL: "名称或位置不可用",
}  # fmt: skip


def unwritable(path: Path, error: OSError) -> StoreError:
    why = _WHY.get(error.errno or 0) or error.strerror or str(error)
    return StoreError(f"写不进 {path}：{why}，请换一个位置")


@contextmanager
def writing_for(path: Path) -> Iterator[None]:
    """For places that a person named: what the system refuses becomes a sentence about that place."""
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


def file_system(path: Path, mounts: Path = MOUNTS) -> str:
    """The type of the file system a path is on or would be on ('' when the host does not say)."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    where = path.absolute().resolve()
    best, kind = -1, ""
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = Path(_unescaped(parts[1]))
        if (where == point or point in where.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), parts[2]
    return kind


def is_remote(kind: str) -> bool:
    return kind in _REMOTE or kind == "fuse" or kind.startswith("fuse.")


def require_local(path: Path, mounts: Path = MOUNTS) -> None:
    kind = file_system(path, mounts)
    if is_remote(kind):
        raise StoreError(
            f"资料库不能放在网络盘或虚拟文件系统上（{path} 是 {kind}）：断网或并发时会损坏。请改用本机磁盘；"
            "确有必要时在设置中写 network_disk: true"
        )


def free_mb(path: Path) -> int:
    """Free megabytes for this user where a path is or would be."""
    where = path
    while not where.exists() and where != where.parent:
        where = where.parent
    state = os.statvfs(where)
    return state.f_bavail * state.f_frsize // (1 << 20)


def _unescaped(field: str) -> str:
    """/proc/mounts writes space, tab, line feed and backslash as octal."""
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, char)
    return field


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, for connections opened with isolation_level=None; waits for another writer as they say."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # after a full disk SQLite has rolled back by itself
            database.execute("ROLLBACK")
        raise
