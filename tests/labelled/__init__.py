"""True claims of the book and the same claims with one change each, to measure grounding.

`python -m tests.labelled` writes `changes.jsonl` anew from data/evidence and the abstracts of this
machine; the draw is seeded by the finding, so that one new entry changes no other line.
"""

import itertools
import json
import random
import re
from pathlib import Path

from lscbook.evidence import ground, store

FILE = Path(__file__).parent / "changes.jsonl"
KINDS = ("true", "figure", "sign", "gene", "drug", "disease", "unit", "worded", "opposite", "crossed", "not dropped",
         "not added", "comparison", "other figure")  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.^/-])\d+(?:\.\d+)?(?![\w^/-]|\.\d)")
_SIGN = re.compile(r"\b(CD\d+[a-z]?|FLT3-ITD|GPR56|TIM3|MRD)([+-])(?![\w-])")
_NOT = re.compile(r"\b(did not|does not|do not|was not|were not|not|no|without|neither|never)\b ?")
_OPPOSITE = {"<": ">", ">": "<", "higher": "lower", "lower": "higher", "more": "fewer", "longer": "shorter",
             "shorter": "longer", "better": "worse", "worse": "better"}  # fmt: skip
_UNITS = {"months": "years", "years": "months", "weeks": "months", "days": "weeks", "month": "year", "year": "month",
          "mg": "µg", "µg": "mg", "mcg": "mg", "%": " patients", "patients": "mice", "mice": "patients"}  # fmt: skip
_MEASURED = re.compile(r"(?<=\d)([- ]?)(months?|years?|weeks|days|mg|µg|mcg|%|patients|mice)(?!\w)")
_TURNED = {"wild-type": "mutant", "mutant": "wild-type", "mutated": "unmutated", "mice": "patients", "patients": "mice",
           "relapsed": "untreated", "sensitive": "resistant", "resistant": "sensitive", "older": "younger",
           "early": "late", "late": "early", "most": "few", "higher-risk": "lower-risk", "lower-risk": "higher-risk",
           "primitive": "mature", "monocytic": "primitive", "raised": "lowered", "lowered": "raised",
           "reduced": "increased", "increased": "reduced", "promoted": "blocked", "blocked": "promoted"}  # fmt: skip
_TURNING = re.compile(r"(?<![\w-])(?:" + "|".join(_TURNED) + r")(?![\w-])")
_HAD = re.compile(r"\b(was|were|is|are|has|have|had|could|can|may) (?!not\b|no\b)")
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SHARE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?=%)")
_COMPARED = re.compile(r"[<>]|\b(?:" + "|".join(w for w in _OPPOSITE if w.isalpha()) + r")\b")


def drawn(located):
    """Whether a finding is of the set: two of three, by their names, which keeps its file readable."""
    return random.Random(f"drawn {located.reference}").random() < 2 / 3


def make(located, abstract, source):
    """Lines of one finding: the true claim, and one changed claim of each kind that can be made."""
    claim = located.finding.claim
    chance = random.Random(located.reference)
    text = ground.pointed_at(located.finding, located.record, abstract)
    made = {
        "true": claim,
        "figure": _figure(claim, text, chance),
        "sign": _SIGN.sub(lambda m: m[1] + "+-"[m[2] == "+"], claim, count=1),
        "gene": _term(claim, abstract, source, "genes", chance),
        "drug": _term(claim, abstract, source, "therapies", chance),
        "disease": _term(claim, abstract, source, "diseases", chance),
        "unit": _MEASURED.sub(lambda m: m[1] + _UNITS[m[2]], claim, count=1),
        "worded": _worded(claim, text, chance),
        "opposite": _TURNING.sub(lambda m: _TURNED[m[0]], claim, count=1),
        "crossed": _cross(claim),
        "not added": "" if _NOT.search(claim) else _HAD.sub(r"\1 not ", claim, count=1),
        "not dropped": _NOT.sub("", claim, count=1),
        "comparison": _COMPARED.sub(lambda m: _OPPOSITE[m[0]], claim, count=1),
        "other figure": _other(claim, text, abstract, chance),
    }
    return [
        {"finding": located.reference, "kind": kind, "claim": changed}
        for kind, changed in made.items()
        if changed and (kind == "true" or changed != claim)
    ]


