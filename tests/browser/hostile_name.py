"""A name that runs when a page does not escape it."""

from __future__ import annotations

HOSTILE = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
