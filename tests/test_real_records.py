"""The parser and the notices on 50,000 real records: the two files of PubMed that travel in a wheel of the tests.

What a record holds is asked of its XML by XPath, and not of our parser. They need no folder beside the project, so that
every machine reads real records; `test_parse` reads rarer ones where `shared/` is there.
"""

import gzip

import pytest
from lxml import etree

from lscbook.pubmed.parse import Deletion, parse_path
from lscbook.standing import Standing, standing_of
from tests.eutils_double import index

pytestmark = pytest.mark.slow

NOTICES = "count(MedlineCitation/CommentsCorrectionsList/CommentsCorrections[@RefType='{}'])"
CASES = {
    "a group among the authors": ("count(MedlineCitation/Article/AuthorList/Author/CollectiveName)",
                                  lambda r: any(a.collective for a in r.authors)),
    "a list of authors that is cut": ("count(MedlineCitation/Article/AuthorList[@CompleteYN='N'])",
                                      lambda r: not r.authors_complete),
    "no authors": ("count(MedlineCitation/Article[not(AuthorList)])", lambda r: r.authors == ()),
    "no abstract": ("count(MedlineCitation/Article[not(Abstract)])", lambda r: r.text == ""),
    "an abstract": ("count(MedlineCitation/Article/Abstract/AbstractText[normalize-space()])", lambda r: r.text != ""),
    "a date in words": ("count(MedlineCitation/Article/Journal/JournalIssue/PubDate/MedlineDate)",
                        lambda r: r.year.isdigit()),
    "a volume": ("count(MedlineCitation/Article/Journal/JournalIssue/Volume[normalize-space()])", lambda r: bool(r.volume)),
    **{f"notice {kind}": (NOTICES.format(kind), lambda r, kind=kind: any(n.type == kind for n in r.standing))
       for kind in ("RetractionIn", "ErratumIn", "ExpressionOfConcernIn", "UpdateIn", "RetractionOf")},
    "retracted": (NOTICES.format("RetractionIn"), lambda r: standing_of(r, {}) is Standing.RETRACTED),
}  # fmt: skip


@pytest.fixture(scope="module")
def read():
    """What our parser makes of each file: records by PMID, and deletions."""
    records, deletions = {}, []
    for file in index.wheel_files():
        for item in parse_path(file):
            if isinstance(item, Deletion):
                deletions.append(item.pmid)
            else:
                records[item.pmid] = item
    return records, deletions


@pytest.fixture(scope="module")
def told():
    """What the XML itself says: PMIDs of the records, of each case, and of the deletions."""
    pmids, deleted, cases = [], [], {name: set() for name in CASES}
    paths = {name: etree.XPath(path) for name, (path, _) in CASES.items()}
    for file in index.wheel_files():
        with gzip.open(file) as stream:
            for _, element in etree.iterparse(stream, tag=("PubmedArticle", "DeleteCitation")):
                if element.tag == "DeleteCitation":
                    deleted += [pmid.text for pmid in element.iter("PMID")]
                    continue
                pmid = element.findtext("MedlineCitation/PMID")
                pmids.append(pmid)
                for name, path in paths.items():
                    if path(element):
                        cases[name].add(pmid)
                element.clear()
    return pmids, deleted, cases


def test_no_record_and_no_deletion_is_lost(read, told):
    records, deletions = read
    pmids, deleted, _ = told
    assert len(pmids) > 50_000
    assert set(records) == set(pmids)
    assert sorted(deletions) == sorted(deleted)
    assert len(deleted) == 20


@pytest.mark.parametrize("case", CASES)
def test_what_the_xml_says_is_what_the_record_says(read, told, case):
    records, (_, _, cases) = read[0], told
    holds = CASES[case][1]
    assert cases[case], "the files hold none"
    assert sorted(pmid for pmid in cases[case] if not holds(records[pmid])) == []
