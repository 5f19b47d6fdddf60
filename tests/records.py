"""Small PubMed XML of our own, in the shape of the real thing; no text of any paper."""

import gzip
import io

HEAD = '<?xml version="1.0"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/x.dtd">'


def article(pmid="1", *, title="Stem cells in leukaemia", version="1", inner="", article_inner="",
            pubmed="", owner="NLM", date="<Year>2014</Year><Month>Feb</Month><Day>3</Day>",
            revised="<DateRevised><Year>2020</Year><Month>01</Month><Day>02</Day></DateRevised>"):  # fmt: skip
    """One PubmedArticle."""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="{owner}"><PMID Version="{version}">{pmid}</PMID>{revised}'
        f"<Article><Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue><Title>Journal of Tests</Title></Journal>"
        f"<ArticleTitle>{title}</ArticleTitle>{article_inner}<Language>eng</Language></Article>"
        f"<MedlineJournalInfo><MedlineTA>J Test</MedlineTA></MedlineJournalInfo>{inner}</MedlineCitation>"
        f"<PubmedData>{pubmed}</PubmedData></PubmedArticle>"
    )


def document(*parts):
    """A whole document."""
    return (HEAD + "<PubmedArticleSet>" + "".join(parts) + "</PubmedArticleSet>").encode()


def stream(*parts):
    """A whole document as a stream."""
    return io.BytesIO(document(*parts))


def zipped(path, *parts):
    """A whole document as a .xml.gz file."""
    path.write_bytes(gzip.compress(document(*parts)))
    return path
