import copy
import csv
import gzip
import html
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import fields

import pytest
from lxml import etree

from lscbook import paths
from lscbook.corpus import store
from lscbook.errors import PubMedMalformed
from lscbook.pubmed.parse import Deletion, parse_path, parse_stream
from lscbook.pubmed.record import Record
from tests.records import HEAD, article, document, stream, zipped


def one(**parts):
    return next(iter(parse_stream(stream(article(**parts)))))


def test_markup_is_dropped_and_neighbours_stay_apart():
    record = one(title="Role of <i>TP53</i> in\n   <b>CD34<sup>+</sup></b> cells, 10<sup>6</sup> and H<sub>2</sub>O")
    assert record.title == "Role of TP53 in CD34⁺ cells, 10⁶ and H₂O"


def test_escaped_markup_stays_text_and_character_references_are_read():
    assert one(title="a &lt;b&gt; c &amp;#945;").title == "a <b> c α"


def test_empty_title_takes_the_vernacular():
    record = one(title="", article_inner="<VernacularTitle>Titre en français.</VernacularTitle>")
    assert record.title == "Titre en français."


def test_structured_abstract_is_one_section_a_line():
    text = "<Abstract><AbstractText Label='A'>First part.</AbstractText><AbstractText>Second.</AbstractText></Abstract>"
    assert one(article_inner=text).text == "First part.\nSecond."


def test_abstract_in_another_language_is_not_the_abstract():
    other = "<OtherAbstract Language='spa'><AbstractText>Hola.</AbstractText></OtherAbstract>"
    assert one(inner=other).text == ""


def test_authors_people_groups_and_the_invalid():
    people = ("<AuthorList CompleteYN='N'><Author ValidYN='Y'><LastName>Ødegaard</LastName><Initials>A</Initials></Author>"
              "<Author><CollectiveName>A Group</CollectiveName></Author><Author ValidYN='N'><LastName>Wrong</LastName></Author>"
              "</AuthorList>")  # fmt: skip
    record = one(article_inner=people)
    assert [a.name for a in record.authors] == ["Ødegaard A", "A Group"]
    assert not record.authors_complete


@pytest.mark.parametrize(
    ("xml", "date"),
    [
        ("<Year>2014</Year><Month>Feb</Month><Day>3</Day>", "2014-02-03"),
        ("<Year>2014</Year><Month>11</Month>", "2014-11"),
        ("<Year>2014</Year><Season>Winter</Season>", "2014"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998"),
        ("<MedlineDate>Winter 2001</MedlineDate>", "2001"),
        ("", ""),
    ],
)
def test_dates(xml, date):
    assert one(date=xml).date == date


def test_doi_of_the_paper_and_not_of_its_references():
    reference = ("<ReferenceList><Reference><ArticleIdList><ArticleId IdType='doi'>10.1000/other</ArticleId></ArticleIdList>"
                 "</Reference></ReferenceList>")  # fmt: skip
    own = "<ArticleIdList><ArticleId IdType='doi'>10.1000/OWN&lt;1&gt;</ArticleId></ArticleIdList>"
    assert one(pubmed=reference + own).doi == "10.1000/own<1>"
    assert one(pubmed=reference).doi == ""


def test_invalid_doi_is_passed_over():
    two = ("<ELocationID EIdType='doi' ValidYN='N'>10.1/bad</ELocationID>"
           "<ELocationID EIdType='doi' ValidYN='Y'>10.1/good</ELocationID>")  # fmt: skip
    assert one(article_inner=two).doi == "10.1/good"


def test_notices_with_and_without_pmid():
    notices = ("<CommentsCorrectionsList><CommentsCorrections RefType='RetractionIn'><RefSource>J. 2015</RefSource><PMID>9</PMID>"
               "</CommentsCorrections><CommentsCorrections RefType='ErratumIn'><RefSource>J. 2016</RefSource>"
               "</CommentsCorrections><CommentsCorrections RefType='Cites'><PMID>8</PMID></CommentsCorrections>"
               "</CommentsCorrectionsList>")  # fmt: skip
    assert [(n.type, n.pmid) for n in one(inner=notices).standing] == [("RetractionIn", "9"), ("ErratumIn", "")]


def test_placeholders_of_list_records_are_not_stored():
    record = one(
        owner="NOTNLM",
        article_inner="<PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList>",
    )
    assert (record.origin, record.language, record.types, record.revised) == ("list", "", (), "")


def test_deletions_and_books():
    deleted = "<DeleteCitation><PMID>5</PMID><PMID>6</PMID></DeleteCitation>"
    book = ("<PubmedBookArticle><BookDocument><PMID>7</PMID><ArticleIdList/><Book><BookTitle>Reviews</BookTitle>"
            "<PubDate><Year>1993</Year></PubDate></Book><ArticleTitle>Chapter</ArticleTitle></BookDocument></PubmedBookArticle>")  # fmt: skip
    found = list(parse_stream(stream(article(), book, deleted)))
    assert [getattr(r, "book", None) for r in found] == [False, True, None, None]
    assert found[2:] == [Deletion("5"), Deletion("6")]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not whole XML"),
        (b"<html><body>Error 500</body></html>", "<html>, not PubmedArticleSet"),
        (b"<eFetchResult><ERROR>ID list is empty</ERROR></eFetchResult>", "not PubmedArticleSet"),
        (b"API rate limit exceeded", "not whole XML"),
        (document(article())[:-30], "not whole XML"),
        ((HEAD + "<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>").encode(), "without MedlineCitation"),
    ],
)
def test_anything_else_is_malformed(body, message):
    with pytest.raises(PubMedMalformed, match=message):
        list(parse_stream(io.BytesIO(body)))


