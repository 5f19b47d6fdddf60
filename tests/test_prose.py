"""Sentences of the book beside the findings that they cite, and judgements that lapse."""

import pytest

from lscbook.evidence import prose
from lscbook.screening.ledger import LedgerInvalid
from tests import books

PAGE = """---
kernelspec: {name: python3}
---

# A chapter

- **First.** One came first ({paper}`1/1`), and a {gloss}`clone <clonal evolution>` grew. Nothing is cited here.
- Two speak at once ({paper}`1/1, 1/2`); {count}`findings` were read ({paper}`1`).

```{code-cell} python
show("{paper}`9/9`")
```

It did not ({paper}`1/2`).
"""


def made(**own):
    return books.evidence((books.entry("1", [books.finding(1, **own), books.finding(2)]), books.record()))


def test_only_sentences_that_cite_a_finding_are_asked_about():
    found = list(prose.of_page("a", PAGE))
    assert [(s.line, s.references) for s in found] == [(7, ("1/1",)), (8, ("1/1", "1/2")), (14, ("1/2",))]
    assert found[0].text == "One came first ([1/1]), and a clone grew."


def judgement(sentence, located, **own):
    given = {"page": sentence.page, "finding": located.reference, "judged": prose.judged(sentence, located),
             "verdict": "borne", "reader": "0000-0002-1825-0097", "date": "2026-11-25", **own}  # fmt: skip
    return prose.Judgement(**given)


def test_pairs_are_counted_by_what_was_judged_as_it_stands_and_by_whom():
    found, evidence = list(prose.of_page("a", PAGE)), made()
    first, second, third, _ = prose.unjudged(found, evidence, [])
    known = [
        judgement(*first), judgement(*first, reader="software", verdict="not borne", note="says less"),
        judgement(*second, reader="software"), judgement(*third, judged="0" * 16, verdict="not borne", note="reworded"),
    ]  # fmt: skip
    told = {"prose.sentences": 3, "prose.pairs": 4, "prose.judged": 2, "prose.by_people": 1, "prose.not_borne": 2,
            "prose.not_borne_still": 1}  # fmt: skip
    assert prose.numbers(found, evidence, known) == told
    assert set(prose.numbers([], evidence, []).values()) == {0}


def test_a_judgement_lapses_when_sentence_claim_or_field_changes(tmp_path):
    found, evidence = list(prose.of_page("a", PAGE)), made()
    pairs = prose.unjudged(found, evidence, [])
    assert len(pairs) == 4
    file = tmp_path / "readings" / "prose.tsv"
    for sentence, located in pairs:
        prose.record(judgement(sentence, located), file)
    assert prose.unjudged(found, evidence, prose.read(file)) == []
    for changed in ({"claim": "A lesion came last."}, {"order": "late"}):
        left = prose.unjudged(found, made(**changed), prose.read(file))
        assert {f.reference for _, f in left} == {"1/1"}
    other = list(prose.of_page("a", PAGE.replace("One came first", "One came second")))
    assert [s.line for s, _ in prose.unjudged(other, evidence, prose.read(file))] == [7]


def test_a_judgement_against_needs_its_reason(tmp_path):
    sentence, located = prose.unjudged(list(prose.of_page("a", PAGE)), made(), [])[0]
    file = tmp_path / "prose.tsv"
    file.write_text(prose.LEDGER.text([judgement(sentence, located, verdict="not borne")]))
    with pytest.raises(LedgerInvalid, match="does not bear"):
        prose.read(file)
    file.write_text(prose.LEDGER.text([judgement(sentence, located, reader="somebody")]))
    with pytest.raises(LedgerInvalid, match="reader"):
        prose.read(file)
    file.write_text(prose.LEDGER.text([judgement(sentence, located, reader=prose.SOFTWARE)]))
    assert len(prose.read(file)) == 1
