r"""What a text must or must not be, as data: patterns and messages that Python and a browser both read.

The models, the JSON Schema and the form of the book apply the same list. So that both languages read
a pattern alike it has no flags, names its letters and digits, and never uses `\w`, `\d` or `\b`.
In a message, `{value}` is what was given and `{match}` what was found in it, each in quotes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from lscbook import text as plain_text


@dataclass(frozen=True)
class Rule:
    """The whole text must fit the pattern or, with `refused`, the pattern must not be found in it."""

    pattern: str
    message: str
    refused: bool = False

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def fault(self, value: str) -> str:
        """The message, or '' where the value keeps the rule."""
        if not self.refused:
            return "" if self._compiled.fullmatch(value) else self.message.format(value=quoted(value))
        found = self._compiled.search(value)
        return self.message.format(value=quoted(value), match=quoted(found.group()[:40])) if found else ""


def quoted(value: object) -> str:
    """A value as a message shows it: in quotes, and no longer than a line.

    >>> quoted("x" * 200)[-5:]
    "xxx…'"
    """
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…")
    if isinstance(value, (list, tuple)):
        return "a list"
    return "a mapping" if isinstance(value, dict) else repr(value)


_SHOWN = 80
_QUOTED = re.compile(r"(?<![^\s([:])(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|;[ ]")


def parted(message: str) -> tuple[str, str]:
    """What was found and how to mend it; a `; ` within a value in quotes parts nothing.

    >>> parted("'a; b' is no word; write one")
    ("'a; b' is no word", 'write one')
    """
    for found in _QUOTED.finditer(message):
        if found.group() == "; ":
            return message[: found.start()], message[found.end() :]
    return message, ""


def _any_case(*words: str) -> str:
    """A pattern of these words in any case.

    >>> _any_case("pmc")
    '[pP][mM][cC]'
    """
    return "|".join("".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in word) for word in words)


def _markup(pattern: str, what: str) -> Rule:
    return Rule(pattern, f"{what}: {{match}}; write plain words, links and markup have no place here", refused=True)


PMC = (
    "{value} is a PMC id, the number of a full text in PubMed Central; the PMID is another number, shown on the same "
    "page beside 'PMID:'"
)
ORCID_DIGIT = "{value} has a wrong check digit; copy it from your ORCID page"
MISSING = "missing; add it: {help}"
NO_WORD = "{value}; allowed are {allowed}"
NO_THEME = "{value}; allowed are {allowed}"
NO_TERM = "{value} is no term of ours; {remedy}"
MEANT = "did you mean {near}?"
CHOOSE = "choose an id of {files}"
# Rules that look at more than one value, or at the paper.
UNIT_WITH_NUMBER = "n and n_unit stand together; give both or neither"
OF_CONTEXT = "a context finding has none; take this out, or take `role: context` out"
NO_PAIR = "no pair; write [earlier, later], or [earlier, later, number of patients]"
PAIR_OF_ONE = "{value} before itself; name two lesions"
NO_COUPLE = "no pair; write [one, other]"
COUPLE_OF_ONE = "{value} and itself; name two lesions"
NO_PLACE = "says no place; give sentences: [numbers] or full_text: page, figure or table"
SENTENCE_TWICE = "names a sentence twice"
OUTSIDE = "value {value} is outside its interval {low}–{high}"
ONE_IDENTITY = "give pmid, or doi where no PMID is known yet, and not both"
OWN_READER = "{who} is curator and reviewer; a second reader is another person"
RATED_ABSTRACT = "a rating from an abstract; leave it out, or read the full text and say so in `read`"
NOT_IN_CORPUS = "{key} is not in the corpus; check the number; a new paper comes in with `make new`"
KNOWN = "{key} is in the book: add your finding to {file}"
BEYOND = "sentence {number} of {length}; number the sentences with: python scripts/curate.py show {key}"
NEITHER = "{value} is neither a PMID (digits only) nor a DOI (from '10.' on)"
UNSEEN = plain_text.UNSEEN
EMPTY = "empty; name at least one: {help}"
ID_TWICE = "{value} twice; give each finding its own number"
PEOPLE_TWICE = "{who} twice; name each person once"
TOO_MANY = "{number} people; name those who did it, at most {most}"
TOO_MANY_FINDINGS = "{number} findings; one paper has at most {most}: keep those that answer a question of the book"
FINDINGS = 99
PEOPLE = 50  # who can have curated or read one paper

# What cannot be true together, by rule; `consistency` says when, and so does the form.
TOGETHER = {
    "level of study": "{level} of a study {study}; allowed are {allowed}, or it is another study",
    "level of few": "{level} with {n} {n_unit}; fewer than {few} patients are level C",
    "study of type": "{study}, and PubMed calls the paper {kind}; write one of {studies}, or role: context for "
    "background",
    "no reason": "missing; say why it does not support: no effect shown, harm, limited to a subtype, …",
    "reason": "{reason} of a finding that does not speak against; take it out",
    "null supports": "supports, with a {measure} whose interval of {low} to {high} takes in one; write inconclusive",
    "wide null": "does_not_support, with a {measure} whose interval of {low} to {high} takes in one and more "
    "than three tenths on a side; write inconclusive",
    "germline": "{order} of a germline lesion; germline is no order, leave order out",
    "pair": "neither {first} nor {then} is among the lesions; add the one it is about",
    "couple twice": "{one} and {other} twice; name each pair once",
    "couple in order": "{one} and {other} exclude each other, and one is before the other; one of them is wrong, or "
    "they are two findings",
    "nothing excludes": "{scope} without exclusive; name the pairs, or take it out",
    "similar": "similar on both sides, and the finding supports; a marker that is alike tells nothing apart",
    "relative": "{relative}, and expression has LSC {first}, HSC {second}; one of them is wrong",
    "no other result": "a test has two results; say the other one in `against`",
    "step against": "per unit, against {against}; a step of a measure stands against nothing",
    "expression": "{stage} with aspect {aspect}; expression stands on its own rung, alone",
    "trial": "{stage} on a study {study}; a trial stands there, and nothing else",
    "PDX": "PDX on a study {study}; only patients' cells in animals stand there: dependency",
    "dependency": "dependency on a study {study}; a trial stands on its phase",
    "outcome": "{outcome} on rung {stage}; outcomes are of trials",
    "good outcome": "{outcome} of a finding that does not support; one of them is wrong",
    "bad outcome": "{outcome} of a finding that supports; one of them is wrong",
    "safety": "{reason} of a finding on safety; what speaks against safety is harm",
    "agent": "{agent} hits {known}, and the target is {target}; write it under partners",
    "no sentence": "missing; {remedy}",
}

# What people put before a PMID or a DOI: a word, or the address of a page. Read in any case, by Python and a browser.
LABEL = r"^(?:pmid|doi)[: ]*(?=[0-9])"
ADDRESS = (
    r"^(?:https?://)?(?:(?:www|m|dx|pubmed|pmc)[.])*(?:ncbi[.]nlm[.]nih[.]gov/(?:m/)?(?:pubmed/|(?:pmc/)?articles/)?|"
    r"europepmc[.]org/(?:article|abstract)/med/|doi[.]org/)"
)
ORCID_ADDRESS = r"^(?:https?://)?(?:www[.])?orcid[.]org/"

# Letters, digits and marks of another script, or in another form, that look like ours: Cyrillic `С` in CD34, Greek
# capitals, full-width and mathematical letters; and a Greek alpha within a Latin word. Free are Latin, the Greek that
# the field writes, raised and lowered figures, and signs.
FOREIGN = (
    r"[^\t\n\r\x20-\x7e\xa0-\u0130\u0132-\u0148\u014a-\u017e\u0218-\u021b\u0393\u0394\u0398\u039b\u039e\u03a0\u03a3\u03a6\u03a8"
    r"\u03a9\u03b1-\u03b8\u03ba-\u03bc\u03be\u03c0-\u03c4\u03c6-\u03c9\u1e00-\u1eff\u2000-\u200a\u2010-\u2027\u202f-\u205f"
    r"\u2070-\u209c\u20a0-\u20bf\u2122\u2126\u212b\u2150-\u215f\u2190-\u23ff\u2500-\u27bf\u2980-\u2aff\ufb00-\ufb06]+"
    r"|[a-z]\u03b1[a-z]"
)

_EMPTY = Rule(r"[\s\S]*\S[\s\S]*", "empty; write it or leave the field out")
_NOT_PMC = Rule(rf"^(?:{_any_case('pmc')}) ?[0-9]+$", PMC, refused=True)

RULES: dict[str, tuple[Rule, ...]] = {
    # What no plain text needs, and what a page or a spreadsheet could take for more than text. `p<0.05`,
    # `t(8;21)(q22;q22)`, `-7` and `[95% CI 1-2]` are none of these.
    "text": (
        _EMPTY,
        Rule(r"[\s\S]{0,1000}", "more than 1000 characters; say it in a sentence or two"),
        Rule(
            FOREIGN,
            "letters of another script, or in another form: {match}; type them with the keys of this language, Greek "
            "only as in TGF-β",
            refused=True,
        ),
        _markup(r"<[a-zA-Z/!?][^<]*>?", "HTML"),
        _markup(
            rf"(?<![a-zA-Z0-9_])(?:{_any_case('javascript', 'vbscript', 'data', 'file')})\s*:\s*\S",
            "a link that runs or reads something",
        ),
        _markup(r"\{[a-zA-Z0-9_:.+-]+\}\s*`|`|^\s*:::|^\s*---\s*$", "MyST markup"),
        _markup(r"!?\[[^\[\]]*\]\s*\(|\]\s*\(", "a Markdown link"),
        _markup(r"\{\{|\{%|\$\{", "a template"),
        _markup(
            r"^\s*[=@]|^\s*[+-]\s*[A-Za-z]+\s*\(|(?<![a-zA-Z0-9_])cmd\s*\|", "a spreadsheet formula"
        ),
    ),
    "number": (
        Rule(
            r"[-−]?[0-9]{1,12}(?:\.[0-9]{1,12})?(?:e[-+]?[0-9]{1,3})?",
            "{value} is not a number; write digits with a full stop, as 1.9"
        ),
    ),
    "p value": (
        Rule(
            r"(?:<=|>=|[<>=≤≥])? ?0?\.[0-9]{1,20}|(?:<=|>=|[<>=≤≥])? ?[01](?:\.0{1,12})?|"
            r"<? ?[0-9](?:\.[0-9]{1,12})?e-[0-9]{1,3}",
            "{value} is not a p value; write 0.003 or <0.001",
        ),
    ),
    "id": (
        _EMPTY,
        Rule(r"[1-9][0-9]{0,3}", "{value} is not the number of a finding; write 1, 2, 3 …, each once in its file"),),
    "count": (Rule(r"[1-9][0-9]{0,8}", "{value} is not a count; write it in digits, from 1 on"),),
    "flag": (Rule(r"true|false", "{value}; allowed are true, false"),),
    "ORCID": (
        Rule(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]", "{value} is not an ORCID id; write 0000-0002-1825-0097"),
    ),
    "date": (
        Rule(
            r"20[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|"
            r"02-(?:0[1-9]|1[0-9]|2[0-8]))|20(?:[02468][048]|[13579][26])-02-29",
            "{value} is not a date; write YYYY-MM-DD, a day of this century",
        ),
    ),
    "PMID": (_NOT_PMC, Rule(r"[1-9][0-9]{0,8}", "{value} is not a PMID; write its digits only")),
    "DOI": (
        Rule(
            r"10\.[0-9]{4,9}/[!#-&(-;=?-\[\]_a-z~]{1,200}",
            "{value} is not a DOI; write it from '10.' on, without https://doi.org/",
        ),
    ),
}  # fmt: skip


def bare(given: str) -> str:
    """The PMID or DOI within what a person pasted; what is neither comes back as it was given.

    >>> bare("PMID: 22932223"), bare("pubmed.ncbi.nlm.nih.gov/22932223/?term=jan")
    ('22932223', '22932223')
    >>> bare("https://doi.org/10.1038%2FNature10738"), bare("https://pmc.ncbi.nlm.nih.gov/articles/PMC3503399/")
    ('10.1038/nature10738', 'PMC3503399')
    """
    text = given.strip()
    inner = re.sub(ADDRESS, "", text, flags=re.IGNORECASE)
    if inner != text:  # an address: what follows ? or # is none of the identity
        text = unquote(re.split(r"[?#]", inner)[0])
    text = re.sub(LABEL, "", text, flags=re.IGNORECASE).rstrip("/").strip()
    return text.lower() if text.startswith("10.") else text


def bare_orcid(given: str) -> str:
    """The ORCID id within its address.

    >>> bare_orcid("https://orcid.org/0000-0002-1694-233x/")
    '0000-0002-1694-233X'
    """
    text = given.strip()
    inner = re.sub(ORCID_ADDRESS, "", text, flags=re.IGNORECASE)
    return inner.rstrip("/").upper() if inner != text else text


def hold(kind: str, value: str) -> str:
    """The value, where it keeps the rules of its kind.

    >>> hold("date", "2026-11-24")
    '2026-11-24'

    Raises:
        ValueError: `what was found; how to mend it`.
    """
    for rule in RULES[kind]:
        if fault := rule.fault(value):
            raise ValueError(fault)
    if kind == "ORCID" and value[-1] != _check_digit(value):
        raise ValueError(ORCID_DIGIT.format(value=repr(value)))
    return value


def broken(kind: str, value: str) -> Iterator[tuple[str, str]]:
    """What was found and how to mend it, where a value breaks the rules of its kind: for a cell of a ledger.

    >>> list(broken("date", "2026-11-24"))
    []
    """
    try:
        hold(kind, value)
    except ValueError as error:
        found, _, remedy = str(error).partition("; ")
        yield found, remedy


def _check_digit(orcid: str) -> str:
    """The last digit by ISO 7064 MOD 11-2."""
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return "X" if check == 10 else str(check)
