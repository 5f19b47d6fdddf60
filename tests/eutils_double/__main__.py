"""`python -m tests.eutils_double --port N`."""

import argparse
from pathlib import Path

from tests.eutils_double import index
from tests.eutils_double.server import Double

parser = argparse.ArgumentParser(description="A local double of NCBI's E-utilities over real PubMed records.")
parser.add_argument("--port", type=int, default=8800)
parser.add_argument("--limit", type=float, help="requests a second (default: 3 without a key, 10 with)")
parser.add_argument("--index", type=Path, default=Path(".cache/eutils_double.sqlite"))
options = parser.parse_args()
files = index.wheel_files()
shared = Path(__file__).resolve().parents[3] / "shared" / "pubmed" / "records.xml.gz"
print("indexing (once)" if not options.index.exists() else "index found", flush=True)
double = Double(
    index.build(options.index, [*([shared] if shared.exists() else []), *files]), options.port, options.limit
)
print(f"serving {double.address} - Ctrl-C ends it", flush=True)
try:
    double.serve_forever()
except KeyboardInterrupt:
    print("ended")
