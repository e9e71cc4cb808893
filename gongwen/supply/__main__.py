"""`python -m gongwen.supply check|licences|sbom FILE|bundle FOLDER [WHEELS]`: with a folder
of wheels nothing is fetched."""

from __future__ import annotations

import sys
from pathlib import Path

from gongwen.settings import ROOT
from gongwen.supply.bundle import make_bundle
from gongwen.supply.licences import licences, page
from gongwen.supply.lock import complaints
from gongwen.supply.sbom import sbom


def main(words: list[str]) -> int:
    match words:
        case ["check"]:
            found = complaints() + [
                f"{one.name}: licence {one.text or 'unknown'}" for one in licences() if not one.is_allowed
            ]
            print("\n".join(found) or f"{len(licences())} packages: pinned, hashed, licences allowed, no known hole")
            return 1 if found else 0
        case ["licences"]:
            (ROOT / "docs" / "licences.md").write_text(page(), encoding="utf-8")
        case ["sbom", path]:
            Path(path).write_text(sbom(), encoding="utf-8")
        case ["bundle", folder]:
            print(make_bundle(Path(folder)))
        case ["bundle", folder, wheels]:
            print(make_bundle(Path(folder), wheels=Path(wheels)))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
