#!/usr/bin/env python
"""Write anew what is made from the table of fields: data/schema/entry.schema.json, lscbook/evidence/findings.py.

Exit 0 written, 2 could not be written.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook.evidence import findings_source, schema
from lscbook.files import write_whole


def main() -> int:
    """Write the files."""
    try:
        schema.FILE.parent.mkdir(parents=True, exist_ok=True)
        for made in (schema, findings_source):
            write_whole(made.FILE, made.text())
    except OSError as error:
        print(f"schema: {error}", file=sys.stderr)
        return 2
    print(f"Written: version {schema.SCHEMA_VERSION}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
