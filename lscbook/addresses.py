"""Where each thing stands on the site. An address is made from an id and nothing else, and so stays.

Every page lies one folder deep (`book/`, `papers/`, `targets/` …), so that one relative link serves
from all of them, from a server under any path and from disk.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlencode

UP = "../"
CHAPTERS = {
    "evolution": "clonal-evolution",
    "identity": "lsc-identity",
    "resistance": "resistance",
    "surveillance": "surveillance",
    "target": "targets",
}
ENTITIES = ("targets", "markers", "genes", "families", "lesions", "therapies", "mechanisms", "diseases")


@lru_cache(maxsize=65_536)  # thousands of findings name one term
def slug(text: str) -> str:
    """ASCII words joined by hyphens; a sign becomes a word, so that no two polarities share a page.

    >>> slug("CD34+CD38-"), slug("CD34-CD38+"), slug("-7"), slug("FLT3-ITD"), slug("t(8;21)")
    ('cd34-pos-cd38-neg', 'cd34-neg-cd38-pos', 'minus-7', 'flt3-itd', 't-8-21')
    """
    flat = unicodedata.normalize("NFKD", text.replace("−", "-")).encode("ascii", "ignore").decode().lower()
    flat = re.sub(r"^-(?=\d)", "minus-", flat)
    flat = re.sub(r"^\+(?=\d)", "plus-", flat)
    flat = re.sub(r"(?<=\d)(?:-(?=$|[\s,/+])|-(?=cd\d+[a-z]?[+-]))|(?<=[a-z])-(?=$|[\s,/])", "-neg-", flat)
    flat = re.sub(r"(?<=[a-z0-9])\+", "-pos-", flat)
    return re.sub(r"[^a-z0-9]+", "-", flat).strip("-")


@lru_cache(maxsize=65_536)
def key_slug(key: str) -> str:
    """A paper's PMID or DOI as one word; two of them are never one word.

    The first slash of a DOI and its points are hyphens, and a hyphen is an underscore. What holds anything else ends
    in a digest of itself.

    >>> key_slug("22932223"), key_slug("10.1038/s41375-021-1"), key_slug("10.1000/(sici)9")
    ('22932223', '10-1038-s41375_021_1', '10-1000-sici-9-cbd05708')
    """
    if re.fullmatch(r"\d+|10\.\d+/[a-z0-9.-]+", key):
        return key.translate({ord("-"): "_", ord("/"): "-", ord("."): "-"})
    return f"{slug(key)}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def chapter(theme: str) -> str:
    """The chapter that a theme feeds."""
    return f"{UP}book/{CHAPTERS[theme]}.html"


def paper(key: str) -> str:
    """A paper's page, by PMID, or by DOI while its PMID is pending.

    >>> paper("22932223")
    '../papers/22932223.html'
    """
    return f"{UP}papers/{key_slug(key)}.html"


def finding(reference: str) -> str:
    """A finding on its paper's page.

    >>> finding("22932223/1")
    '../papers/22932223.html#f-22932223-1'
    """
    return f"{paper(reference.rpartition('/')[0])}#{anchor(reference)}"


def anchor(reference: str) -> str:
    """The HTML id of a finding, the same on each page that shows it.

    >>> anchor("10.1038/nature10738/1")
    'f-10-1038-nature10738-1'
    """
    key, _, number = reference.rpartition("/")
    return f"f-{key_slug(key)}-{number if number.isdecimal() else key_slug(number)}"


def entity(kind: str, identifier: str) -> str:
    """The page of a target, marker, gene, family of genes, lesion, therapy, mechanism or disease.

    >>> entity("lesions", "+8")
    '../lesions/plus-8.html'
    """
    return f"{UP}{kind}/{slug(identifier)}.html"


def view(**filters: str) -> str:
    """The evidence browser with filters set; they stand behind `#`, which works from disk too.

    >>> view(target="CD123", stage="phase 3", direction="supports")
    '../book/evidence.html#direction=supports&stage=phase+3&target=CD123'
    """
    return f"{UP}book/evidence.html#{urlencode(sorted(filters.items()))}"


def search(words: str) -> str:
    """The search page, asked for some words.

    >>> search("CD34+CD38-")
    '../search.html?q=CD34%2BCD38-'
    """
    return f"{UP}search.html?{urlencode({'q': words})}"


def curate(key: str) -> str:
    """The form of a new entry with its paper filled in.

    >>> curate("40009500")
    '../book/contribute.html#paper=40009500'
    """
    return f"{UP}book/contribute.html#{urlencode({'paper': key})}"


def pubmed(key: str) -> str:
    """The paper at PubMed, or at its DOI while its PMID is pending.

    >>> pubmed("22932223")
    'https://pubmed.ncbi.nlm.nih.gov/22932223/'
    """
    return f"https://pubmed.ncbi.nlm.nih.gov/{key}/" if key.isdigit() else f"https://doi.org/{key}"


def trial(nct: str) -> str:
    """A trial at its registry."""
    return f"https://clinicaltrials.gov/study/{nct}"