def test_truncated_gzip_is_malformed(tmp_path):
    whole = zipped(tmp_path / "a.xml.gz", article())
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(PubMedMalformed, match=r"a\.xml\.gz"):
        list(parse_path(whole))


def test_every_real_record_is_read(shared):
    for path in sorted((shared / "pubmed" / "xml").glob("*.xml.gz")):
        expected = gzip.open(path).read().count(b"</PubmedArticle>")
        records = [r for r in parse_path(path) if not isinstance(r, Deletion) and not r.book]
        assert len(records) == expected, path.name
        assert all(r.pmid.isdigit() for r in records)


def test_real_deletions(shared):
    found = list(parse_path(shared / "pubmed" / "xml" / "delete_citation_pubmed21n1298.xml"))
    assert len(found) == 20
    assert all(isinstance(d, Deletion) for d in found)


@pytest.fixture(scope="module")
def real(shared):
    found = {}
    for path in sorted((shared / "pubmed" / "xml").glob("*.xml.gz")):
        for record in parse_path(path):
            if not isinstance(record, Deletion):
                found.setdefault(record.pmid, record)
    return found


@pytest.fixture(scope="module")
def cases(shared):
    with (shared / "pubmed" / "xml_edge_cases.tsv").open(encoding="utf-8") as stream_:
        rows = list(csv.DictReader(stream_, delimiter="\t"))
    grouped = {}
    for row in rows:
        grouped.setdefault(row["edge_case"], []).append(row["pmid"])
    return grouped


@pytest.mark.parametrize(
    ("case", "holds"),
    [
        ("collective_name", lambda r: any(a.collective for a in r.authors)),
        ("author_list_incomplete", lambda r: not r.authors_complete),
        ("corr_RetractionIn", lambda r: any(n.type == "RetractionIn" for n in r.standing)),
        ("corr_ErratumIn", lambda r: any(n.type == "ErratumIn" for n in r.standing)),
        ("corr_ExpressionOfConcernIn", lambda r: any(n.type == "ExpressionOfConcernIn" for n in r.standing)),
        ("corr_UpdateIn", lambda r: any(n.type == "UpdateIn" for n in r.standing)),
        ("medline_date", lambda r: r.year.isdigit()),
        ("no_authors", lambda r: r.authors == ()),
        ("no_abstract", lambda r: r.text == ""),
        ("empty_abstract_element", lambda r: r.text == ""),
        ("structured_abstract", lambda r: bool(r.text)),
        ("book_article", lambda r: r.book),
    ],
)
def test_real_edge_cases(case, holds, real, cases):
    pmids = [p for p in cases.get(case, ()) if p in real]
    if not pmids:
        pytest.skip(f"no real record at hand for {case}")
    assert [p for p in pmids if not holds(real[p])] == []


ODD = paths.ROOT / "tests" / "odd_xml"


def only(name):
    (record,) = parse_path(ODD / f"{name}.xml")
    return record


