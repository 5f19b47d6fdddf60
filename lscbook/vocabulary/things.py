"""Which terms are one thing to a reader: CD123 the target, CD123 the marker and IL3RA the gene have one page.

Terms of `KINDS` are one thing where they have the same id, or name one and the same gene (`gene`, or a list `genes` of
one). A term marked `apart` keeps a page of its own although it names a gene: a family, an isoform, a process, or what a
therapy does to the gene. A signature or phenotype of several genes is none of its genes.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from lscbook.vocabulary.terms import Term, Vocabulary

KINDS = ("targets", "markers", "genes")  # in the order in which a role gives the page its address


@dataclass(frozen=True)
class Thing:
    """Terms that are one to a reader. `lead` names the page and gives it its address; `roles` holds it too."""

    lead: Term
    roles: tuple[Term, ...]

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """Kind and id of every role."""
        return frozenset(term.key for term in self.roles)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of every role, that of the lead first."""
        forms = [*self.lead.surface_forms, *(form for term in self.roles for form in term.surface_forms)]
        return tuple(dict.fromkeys(forms))


def gene_of(term: Term) -> str:
    """The one gene that a term is, or '' where it is none, several, or apart.

    >>> gene_of(Term("markers", "CD123", "", facts={"genes": ("IL3RA",)}))
    'IL3RA'
    >>> gene_of(Term("markers", "LSC17", "", facts={"genes": ("GPR56", "CD34")}))
    ''
    """
    if term.facts.get("apart") == "true" or term.kind not in KINDS:
        return ""
    if term.kind == "genes":
        return term.id
    genes = genes_of(term)
    return genes[0] if len(genes) == 1 else ""


def genes_of(term: Term) -> tuple[str, ...]:
    """The genes that a term names, each once."""
    return tuple(dict.fromkeys([*filter(None, [term.facts.get("gene")]), *term.facts.get("genes", ())]))


def members(family: Term, known: Mapping[tuple[str, str], "Thing"]) -> list["Thing"]:
    """The things that a family stands for, in its order; of a term that is no family none.

    Args:
        family: a term of the kind `families`.
        known: the thing of every term, as `by_key` gives it.
    """
    return [known["genes", gene] for gene in family.facts.get("members", ())]


def by_key(vocabulary: Vocabulary) -> Mapping[tuple[str, str], Thing]:
    """The thing of every term that can have a page, by kind and id; most have one role."""
    groups: dict[tuple[str, str], list[Term]] = defaultdict(list)
    places: dict[tuple[str, str], tuple[str, str]] = {}  # of an id or a gene: the group that it is in
    for kind in KINDS:
        for term in vocabulary.terms[kind].values():
            marks = [("id", term.id), *([("gene", gene)] if (gene := gene_of(term)) else [])]
            known = list(dict.fromkeys(places[mark] for mark in marks if mark in places))
            own = known[0] if known else term.key
            for other in known[1:]:
                groups[own] += groups.pop(other)
                places.update({mark: own for mark, group in places.items() if group == other})
            groups[own].append(term)
            places.update(dict.fromkeys(marks, own))
    things = [_thing(terms) for terms in groups.values()]
    one = [Thing(term, (term,)) for term in vocabulary if term.kind not in KINDS]
    return {term.key: thing for thing in (*things, *one) for term in thing.roles}


def _thing(terms: list[Term]) -> Thing:
    """The id that most roles share is its name; else that of the target, the marker, the gene, in this order."""
    ids = [term.id for term in terms]
    lead = min(terms, key=lambda t: (-ids.count(t.id), KINDS.index(t.kind)))
    return Thing(lead, tuple(sorted(terms, key=lambda t: (t is not lead, KINDS.index(t.kind), t.id))))
