#!/usr/bin/env python
"""Write data/schema/entry.schema.json anew from the table of fields. Exit 0 written, 2 could not be written."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook.evidence import schema
from lscbook.files import write_whole


def main() -> int:
    """Write the file."""
    try:
        schema.FILE.parent.mkdir(parents=True, exist_ok=True)
        write_whole(schema.FILE, schema.text())
    except OSError as error:
        print(f"schema: could not write {schema.FILE}: {error}", file=sys.stderr)
        return 2
    print(f"Written: version {schema.SCHEMA_VERSION}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
