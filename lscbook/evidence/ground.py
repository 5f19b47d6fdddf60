"""Hold a finding against the sentences that it points at, keeping every sign and comparison.

A machine with the abstract proves figures and names; one without it proves that nothing changed
since somebody did. What neither can judge is listed for the second reader.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lscbook.corpus import Corpus, abstracts
from lscbook.evidence import fields, numerals, rules, yaml_canonical
from lscbook.evidence.store import Parsed, Problem, shown
from lscbook.files import write_whole
from lscbook.pubmed.record import Record
from lscbook.text import digest, normalise, split_sentences
from lscbook.vocabulary import Term, Vocabulary, fold
from lscbook.vocabulary.annotate import Annotator

NAMED = ("genes", "markers", "therapies", "diseases", "lesions")
RUN = 8  # so many words in a row of an abstract are a copy
_NEGATION = re.compile(
    r"\b(no|not|nor|none|never|neither|without|fail(?:s|ed|ure|ing)?|lack(?:s|ed|ing)?|absen(?:t|ce)|unable|cannot|"
    r"non-?significant|insignificant|futility|unchanged|un(?:affected|altered)|negligible|devoid|independent of|"
    r"spar(?:es?|ed|ing)|except|rather than)\b"
)
# Two ways in which a comparison can go; a claim that goes a way which its source never goes is doubtful.
_COMPARISONS = {
    "up": re.compile(
        r">|≥|\b(higher|more|greater|longer|better|superior|increas\w*|rais\w*|rose|ris(?:es|ing)|improv\w*|enrich\w*|"
        r"elevat\w*|prolong\w*|lengthen\w*|over-?express\w*|up-?regulat\w*|expan\w*|gain\w*|above|over|older|most|"
        r"high|exceed\w*|larger|stronger|greatest|earlier|worsen\w*|accelerat\w*|enhanc\w*|promot\w*)\b"
    ),
    "down": re.compile(
        r"<|≤|\b(lower|less|fewer|shorter|worse|inferior|decreas\w*|reduc\w*|deplet\w*|diminish\w*|declin\w*|fell|"
        r"fall\w*|down-?regulat\w*|below|under|younger|low|small(?:er)?|weak(?:er)?|poor\w*|adverse\w*|suppress\w*|"
        r"inhibit\w*|impair\w*|delay\w*|cut|loss|lost|short|unfavou?rable|eliminat\w*|abrogat\w*|abolish\w*)\b"
    ),
}
_KARYOTYPE = re.compile(r"\b(?:t|inv|del|dup|ins|add|der|i)\(\s?[\dXYpq;.]+\s?\)", re.IGNORECASE)
_SHARED_DIGIT = re.compile(r"\b([A-Z][A-Z]+)(\d)/(\d)\b")


@dataclass(frozen=True)
class Grounding:
    """What came of holding one file against its source."""

    problems: list[Problem] = field(default_factory=list)
    grounded: int = 0
    skipped: int = 0


class Source:
    """Abstracts of the cache and the words by which terms are named."""

    def __init__(self, corpus: Corpus, vocabulary: Vocabulary, abstracts: dict[str, str] | None = None) -> None:
        self.corpus, self.vocabulary = corpus, vocabulary
        self._abstracts = abstracts
        self.annotator = Annotator(vocabulary, NAMED)

    @property
    def given(self) -> bool:
        """Whether abstracts were handed over, and are not those of the cache."""
        return self._abstracts is not None

    def abstract(self, key: str) -> str:
        """The abstract, or '' where this machine has none."""
        if self._abstracts is not None:
            return self._abstracts.get(key, "")
        return abstracts.get(key)

    def named(self, text: str, kind: str) -> dict[str, Term]:
        """Terms of a kind that the text names, context or not."""
        spread = _SHARED_DIGIT.sub(r"\1\2/\1\3", text)
        return {m.term.id: m.term for m in self.annotator.mentions(spread, anywhere=True) if m.term.kind == kind}


def check(item: Parsed, source: Source) -> Grounding:
    """Ground every finding of a file that points at sentences or at the title."""
    if item.entry is None or (record := source.corpus.find(item.entry.key)) is None:
        return Grounding()
    result = Grounding([])
    abstract = source.abstract(item.entry.key)
    grounded = skipped = 0
    for index, finding in enumerate(item.entry.findings):
        where = ("findings", index)
        have = bool(abstract) and (source.given or digest(abstract) == (record.abstract or {}).get("sha256"))
        if have:
            result.problems.extend(_copies(item, where, finding, abstract))
        if not (finding.support.sentences or finding.support.title):
            continue
        if have:
            result.problems.extend(_as_stored(item, where, finding, abstract) if source.given else ())
            result.problems.extend(held(item, where, finding, record, abstract, source))
            grounded += 1
        else:
            skipped += 1
        result.problems.extend(_unchanged(item, where, finding, record, at_hand=have and not source.given))
    return Grounding(result.problems, grounded, skipped)


def _unchanged(
    item: Parsed, where: tuple[Any, ...], finding: Any, record: Record, *, at_hand: bool
) -> Iterable[Problem]:
    """Without the abstract: sentences exist, and the abstract is the one that was read.

    Nobody can ground without the abstract; where it is not at hand, that is left to a maintainer, and
    the pages say so until it is done.
    """
    place = (*where, "support")
    length = int((record.abstract or {}).get("sentences", 0))
    for number in finding.support.sentences:
        if number > length:
            yield item.said((*place, "sentences"), rules.BEYOND.format(number=number, length=length, key=record.key))
    if not finding.support.sentences:
        return
    stored = finding.support.grounding
    if stored is None:
        yield item.problem(
            place,
            "not grounded" if at_hand else "not grounded: no machine has held it against the abstract yet",
            f"run: python scripts/curate.py ground {shown(item.path)}"
            + ("" if at_hand else ", where the abstract is; a maintainer does it for you"),
            "error" if at_hand else "warning",
        )
    elif record.abstract and stored.abstract != record.abstract["sha256"]:
        yield item.problem(
            (*place, "grounding"),
            "PubMed has another abstract than the one that was read",
            f"run: python scripts/curate.py ground --refresh {item.path.name}",
        )


def _as_stored(item: Parsed, where: tuple[Any, ...], finding: Any, abstract: str) -> Iterable[Problem]:
    """Whether the grounding in the file is what this abstract gives."""
    stored, sentences = finding.support.grounding, finding.support.sentences
    if stored and sentences and max(sentences) <= len(split_sentences(abstract)):
        made = anchor(finding, abstract)
        if (stored.abstract, stored.sha256) != (made["abstract"], made["sha256"]):
            yield item.problem(
                (*where, "support", "grounding"),
                "another grounding than the given abstract yields",
                f"read it again, then run: python scripts/curate.py ground --refresh {item.path.name}",
            )


def pointed_at(finding: Any, record: Record, abstract: str) -> str:
    """The text that a finding points at: its sentences, and always the title."""
    spans = split_sentences(abstract)
    chosen = [abstract[slice(*spans[n - 1])] for n in finding.support.sentences if n <= len(spans)]
    return "\n".join([*chosen, record.title])


def held(
    item: Parsed, where: tuple[Any, ...], finding: Any, record: Record, abstract: str, source: Source
) -> Iterable[Problem]:
    """What is wrong with a finding beside its abstract: errors for facts, warnings for what a person must judge."""
    text = pointed_at(finding, record, abstract)
    yield from _figures(item, where, finding, text)
    yield from _names(item, where, finding, text, abstract, source)
    have = {_bare(found) for found in _KARYOTYPE.findall(normalise(text))}
    for found in _KARYOTYPE.findall(normalise(finding.claim)):
        if _bare(found) not in have:
            yield item.problem(
                (*where, "claim"),
                f"{found} does not stand in its sentences",
                "check the karyotype, or point at the sentence that has it",
            )
    for marker, sign in sorted(numerals.signs(finding.claim) - numerals.signs(text)):
        yield item.problem(
            (*where, "claim"),
            f"{marker.upper()}{sign} does not stand in its sentences",
            "check the sign, or point at the sentence that has it",
        )
    yield from _doubts(item, where, finding, text)


def _copies(item: Parsed, where: tuple[Any, ...], finding: Any, abstract: str) -> Iterable[Problem]:
    """Eight words in a row of the abstract, in whatever a curator wrote freely."""
    free = [f.name for f in fields.fields_of(finding.theme) if f.type is fields.Type.TEXT]
    told: dict[tuple[str, ...], Any] = {(name,): getattr(finding, name) for name in free}
    told |= {("support", "full_text"): finding.support.full_text}
    told |= {("effect", name): getattr(finding.effect, name, None) for name in ("unit", "comparison")}
    for place, text in told.items():
        if text and (run := copied(text, abstract)):
            yield item.problem(
                (*where, *place), f"{RUN} words in a row of the abstract: {run!r}", "say it in your own words"
            )


def _bare(karyotype: str) -> str:
    return karyotype.replace(" ", "").lower()


def _figures(item: Parsed, where: tuple[Any, ...], finding: Any, text: str) -> Iterable[Problem]:
    have = numerals.figures(text)
    claimed = {"claim": numerals.figures(finding.claim, counted_words_only=True)}
    if finding.n:
        claimed["n"] = numerals.figures(str(finding.n))
    if finding.effect:
        e = finding.effect
        claimed["effect"] = numerals.figures(" ; ".join(map(str, filter(None, (e.value, *(e.ci or ()), e.p)))))
    for name, wanted in claimed.items():
        for figure, why in numerals.missing(wanted, have):
            yield item.problem(
                (*where, name),
                f"{figure.shown} {why}",
                "correct the figure, or add the sentence that has it to support",
            )


def _names(
    item: Parsed, where: tuple[Any, ...], finding: Any, text: str, abstract: str, source: Source
) -> Iterable[Problem]:
    for kind in NAMED:
        here = source.named(text, kind)
        told = {
            i: t
            for i, t in source.named(finding.claim, kind).items()
            if t.facts.get("type") in {None, "surface antigen"}
        }
        listed = _listed(finding, kind, source.vocabulary)
        whole = source.named(f"{abstract}\n{record_title(text)}", kind) if kind == "diseases" else here
        for identifier, term in sorted({**listed, **told}.items()):
            # a disease may stand in another sentence, where those of the claim name none
            scope = whole if kind == "diseases" and (identifier not in told or not here) else here
            if _is_named(term, scope, text, source.vocabulary):
                continue
            if kind == "diseases" and not scope:
                continue  # the sentences name no disease at all: nothing to hold against
            field_name = "claim" if identifier in told else kind
            yield item.problem(
                (*where, field_name),
                f"{identifier} is not named in its sentences or title",
                f"take it out, point at the sentence that names it, or add the synonym to data/vocabulary/{kind}.yaml",
            )


def record_title(text: str) -> str:
    """The title, which `pointed_at` puts last."""
    return text.rsplit("\n", 1)[-1]


def _listed(finding: Any, kind: str, known: Vocabulary) -> dict[str, Term]:
    """Terms of the fields that a finding fills: genes, markers, therapies, agents, subjects."""
    found: dict[str, Term] = {}
    for column in fields.fields_of(finding.theme):
        if kind in column.vocabularies:
            value = getattr(finding, column.name)
            for identifier in [value] if isinstance(value, str) else (value or ()):
                term = known.get(column.vocabularies, identifier)
                # a signature or a phenotype has many spellings: the second reader judges it
                if term and term.kind == kind and term.facts.get("type") in {None, "surface antigen"}:
                    found[term.id] = term
    return found


def _is_named(term: Term, here: dict[str, Term], text: str, known: Vocabulary) -> bool:
    if term.id in here:
        return True
    flat = fold(text)
    if any(re.search(rf"(?<![a-z0-9]){re.escape(fold(form))}(?![a-z0-9])", flat) for form in term.surface_forms):
        return True
    relatives = {
        term.facts.get("parent"),
        *(t.id for t in known.terms[term.kind].values() if t.facts.get("parent") == term.id),
    }
    if term.kind == "diseases":
        return bool(relatives & set(here))
    genes = set(term.facts.get("genes", ()))
    if term.kind == "markers" and genes:
        return any(re.search(rf"(?<![a-z0-9]){re.escape(fold(g))}(?![a-z0-9])", flat) for g in genes)
    return False


def copied(claim: str, abstract: str) -> str:
    """The first run of eight words that the claim shares with the abstract, or nothing."""
    words, source = _words(claim), _words(abstract)
    runs = {tuple(source[i : i + RUN]) for i in range(len(source) - RUN + 1)}
    for i in range(len(words) - RUN + 1):
        if tuple(words[i : i + RUN]) in runs:
            return " ".join(words[i : i + RUN])
    return ""


def _words(text: str) -> list[str]:
    return re.findall(r"[\w+\-/.%]*\w[\w+\-/%]*", normalise(text).lower())


def _doubts(item: Parsed, where: tuple[Any, ...], finding: Any, text: str) -> Iterable[Problem]:
    """What only a person can judge, as warnings for the second reader."""
    place = (*where, "claim")
    body = text.rsplit("\n", 1)[0]
    said, source = fold(finding.claim), fold(body)
    lost, kept = _NEGATION.findall(source), _NEGATION.findall(said)
    if len(lost) > len(kept):
        yield item.problem(
            place,
            f"the source negates {len(lost)} times ({', '.join(dict.fromkeys(lost))}), the claim {len(kept)} times",
            "second reader: is a 'not' lost?",
            "warning",
        )
    if kept and not lost:
        yield item.problem(
            place, "the claim negates and its sentences do not", "second reader: is it borne out?", "warning"
        )
    ways = {way for way, cue in _COMPARISONS.items() if cue.search(source)}
    told = {way for way, cue in _COMPARISONS.items() if cue.search(said)}
    if ways and not told:
        yield item.problem(
            place, "the source compares and the claim does not", "second reader: is the comparison kept?", "warning"
        )
    for way in sorted(told - ways):
        cue = _COMPARISONS[way].search(said)
        yield item.problem(
            place,
            f"the claim says {cue.group()!r} and its sentences compare the other way"
            if cue and ways
            else f"the claim says {cue.group() if cue else way!r} and its sentences do not compare",
            "second reader: which way does it go?",
            "warning",
        )
    both = {
        marker for marker, sign in numerals.signs(text) if (marker, "-" if sign == "+" else "+") in numerals.signs(text)
    }
    for marker in sorted(both & {marker for marker, _ in numerals.signs(finding.claim)}):
        yield item.problem(
            place,
            f"{marker.upper()} stands with + and with - in its sentences",
            "second reader: is each sign where it belongs?",
            "warning",
        )


def anchor(finding: Any, abstract: str) -> dict[str, Any]:
    """What is written beside a finding: digest of the abstract, spans, digest of their text."""
    spans = split_sentences(abstract)
    chosen = [spans[n - 1] for n in finding.support.sentences]
    text = "\n".join(abstract[a:b] for a, b in chosen)
    return {
        "abstract": digest(abstract),
        "spans": [[str(a), str(b)] for a, b in chosen],
        "sha256": digest(text),
    }


def write(path: Path, item: Parsed, abstract: str) -> bool:
    """Write the grounding of every finding into the file; whether it changed.

    Sentence numbers must exist; `check` says so where they do not.
    """
    if item.node is None or item.entry is None:
        return False
    plain: Any = item.node.plain()
    for raw, finding in zip(plain["findings"], item.entry.findings, strict=True):
        if finding.support.sentences and max(finding.support.sentences) <= len(split_sentences(abstract)):
            raw["support"]["grounding"] = anchor(finding, abstract)
    text = yaml_canonical.dump(plain)
    if text == path.read_text(encoding="utf-8"):
        return False
    write_whole(path, text)
    return True


def refresh(path: Path, item: Parsed, record: Record, source: Source) -> tuple[bool, list[Problem]]:
    """Re-anchor findings after PubMed changed the abstract, where all that they need is found again.

    A finding keeps its sentences, or takes those to which their text has moved, or the nearest run
    of as many sentences in which every figure, sign and name of it stands.

    Returns:
        Whether the file was written, and one problem for each finding that a person must read again.
    """
    if item.node is None or item.entry is None:
        return False, item.problems
    abstract = source.abstract(record.key)
    plain: Any = item.node.plain()
    lost: list[Problem] = []
    for index, finding in enumerate(item.entry.findings):
        stored = finding.support.grounding
        if not finding.support.sentences or (stored and stored.abstract == digest(abstract)):
            continue
        moved = _moved(item, index, finding, record, abstract, source)
        if moved is None:
            lost.append(
                item.problem(
                    ("findings", index, "support"),
                    "its figures and names are not all found again in the abstract that PubMed has now",
                    f"read it: python scripts/curate.py show {record.key}",
                )
            )
            continue
        support = plain["findings"][index]["support"]
        support["sentences"] = [str(n) for n in moved.support.sentences]
        support["grounding"] = anchor(moved, abstract)
    text = yaml_canonical.dump(plain)
    if text == path.read_text(encoding="utf-8"):
        return False, lost
    write_whole(path, text)
    return True, lost


def _moved(item: Parsed, index: int, finding: Any, record: Record, abstract: str, source: Source) -> Any | None:
    """The finding with sentences of the new abstract in which everything stands, or None."""
    spans = split_sentences(abstract)
    old = finding.support.sentences
    shifts = sorted(range(1 - min(old), len(spans) - max(old) + 1), key=lambda s: (abs(s), s))
    candidates = [
        finding.model_copy(
            update={"support": finding.support.model_copy(update={"sentences": tuple(n + shift for n in old)})}
        )
        for shift in shifts
    ]
    stored = finding.support.grounding
    for moved in candidates:
        if stored and anchor(moved, abstract)["sha256"] == stored.sha256:
            return moved
    for moved in candidates:
        problems = held(item, ("findings", index), moved, record, abstract, source)
        if not any(p.severity == "error" for p in problems):
            return moved
    return None
