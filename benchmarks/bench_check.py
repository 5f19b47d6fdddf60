"""`check` on 1,000 to 10,000 generated entries, as CI runs it: offline, without abstracts."""

import tempfile
import time
from pathlib import Path

from lscbook import corpus, vocabulary
from lscbook.evidence import check, store
from lscbook.pubmed.record import Record


def generate(folder: Path, size: int) -> check.Context:
    """Copies of our own entries under other numbers, each claim with its own word at the end."""
    originals = [
        (p.read_text(encoding="utf-8"), store.parse(p).entry) for p in sorted(store.paths.EVIDENCE.glob("*.yaml"))
    ]
    known = corpus.read()
    records = {}
    for number in range(size):
        text, entry = originals[number % len(originals)]
        record = known.find(entry.key)
        pmid = str(50_000_000 + number)
        records[pmid] = Record(pmid, record.title, date=record.date, authors=record.authors, abstract=record.abstract)
        identity = f"pmid: {entry.pmid}" if entry.pmid else f"doi: {entry.doi}"
        lines = text.replace(identity, f"pmid: {pmid}", 1).splitlines()
        for at, line in enumerate(lines):
            if line.startswith("    direction:"):
                lines[at - 1] += "" if len(lines[at - 1]) > 85 else f" {number}."
        (folder / store.file_name(records[pmid])).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return check.Context(corpus.Corpus(records, {}), vocabulary.load(), {})


def main() -> None:
    print("| entries | findings' messages | seconds | per entry, against 1,000 |")
    print("|---:|---:|---:|---:|")
    first = 0.0
    for size in (1_000, 2_500, 5_000, 10_000):
        with tempfile.TemporaryDirectory() as name:
            context = generate(Path(name), size)
            began = time.perf_counter()
            report = check.run([Path(name)], context=context)
            each = (time.perf_counter() - began) / size
            assert report.checked == size
            first = first or each
            print(f"| {size:,} | {len(report.problems):,} | {each * size:.1f} | {each / first:.2f} |")


if __name__ == "__main__":
    main()