def _figure(claim, text, chance):
    """One digit of one figure made another, so that the figure stands nowhere in its sentences."""
    have = {float(m) for m in re.findall(r"\d+(?:\.\d+)?", text)}
    places = list(_NUMBER.finditer(claim))
    chance.shuffle(places)
    for place in places:
        digits = place[0]
        at = chance.choice([i for i, d in enumerate(digits) if d.isdigit()])
        for other in chance.sample("123456789", 9):
            new = digits[:at] + other + digits[at + 1 :]
            if float(new) not in have:
                return claim[: place.start()] + new + claim[place.end() :]
    return ""


def _worded(claim, text, chance):
    """A percentage of the claim made a tenth of a hundred in words that its sentences do not have."""
    place = _SHARE.search(claim)
    others = [tens for tens in ("twenty", "thirty", "forty", "sixty", "seventy", "eighty") if tens not in text.lower()]
    if not place or not others:
        return ""
    word = f"{chance.choice(others)}-{chance.choice(_WORDS[:8])} per cent"
    return claim[: place.start()] + word + claim[place.end() + 1 :]


def _cross(claim):
    """The first two figures of one unit in each other's place."""
    places = list(re.finditer(r"(?<![\w.^/-])\d+(?:\.\d+)?(?=(%| months| weeks| years| patients))", claim))
    for one, other in itertools.combinations(places, 2):
        if one[0] != other[0] and one[1] == other[1]:
            return claim[: one.start()] + other[0] + claim[one.end() : other.start()] + one[0] + claim[other.end() :]
    return ""


def _other(claim, text, abstract, chance):
    """A figure of the claim made another figure of the abstract: of another arm, time or end point."""
    own = {m[0] for m in _NUMBER.finditer(claim)}
    others = sorted({m[0] for m in _NUMBER.finditer(abstract)} - own)
    places = list(_NUMBER.finditer(claim))
    if not places or not others:
        return ""
    place = chance.choice(places)
    return claim[: place.start()] + chance.choice(others) + claim[place.end() :]


def _term(claim, abstract, source, kind, chance):
    """A gene, drug or disease of the claim made another one that the abstract does not name."""
    named = [m for m in source.annotator.mentions(claim, anywhere=True) if m.term.kind == kind]
    known = sorted(source.vocabulary.terms[kind].values(), key=lambda t: t.id)
    absent = set(source.named(abstract, kind))
    family = ({t.facts.get("parent") for t in known if t.id in absent} | absent) - {None}
    others = [t for t in known if t.id not in family and t.facts.get("parent") not in family and not t.ambiguous]
    if not named or not others:
        return ""
    mention = named[0]
    lower = claim.lower()
    start = lower.find(mention.form)
    if start < 0:
        return ""
    other = chance.choice(others)
    return (
        claim[:start] + (other.id if kind == "genes" else other.name or other.id) + claim[start + len(mention.form) :]
    )


def measure(lines, evidence, source, folder=store.paths.EVIDENCE):
    """By kind: how many, refused (an error), left to the second reader (a warning only), unseen; and the lines unseen,
    or warned of though true.

    Findings whose abstract this machine does not have are left out, and those that were dropped since the draw.
    """
    found = {f.reference: f for f in evidence.findings}
    parsed = {}
    counts = {kind: {"claims": 0, "refused": 0, "warned": 0, "unseen": 0} for kind in KINDS}
    unseen = []
    for line in lines:
        located = found.get(line["finding"])
        abstract = source.abstract(located.entry.key) if located else ""
        if not abstract:
            continue
        path = folder / store.file_name(located.record)
        item = parsed.setdefault(path, store.parse(path))
        index = [f.id for f in item.entry.findings].index(located.finding.id)
        changed = located.finding.model_copy(update={"claim": line["claim"]})
        problems = list(ground.held(item, ("findings", index), changed, located.record, abstract, source))
        state = "refused" if any(p.severity == "error" for p in problems) else "warned" if problems else "unseen"
        counts[line["kind"]]["claims"] += 1
        counts[line["kind"]][state] += 1
        if (state == "unseen") != (line["kind"] == "true"):
            unseen.append(line)
    return counts, unseen


def read():
    """The committed lines."""
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def table(counts):
    """As Markdown."""
    rows = ["| change | claims | refused | warned only | unseen |", "|---|---:|---:|---:|---:|"]
    rows += [f"| {k} | {c['claims']} | {c['refused']} | {c['warned']} | {c['unseen']} |" for k, c in counts.items()]
    return "\n".join(rows)