def test_powers_of_mathml_stay_powers():
    assert only("mathml").title == "Leukaemia, dose of 10⁶ cells"
    m = 'xmlns:m="http://www.w3.org/1998/Math/MathML"'
    for inner, shown in (
        ("<m:msup><m:mn>10</m:mn><m:mrow><m:mo>-</m:mo><m:mn>4</m:mn></m:mrow></m:msup>", "10⁻⁴"),
        ("<m:msub><m:mi>IC</m:mi><m:mn>50</m:mn></m:msub>", "IC₅₀"),
        ("<m:mfrac><m:mn>1</m:mn><m:mn>3</m:mn></m:mfrac>", "1/3"),
        ("<m:msup><m:mn>2</m:mn><m:mi>k</m:mi></m:msup>", "2^k"),
        ("<m:msubsup><m:mi>NO</m:mi><m:mn>2</m:mn><m:mo>-</m:mo></m:msubsup>", "NO₂⁻"),
        ("<m:msubsup>\n <m:mi>T</m:mi>\n <m:mn>2</m:mn>\n <m:mo>∗</m:mo></m:msubsup>", "T₂^∗"),
        ("<m:msup><m:mi/><m:mrow><m:mn>2</m:mn><m:mo>+</m:mo></m:mrow></m:msup>", "²⁺"),
        ("<m:mfrac><m:mrow><m:mi>a</m:mi><m:mo>+</m:mo><m:mi>b</m:mi></m:mrow><m:mn>2</m:mn></m:mfrac>", "(a+b)/2"),
        ("<m:msqrt><m:mn>3</m:mn></m:msqrt>", "√3"),
        ("<m:mroot><m:mi>x</m:mi><m:mn>3</m:mn></m:mroot>", "³√x"),
        ("<m:mfenced><m:mi>x</m:mi><m:mi>y</m:mi></m:mfenced>", "(x, y)"),
        ("<m:mn>1.5</m:mn><m:mspace/><m:mi>s</m:mi>", "1.5 s"),
        ("<m:semantics><m:mn>5</m:mn><m:annotation>\\mathrm{5}</m:annotation></m:semantics>", "5"),
        ("<m:msup><m:mn>10</m:mn></m:msup>", "10"),
    ):
        assert one(title=f"A <m:math {m}>{inner}</m:math> b").title == f"A {shown} b"


@pytest.mark.parametrize(
    ("inner", "shown"),
    [("10<sup>- 4</sup>", "10⁻⁴"), ("10<sup>– 6</sup> cells", "10⁻⁶ cells"), ("10<sup> 6 </sup>cells", "10⁶ cells"),
     ("CD34<sup>–</sup>CD38<sup>−</sup>", "CD34⁻CD38⁻"), ("10<sup>5.3</sup>", "10^5.3"), ("24<sup>6/7</sup> weeks", "24^6/7 weeks"),
     ("2<sup>-ΔΔCt</sup>", "2^-ΔΔCt"), ("Eu<sup>3+ 5</sup>D", "Eu³⁺ ⁵D"), ("(R<sup>2 = </sup>0.9)", "(R² = 0.9)"),
     ("mg g<sup>- 1)</sup>, x", "mg g⁻¹), x"), ("Flt3<sup>ITD/+</sup>", "Flt3ITD/+"), ("Tet2<sup>-/-</sup> mice", "Tet2-/- mice"),
     ("the 7<sup>th</sup> day", "the 7th day"), ("<sup>99m</sup>Tc", "99mTc")],
)  # fmt: skip
def test_what_is_raised_is_never_read_as_another_number(inner, shown):
    assert one(title=inner).title == shown


def test_a_title_that_pubmed_lacks_is_that_of_the_papers_own_language():
    assert only("not_available").title == "Leucemie aigue: cellules souches."


def test_ids_are_bare():
    assert only("pmc_version").pmcid == "PMC2762775"
    assert only("doi_prefix").doi == "10.1000/xyz"


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [("doi", "doi:10.1000/XYZ", "10.1000/xyz"), ("doi", "http://dx.doi.org/10.1000%2Fxyz", "10.1000/xyz"),
     ("doi", "doi.org/10.1000/a%b", "10.1000/a%b"), ("doi", "S0022-5347(17)1", ""), ("doi", "10.1000/a b", ""), ("doi", "../x", ""),
     ("pmc", "pmc2762775", "PMC2762775"), ("pmc", "NIHMS12", ""), ("pmc", "PMC٣", "")],
)  # fmt: skip
def test_an_id_that_is_none_is_not_kept(kind, text, kept):
    record = one(pubmed=f"<ArticleIdList><ArticleId IdType='{kind}'>{text}</ArticleId></ArticleIdList>")
    assert {"doi": record.doi, "pmc": record.pmcid}[kind] == kept


def test_people_keep_suffix_and_one_name_and_get_their_initials():
    assert [a.name for a in only("people").authors] == ["Doe A Jr", "Only", "Solo WM"]
    assert only("people").authors_complete


