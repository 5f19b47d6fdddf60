"""British and American spelling are one: the rules by which a text takes US spelling before words are compared.

Each rule is a pattern of letters with what must stand around it, never a word: *-aem-*, *-our* after a few consonants,
*-is-* before the ending of a verb. A word that no Briton writes otherwise may be changed too (*promise*); that costs
nothing, because both sides of a comparison go through here, and no rule makes two words of the field one. Where the
letters alone are not safe (*aerobic*, *Bae*, *does*, *coexist*), those beside them decide.

`words.js` has the same rules for a browser; `tests/spellings.tsv` holds both to it.
"""

import re
from functools import lru_cache, partial

_VERB = "(?=e[ds]?(?![a-z])|ers?(?![a-z])|ing|ation|able)"

# British, American, and the pattern; each begins with letters, so that a text without them is left at once. Read by a
# browser too: ASCII letters, no word boundary, each lookbehind of one length.
RULES = (
    ("ae", "e", r"ae(?<=[a-z]ae)(?=m|c)|ae(?=sth)|ae(?<=pae)(?=d|ni)|ae(?<![a-z]ae)(?=tio)"),
    ("oe", "e", r"oe(?=dem|soph|str)|oe(?<=foe)(?=t[aou])|oe(?<=[hn]oe)(?=a|ic)|oe(?<=coe)(?=lia)"),
    ("our", "or", r"our(?<=[aeiou][bdglmnpv]our)|our(?<=ghbour)|our(?<=[aeiou][rn][bcdlm]our)|our(?<=[aeiou]viour)"),
    ("is", "iz", rf"is(?<=[a-z][a-z][b-df-hj-np-tv-xz]is){_VERB}"),
    ("ys", "yz", rf"ys(?<=lys){_VERB}"),
    ("ll", "l", r"ll(?<=[aeiou][b-df-hj-np-tv-z][ae]ll)(?=ed|ing|er)"),
    ("ll", "l", r"ll(?<=[aeiou][b-df-hj-np-tv-z]{2}[ae]ll)(?=ed|ing|er)"),
    ("re", "er", r"re(?<=[a-z][a-z][bt]re)(?=s?(?![a-z]))"),
    ("programme", "program", r"programme(?=s?(?![a-z]))"),
    ("ogue", "og", r"ogue(?<=[ao]logue)(?=s?(?![a-z]))"),
    ("ence", "ense", r"ence(?<=licence|defence|offence)"),
    ("leuc", "leuk", r"leuc(?=[aeo])"),
    ("sulph", "sulf", r"sulph"),
    ("ageing", "aging", r"ageing(?<![a-z]ageing)"),
    ("artefact", "artifact", r"artefact"),
    ("enrolment", "enrollment", r"enrolment"),
)  # fmt: skip
_RULES = tuple((british, told, re.compile(pattern, re.IGNORECASE | re.ASCII)) for british, told, pattern in RULES)


def american(text: str) -> str:
    """The text in US spelling; where letters are changed, they are small unless all of them were capitals.

    >>> american("Paediatric leukaemia: a randomised programme of tumour signalling, and what it does to Bae, 2020")
    'Pediatric leukemia: a randomized program of tumor signaling, and what it does to Bae, 2020'
    """
    return _word(text) if len(text) <= _SHORT else _changed(text)


def _changed(text: str) -> str:
    lower = text.lower()
    for british, told, pattern in _RULES:
        if british in lower:
            text = pattern.sub(partial(_told, told), text)
    return text


# words come again and again, and texts do not; the bound keeps memory flat
_SHORT = 32
_word = lru_cache(maxsize=32_768)(_changed)


def _told(american_letters: str, found: re.Match[str]) -> str:
    return american_letters.upper() if found.group().isupper() else american_letters
