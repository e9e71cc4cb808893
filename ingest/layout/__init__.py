"""Layout: raw lines of a plain text become paragraphs, tables and page metadata, with the way back kept."""

from __future__ import annotations

from ingest.layout.compose import Layout, lay_out

__all__ = ["Layout", "lay_out"]
