#!/usr/bin/env python
"""Bring PubMed records into data/corpus.

python scripts/harvest.py plan --email A   counts, requests and minutes, before anything is fetched
python scripts/harvest.py run --email A    the complete result of the query, from PubMed
python scripts/harvest.py import PATH…    from files of PubMed XML
python scripts/harvest.py status          what the committed snapshot is
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook.harvest.command import main

if __name__ == "__main__":
    code = main(description=__doc__)
    if code == 130:  # a call may still be under way in its thread, and an ordinary exit would wait for it
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
