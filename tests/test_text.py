import pytest

from lscbook.text import split_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["It rose (P < .001).", "Then it fell."],
        ["So did Smith et al. in 2010, e.g. i.v. in mice, as others saw.", "The rest did not."],
        ["These were CD34+CD38-.", "The others were CD34−."],
        ["It was n = 11.", "Ten of 0.5×10⁹/L died at St. Jude Hospital."],
        ["The LVEF was <50%.", "It rose by ≥5%.", "Others had >60%."],  # "<…>" is no quotation
        ["Graft vs. host disease was seen.", "E. coli grew."],
        ["We saw α, β and γ₂.", "Ångström's rule held 🙂.", "So it ends."],  # spans are characters, not bytes
    ],
)
def test_sentences_of_biomedical_prose(sentences):
    text = " ".join(sentences)
    assert [text[a:b] for a, b in split_sentences(text)] == sentences


def test_a_sentence_that_follows_without_a_space_is_one_of_its_own():
    text = "It was so (p = 0.05).Conclusions were drawn."
    assert [text[a:b] for a, b in split_sentences(text)] == ["It was so (p = 0.05).", "Conclusions were drawn."]


def test_sections_stay_apart_and_no_letter_is_lost():
    text = "First part. And on\nSecond part.\n\n  \nThird"
    spans = split_sentences(text)
    assert [text[a:b] for a, b in spans] == ["First part.", "And on", "Second part.", "Third"]
    assert split_sentences("") == split_sentences(" \n ") == []
