"""Genes, markers, therapies and diseases of a finding, held against the text that it points at."""

import re
from collections.abc import Iterable
from typing import Any

from lscbook.evidence import fields
from lscbook.evidence.ground_source import NAMED, Source, squeezed, written
from lscbook.evidence.store import Parsed, Problem
from lscbook.text import normalise
from lscbook.vocabulary import Term, Vocabulary, fold


def names(
    item: Parsed, where: tuple[Any, ...], finding: Any, text: str, abstract: str, source: Source
) -> Iterable[Problem]:
    """Terms that claim or fields name and the text does not."""
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


# Abbreviations that any text of the field may use, written out in its source or not.
_SHORT = (
    "aml mds mpn cml cmml all apl lsc lscs hsc hscs hspc hspcs mpp lmpp gmp cmp mep nk car dna rna mrna mirna "
    "chip mrd cr cri crh crp orr os efs rfs dfs pfs hr or rr shr ci auc vaf nos usa uk eu fda ema who elin "
    "eln ipss ngs pcr rtpcr fish wt ko pdx nsg gvhd hct hsct hla hma hmas itd tkd tme ros tca lic lics iii ii "
    "iv "
)
_ABBREVIATIONS = frozenset(_SHORT.split())
_TOKEN = re.compile(r"(?<![\w/-])[A-Za-zα-ωΑ-Ω]\w{0,40}(?:[-/]\w{1,40}){0,6}")
# What a generic name of a drug ends in.
_DRUG = re.compile(
    r"(?<![a-z])[a-z]{3,30}(?:mab|tinib|denib|menib|metinib|lisib|ciclib|parib|zomib|clax|citabine|rubicin|platin|"
    r"inostat|stat|toclax|dustat|sertib|limus|taxel|poside|stim|platide|tercept|cept)(?![a-z])"
)
# Diseases that a paper on these cells can be mistaken to be about, and the vocabulary has not.
_OTHER_DISEASE = re.compile(
    r"(?<![a-z])(?:[a-z]{0,9}lymphoblastic leukemi[ac]s?|chronic (?:myeloid|myelogenous|lymphocytic) leukemi[ac]s?|"
    r"[a-z]{0,9}lymphomas?|(?:multiple )?myelomas?|myelofibrosis|polycythemia|thrombocyth\w{1,9}|aplastic anemia|"
    r"fanconi anemia|[a-z]{0,15}carcinomas?|[a-z]{0,15}sarcomas?|melanomas?|gliomas?|glioblastomas?|neuroblastomas?|"
    r"(?:breast|lung|colon|colorectal|prostate|ovarian|pancreatic|liver|gastric|renal) (?:cancers?|tumors?))(?![a-z])"
)


def strangers(item: Parsed, where: tuple[Any, ...], finding: Any, whole: str, source: Source) -> Iterable[Problem]:
    """Names that the vocabulary has not, and that stand nowhere in the abstract or the title: for the second reader.

    What has the form of a gene, a cell line or a trial (capitals or digits), of a drug, or is another disease.
    """
    known, folded = squeezed(whole), fold(whole)
    for field_name, told in written(finding):
        ours = source.mentions(told)
        cased, flat = normalise(told), fold(told)
        covered = {place for mention in ours for place in range(mention.start, mention.end)}
        found = [m.group() for m in _TOKEN.finditer(cased) if not _common(m.group(), known, source)]
        found += [
            match.group()
            for pattern in (_DRUG, _OTHER_DISEASE)
            for match in pattern.finditer(flat)
            if match.group() not in folded and not _within(match, covered)
        ]
        for name in dict.fromkeys(found):
            yield item.problem(
                (*where, field_name),
                f"{name} stands nowhere in the abstract or the title",
                "second reader: is it the one that the paper names?",
                "warning",
            )


def _within(match: re.Match[str], covered: set[int]) -> bool:
    return all(place in covered for place in range(match.start(), match.end()))


def _common(token: str, known: str, source: Source) -> bool:
    """Whether a word needs no ground: no name by its form, or in the source, or a word of ours."""
    if squeezed(token) in known or source.vocabulary.has_form(token):
        return True
    for part in re.split(r"[-/]", token):
        name = part.removesuffix("s") if part[:-1].isupper() else part
        formed = any(c.isdigit() for c in name) and any(c.isupper() for c in name)
        if not (formed or (len(name) > 2 and name.isupper())):
            continue
        flat = squeezed(name)
        # "IDH1/2" and "TET2-3" are one name with two numbers
        if flat not in known and flat not in _ABBREVIATIONS and not source.vocabulary.has_form(name):
            return False
    return True


def record_title(text: str) -> str:
    """The title, which `pointed_at` puts last."""
    return text.rsplit("\n", 1)[-1]


def _listed(finding: Any, kind: str, known: Vocabulary) -> dict[str, Term]:
    """Terms of the fields that a finding fills: genes, markers, therapies, agents, subjects."""
    found: dict[str, Term] = {}
    for column in fields.fields_of(finding.theme):
        if kind in column.vocabularies:
            for identifier in fields.terms_in(column, getattr(finding, column.name)):
                term = known.get(column.vocabularies, identifier)
                # a signature or a phenotype has many spellings: the second reader judges it
                if term and term.kind == kind and term.facts.get("type") in {None, "surface antigen"}:
                    found[term.id] = term
    return found


def _worded(form: str, flat: str) -> bool:
    """Whether a name with a gene or antigen in it is there in other words.

    `antibodies to CD47` names *anti-CD47 antibody*, and `TP53 mutant samples` are of *TP53-mutated* disease.
    """
    parts = [
        part for part in re.split(r"[^a-z0-9]+", fold(form)) if len(part) > 2 and part not in {"anti", "and", "with"}
    ]
    if len(parts) < 2 or not any(map(str.isdigit, form)):
        return False
    begun = [part if any(map(str.isdigit, part)) else part[: 4 if part.startswith("mutat") else 6] for part in parts]
    return all(re.search(rf"(?<![a-z0-9]){re.escape(part)}", flat) for part in begun)


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
    if any(_worded(form, flat) for form in term.surface_forms):
        return True
    if term.kind == "diseases":
        return bool(relatives & set(here))
    genes = set(term.facts.get("genes", ()))
    if term.kind == "markers" and genes:
        return any(re.search(rf"(?<![a-z0-9]){re.escape(fold(g))}(?![a-z0-9])", flat) for g in genes)
    return False