def test_an_author_without_any_name_makes_the_list_incomplete():
    record = one(article_inner='<AuthorList CompleteYN="Y"><Author><LastName>Doe</LastName></Author><Author/></AuthorList>')
    assert [a.name for a in record.authors] == ["Doe"]
    assert not record.authors_complete


def authors(*people, complete="Y"):
    inner = "".join(f"<Author>{names}</Author>" for names in people)
    return f'<AuthorList CompleteYN="{complete}">{inner}</AuthorList>'


def test_a_person_of_one_name_has_no_initials_of_it():
    record = one(article_inner=authors("<ForeName>Wei Ming</ForeName><Initials>WM</Initials>", "<LastName>Wu</LastName><ForeName>De</ForeName>"))
    assert [a.name for a in record.authors] == ["Wei Ming", "Wu D"]


@pytest.mark.parametrize(("number", "whole"), [(0, False), (1, False), (2, True), (5, True), (6, False), (7, True)])
def test_a_list_may_have_stopped_at_one_author_or_at_six(number, whole):
    """Public lists name the first author, or six; PubMed itself says when it stops."""
    people = authors(*["<LastName>Doe</LastName>"] * number)
    assert one(owner="NOTNLM", article_inner=people).authors_complete is whole
    assert one(owner="NLM", article_inner=people).authors_complete is True
    assert one(owner="NOTNLM").authors_complete is False


@pytest.mark.parametrize("name", ["year_bricks_the_corpus", "year_leaves_the_folder"])
def test_a_year_that_is_none_is_no_year(name):
    assert only(name).date == ""


@pytest.mark.parametrize(
    ("date", "read"),
    [("<Year>2014</Year><Month>²</Month>", "2014"), ("<Year>2014</Year><Month>Feb</Month><Day>³</Day>", "2014-02"),
     ("<Year>2014</Year><Month>13</Month>", "2014"), ("<Year>2014</Year><Month>2</Month><Day>99</Day>", "2014-02"),
     ("<Year>٢٠١٤</Year>", ""), ("<Year>0</Year>", ""), ("<Year>20144</Year>", ""), ("<MedlineDate>Spring 1998</MedlineDate>", "1998")],
)  # fmt: skip
def test_odd_dates_give_what_is_sure(date, read):
    assert one(date=date).date == read


@pytest.mark.parametrize(("version", "read"), [("2", 2), ("1.0", 1), ("", 1), ("new", 1), ("³", 1)])
def test_odd_versions_give_a_number(version, read):
    assert one(version=version).version == read


def test_volume_issue_and_pages_are_kept():
    xml = document(article()).decode().replace("<PubDate>", "<Volume>25</Volume><Issue>3</Issue><PubDate>")
    xml = xml.replace("<Language>", "<Pagination><StartPage>379</StartPage><EndPage>92</EndPage><MedlinePgn>379-92</MedlinePgn></Pagination><Language>")  # fmt: skip
    (record,) = parse_stream(io.BytesIO(xml.encode()))
    assert (record.volume, record.issue, record.pages) == ("25", "3", "379-92")
    (record,) = parse_stream(io.BytesIO(xml.replace("<MedlinePgn>379-92</MedlinePgn>", "").encode()))
    assert record.pages == "379-92"


def test_a_record_that_cannot_be_read_is_named_and_the_others_are_kept():
    with pytest.raises(PubMedMalformed, match="PMID 9: a PubmedArticle without"):
        list(parse_path(ODD / "one_bad_of_four.xml"))
    told = []
    found = list(parse_path(ODD / "one_bad_of_four.xml", lambda pmid, why: told.append(pmid)))
    assert [r.pmid for r in found] == ["1", "2", "3"]
    assert told == ["9"]


@pytest.mark.parametrize("pmid", ["", "0", "x", "1 2", "-1", "1" * 10, "²"])
def test_a_pmid_that_is_none_is_a_typed_error(pmid):
    with pytest.raises(PubMedMalformed, match="PMID"):
        one(pmid=pmid)


def test_a_broken_document_is_a_typed_error():
    with pytest.raises(PubMedMalformed, match="cdata_end"):
        list(parse_path(ODD / "cdata_end.xml"))


ODD_VALUES = ["", " ", "../x", "a/b", "²", "٣", "-1", "9" * 400, "\u202egnp", "&#38;#0;", "<i>x</i>", "<b/>", "Not Available", "\ud7ff\U0010ffff"]


def everything():
    return etree.fromstring((ODD / "full.xml").read_bytes())


def spots():
    """Each element and each attribute of a record in which every field is set."""
    for number, element in enumerate(everything().iter()):
        if number:
            yield from ((number, None), *((number, name) for name in element.attrib))


