"""Pairs of opposites of the field. A claim that has one of a pair, where its source has only the other, is doubtful."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Pair:
    """Two opposites, each as a pattern of whole words in small letters and US spelling."""

    one: str
    other: str

    @cached_property
    def sides(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """Both sides, compiled."""
        return tuple(re.compile(rf"(?<![a-z])(?:{side})(?![a-z])") for side in (self.one, self.other))  # type: ignore[return-value]


# Comparisons of one kind: what is longer in the claim is not called shorter by its source.
PAIRS: tuple[Pair, ...] = (
    Pair(
        r"(?:higher|high|greater)(?![- ]risk)|more|increas\w+|rais(?:e|es|ed|ing)|rose|elevat\w+|over-?express\w*|"
        r"up-?regulat\w+|enrich\w+|expan(?:d|ds|ded|sion)|larger|exceed\w*|likelier|strengthen\w*|enhanc\w+|grew|"
        r"doubled|gain(?:s|ed)?|highly",
        r"(?:lower(?:s|ed|ing)?|low)(?![- ]risk)|less|fewer|reduc\w+|decreas\w+|deplet\w+|diminish\w+|declin\w+|fell|"
        r"falls?|down-?regulat\w+|smaller|weaken\w*|weaker|shrank|shrinks?|attenuat\w+|drop(?:s|ped)?|halved",
    ),
    Pair(
        r"longer|lengthen\w*|prolong(?:s|ed|ing)?|better|superior\w*|improv(?:es|ed|ement|ing)|favou?rable(?![- ]risk)|"
        r"benefit\w*|advantage",
        r"shorter|shorten\w*|worse\w*|inferior\w*|poor\w*|adverse(?![- ]risk)(?! (?:effects?|events?|reactions?))|"
        r"unfavou?rabl[ey]|dismal|detriment\w*|disadvantage",
    ),
    Pair(
        r"promot\w+|enabl\w+|activates?|activated|driv(?:e|es|en|ing)|sustain\w*|facilitat\w+|accelerat\w+|hasten\w*|"
        r"speed(?:s|ed)?",
        r"suppress\w+|inhibit(?:s|ed|ing)?|block(?:s|ed)?|impair\w*|prevent\w*|abrogat\w+|abolish\w*|delay\w*|"
        r"slow(?:s|ed)?|halt\w*|restrict\w*",
    ),
    Pair(r"higher[- ]risk|high[- ]risk|adverse[- ]risk", r"lower[- ]risk|low[- ]risk|favou?rable[- ]risk"),
    Pair(r"early|earlier(?! (?:conclusions?|work|reports?))|founding|initiating", r"late|subclonal|terminal"),
    Pair(r"preceded|precedes|before", r"follow(?:s|ed)|after"),
    Pair(r"older|elderly", r"younger|children|child|pediatric|childhood|infants?"),
    Pair(
        r"sensitiv\w+|sensiti[sz](?:e|es|ed|ing|ation)|suscept\w+",
        r"resist(?:s|ed|ant|ance)?|refractory|insensitiv\w+|withstand\w*|withstood|impervious",
    ),
    Pair(r"wild[- ]?type|wt|unmutated|non-?mutated", r"mutant\w*|mutat\w+|mut"),
    Pair(
        r"mice|mouse|murine|xenograft\w*|xenotransplant\w*|pdx|nsg|nod/scid|animals?|in vivo|rats?|macaques",
        r"patients?|people|women|men|adults?|children|humans?|persons?|individuals|volunteers",
    ),
    Pair(
        r"most|majority|nearly all|almost all|all|every|each|predominant\w*|commonly|frequent(?:ly)?|often|always",
        r"rare|rarely|few|fewest|minority|seldom|infrequent\w*|uncommon\w*|sporadic\w*",
    ),
    Pair(r"survived|alive|living|survivors", r"died|dead|deaths?|mortality|fatal\w*"),
    Pair(r"spar(?:e|es|ed|ing)|unharmed|unaffected|intact", r"harm(?:s|ed|ing)?|damag\w+|destroy\w*|ablat\w+"),
    Pair(r"relapsed?|relapses|recurr\w+", r"de novo|newly diagnosed|previously untreated|untreated|treatment-naive"),
    Pair(r"quiescen\w*|dormant|resting|slow-cycling", r"proliferating|cycling|dividing"),
    Pair(r"linear(?:ly)?", r"branch(?:ed|ing)|parallel"),
    Pair(r"monoclonal(?! antibod\w+)|oligoclonal", r"polyclonal"),
    Pair(r"surface|membrane", r"cytoplasm\w*|intracellular|nuclear|nucleus"),
    Pair(r"myeloid|monocyt\w+|granulocyt\w+", r"lymphoid|lymphocyt\w+|b[- ]cells?|t[- ]cells?|erythroid"),
    Pair(r"primitive|immature|undifferentiated", r"mature|differentiated|monocytic"),
    Pair(r"autologous", r"allogene\w+|allo-\w+"),
    Pair(r"men|male|males|boys", r"women|female|females|girls"),
    Pair(
        r"independent(?:ly)? of|independent from",
        r"dependent on|depend(?:s|ed)? on|reliant|rel(?:y|ies|ied) on|addicted",
    ),
    Pair(r"detected|detectable|expressed|presence", r"undetect\w+|missing|devoid|absence|absent"),
    Pair(r"complete(?:ly)? (?:remissions?|responses?)", r"partial (?:remissions?|responses?)"),
    Pair(r"primary resistance|intrinsic|inherent", r"acquired resistance|adaptive|secondary resistance"),
    Pair(r"selected|selects|selection", r"induced (?:a|by|state)|rewired|reprogram\w+"),
    Pair(r"acute (?:graft|gvhd)|acute", r"chronic"),
    Pair(r"randomi[sz]ed", r"single-arm|non-?randomi[sz]ed|retrospective\w*|uncontrolled"),
    Pair(r"induction", r"maintenance|consolidation"),
    Pair(r"bone marrow|marrow", r"peripheral[- ]blood|blood"),
    Pair(r"gain(?:s|ed)?|amplif\w+|duplicat\w+", r"loss|lost|delet\w+|monosom\w+"),
    Pair(r"up to|at most|below|under|less than|fewer than", r"at least|above|more than|exceed\w*"),
    Pair(r"hypermethylat\w+", r"hypomethylated|hypomethylation|demethylat\w+"),
    Pair(r"met its (?:primary )?end ?point|end ?point met", r"did not meet|end ?point not met|futility"),
)


def turned(said: str, source: str) -> Iterator[tuple[str, str]]:
    """Of each pair that the claim has one side of and its source only the other: both words, as they stand.

    >>> list(turned("tp53 mutants did better", "tp53 wild-type cells did better"))
    [('mutants', 'wild-type')]
    """
    for pair in PAIRS:
        for mine, yours in (pair.sides, pair.sides[::-1]):
            here = mine.search(said)
            if not here or yours.search(said) or mine.search(source) or _denied(said, here.start()):
                continue
            if (there := yours.search(source)) and not _denied(source, there.start()):
                yield here.group(), there.group()


def _denied(text: str, at: int) -> bool:
    """Whether a word stands under a *not*: `not better` is no `better`."""
    return bool(_DENIED.search(text[max(0, at - 32) : at]))


_DENIED = re.compile(r"\b(?:not|no|nor|never|without|neither|fail\w*|lack\w*|absence)\b[^.;,]*$")
