"""What this machine cannot do for the safety of readers, found out at start-up (0.1 s; `doctor` tries everything)."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from gongwen.settings import ROOT

NO_NETWORK_CUT = (
    "本机不能把读取程序与网络隔开：来历不明的文件风险较高，DOC、WPS、RTF、ODT 暂不转换。请管理员运行 doctor 检查。"
)


def alarms() -> tuple[str, ...]:
    """Sentences for the page on the intake and for `status`; () on a sound machine."""
    return () if _leaves_network() else (NO_NETWORK_CUT,)


@cache
def _leaves_network() -> bool:
    """Tried in a process of its own, which does not come back from it."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from ingest.isolation import cut_network; "
        "sys.exit(cut_network() == 'none')"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, timeout=60, check=False)
    return done.returncode == 0