def kept(root):
    """What is kept of a changed document: written to a shard of the folder and read again as it was."""
    try:
        records = list(parse_stream(io.BytesIO(etree.tostring(root))))
    except PubMedMalformed:
        return []
    for name, text in store.shards(records).items():
        assert re.fullmatch(r"([0-9]{4}|undated|pmid-pending)\.jsonl", name)
        assert [Record.from_json(json.loads(line)).as_json() for line in text.splitlines()] == [r.as_json() for r in records]
    return records


def test_a_record_in_which_every_field_is_set():
    (record,) = kept(everything())
    empty = {name for name, value in vars_of(record).items() if not value}
    assert empty == {"abstract", "concepts", "book"}  # what others fill in, and what a paper is not


def vars_of(record):
    return {field.name: getattr(record, field.name) for field in fields(record)}


@pytest.mark.parametrize("spot", list(spots()), ids=lambda spot: f"{spot[0]}{spot[1] or ''}")
def test_any_value_in_any_field_is_kept_or_a_typed_error(spot):
    number, attribute = spot
    for odd in ODD_VALUES:
        root = everything()
        element = list(root.iter())[number]
        if attribute:
            element.set(attribute, html.unescape(odd))
        else:
            inner = etree.fromstring(f"<x>{odd}</x>")
            element[:], element.text = list(inner), inner.text
        kept(root)
    for change in ("gone", "twice"):
        root = everything()
        element = list(root.iter())[number]
        if change == "gone":
            element.getparent().remove(element)
        else:
            element.addnext(copy.deepcopy(element))
        kept(root)


def test_a_paper_without_a_title_can_be_read_again():
    assert Record.from_json(one(title="").as_json()).title == ""


def test_deep_markup_is_read():
    assert one(title="<i>" * 200 + "x" + "</i>" * 200).title == "x"


def test_a_deletion_that_names_no_pmid_deletes_nothing():
    assert list(parse_stream(stream("<DeleteCitation><PMID> </PMID><PMID>x</PMID><PMID>5</PMID></DeleteCitation>"))) == [Deletion("5")]


def test_a_year_is_four_digits_wherever_the_record_came_from():
    assert [Record("1", "", date=date).year for date in ("2014-02", "../x", "a/b", "٢٠١٤", "20", "")] == ["2014", "", "", "", "", ""]


class Drip(io.BytesIO):
    """A stream that gives so many bytes at a time, whatever is asked for."""

    step = 1

    def read(self, size=-1):
        return super().read(self.step)


@pytest.mark.parametrize("step", [1, 7, 1000, 131_072])
def test_records_are_the_same_wherever_the_stream_is_cut(step):
    many = [article(str(n), title=f"Title {n} " + "x" * n) for n in range(1, 60)]
    drip = Drip(document(*many, "<DeleteCitation><PMID>5</PMID></DeleteCitation>"))
    drip.step = step
    found = list(parse_stream(drip))
    assert [r.pmid for r in found] == [*map(str, range(1, 60)), "5"]
    assert [r.title for r in found[:-1]] == [f"Title {n} " + "x" * n for n in range(1, 60)]


def test_one_article_may_be_the_whole_document():
    assert [r.pmid for r in parse_stream(io.BytesIO((HEAD + article("3")).encode()))] == ["3"]


def test_records_before_a_break_do_not_hide_it():
    told = []
    with pytest.raises(PubMedMalformed, match="not whole XML"):
        list(parse_stream(io.BytesIO(document(article("1"), article("2"))[:-40]), lambda *what: told.append(what)))
    assert told == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name is of POSIX")
@pytest.mark.parametrize("declared", ["<!ENTITY % p SYSTEM 'file://{}'> %p;", "<!ENTITY x SYSTEM 'file://{}'>"])
def test_no_file_that_a_document_names_is_opened(tmp_path, declared):
    """Who opens a pipe that nobody writes to waits for ever."""
    os.mkfifo(tmp_path / "pipe")
    xml = f"<!DOCTYPE PubmedArticleSet [{declared.format(tmp_path / 'pipe')}]><PubmedArticleSet>{article(title='a &x; b')}</PubmedArticleSet>"
    (tmp_path / "a.xml").write_text(xml)
    script = "import sys; from pathlib import Path; from lscbook.pubmed.parse import parse_path; print(len(list(parse_path(Path(sys.argv[1])))))"
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "a.xml"], cwd=paths.ROOT, capture_output=True, text=True,
                          check=False, timeout=30)  # fmt: skip
    assert done.stdout.strip() == "1", done.stderr
