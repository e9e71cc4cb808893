"""What test_zip_bombs runs in a process of its own: what the guard of packages says of each bomb, and what it cost."""

import json
import sys
import time
from pathlib import Path

from gongwen.errors import SourceError
from ingest.safety import SafeZip
from tests.faults.peaks import forget_peak, peak


def code_of(data: bytes) -> str:
    """Of the package, or of the last of its members that is refused."""
    try:
        package = SafeZip(data)
    except SourceError as error:
        return error.code
    code = ""
    for name in package.names():
        try:
            package.read(name)
        except SourceError as error:
            code = error.code
    return code


def main(paths: list[str]) -> None:
    for path in paths:
        data = Path(path).read_bytes()
        held, began = forget_peak(), time.process_time()
        code = code_of(data)
        print(json.dumps([code, peak() - held, round(1000 * (time.process_time() - began), 1)]))


if __name__ == "__main__":
    main(sys.argv[1:])
