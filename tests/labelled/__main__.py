"""`python -m tests.labelled [--write]`: measure grounding on the labelled set; --write makes the set anew."""

import json
import sys

from lscbook import corpus, vocabulary
from lscbook.evidence import ground, store
from tests import labelled

known = corpus.read()
evidence = store.read(corpus=known)
source = ground.Source(known, vocabulary.load())
if "--write" in sys.argv:
    lines = [
        line
        for located in evidence.findings
        if located.finding.support.sentences and labelled.drawn(located) and (abstract := source.abstract(located.entry.key))
        for line in labelled.make(located, abstract, source)
    ]
    labelled.FILE.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
counts, unseen = labelled.measure(labelled.read(), evidence, source)
print(labelled.table(counts))
if "--unseen" in sys.argv:
    for line in unseen:
        print(line["kind"], line["finding"], line["claim"])
