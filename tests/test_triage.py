"""Triage: stopping held against sums by hand, the order and its replay on made-up papers, and the frozen benchmark."""

import hashlib
import json
import random
import re
from dataclasses import replace
from datetime import date
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lscbook import corpus, paths, screening
from lscbook.corpus import Corpus
from lscbook.errors import NotEstimable
from lscbook.evidence import store
from lscbook.pubmed.record import Record
from lscbook.screening import Decision, benchmark, labels, queue, stopping
from lscbook.site import help_read
from lscbook.site.opened import Site

pytest.importorskip("sklearn", reason="scikit-learn is missing; it is in requirements-dev.txt")

from lscbook.screening import replays, simulation
from lscbook.screening.features import Features, Reader
from lscbook.screening.ordering import Ranker, Themer
from lscbook.screening.triage import Triage
from scripts import triage

# the frozen labels; a new digest here is a new benchmark, under another name
FROZEN = "222a0c4a70a4c21f117a9c88ecaf043a248f9f1c94f54e49337f60737b87498c"


def cdf(found, total, relevant, drawn):
    """P(X <= found), from the definition of the hypergeometric distribution."""
    ways = sum(comb(relevant, k) * comb(total - relevant, drawn - k) for k in range(found + 1) if drawn - k >= 0)
    return ways / comb(total, drawn)


class TestStopping:
    def test_one_sample_by_hand(self):
        # 3 of 50 drawn from 100: the most unread that a chance of 5 in 100 still bears
        bearable = [u for u in range(51) if cdf(3, 100, 3 + u, 50) >= 0.05]
        assert stopping.unordered(3, 50, 100) == max(bearable)

    def test_windows_by_hand(self):
        # 6 relevant first, then 24 that are not; 60 in all: recall 95 % is missed from 1 more on
        found = [True] * 6 + [False] * 24
        by_hand = min(cdf(sum(found[i:]), 60 - i, 1 + sum(found[i:]), 30 - i) for i in range(30))
        assert stopping.missed(found, 60) == pytest.approx(by_hand)
        # without the 6 the window is 24 papers of 54, one relevant among the 30 that are left
        assert by_hand == pytest.approx(30 / 54)

    def test_twenty_of_which_nineteen_are_enough(self):
        """19 of 20 are 95 %: the aim is missed from a second unread paper on, not from the first."""
        found = [True] * 19 + [False] * 81
        assert stopping.missed(found, 120) == pytest.approx(
            min(cdf(sum(found[i:]), 120 - i, 2 + sum(found[i:]), 100 - i) for i in range(100))
        )

    def test_all_read_leaves_nothing(self):
        assert stopping.unread_at_most([True, False] * 10, 20) == 0
        assert stopping.missed([True, False] * 10, 20) == 0
        assert stopping.unordered(10, 20, 20) == 0

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.booleans(), min_size=20, max_size=60), st.integers(0, 60))
    def test_reading_one_more_that_is_irrelevant_never_raises_the_bound(self, found, more):
        total = len(found) + more + 1
        before = stopping.unread_at_most(found, total)
        assert stopping.unread_at_most([*found, False], total) <= before
        assert stopping.unread_at_most(found, total, 0.8) <= before  # less sure, so less is feared
        assert 0 <= before <= total - len(found)

    def test_the_bound_holds_as_often_as_it_says(self):
        """Papers read in no order: the worst case that the test allows for. Seeded; 300 screenings."""
        chance, held = random.Random(3), 0
        for _ in range(300):
            papers = [True] * 20 + [False] * 180
            chance.shuffle(papers)
            held += sum(papers[100:]) <= stopping.unordered(sum(papers[:100]), 100, 200)
        assert held >= 0.92 * 300  # 95 in 100, less what 300 draws may miss by chance

    @pytest.mark.parametrize(
        ("found", "total", "says"),
        [
            ([True] * 19, 100, "below 20"),
            ([True] * 30, 29, "cannot be"),
            ([2] * 30, 60, "yes or no"),
        ],
    )
    def test_it_refuses(self, found, total, says):
        for ask in (stopping.missed, stopping.unread_at_most):
            with pytest.raises(NotEstimable, match=says):
                ask(found, total)
        with pytest.raises(NotEstimable):
            stopping.unordered(5, 4, 100)
        with pytest.raises(NotEstimable):
            stopping.missed([True] * 30, 60, recall=0)
        with pytest.raises(NotEstimable):
            stopping.unread_at_most([True] * 30, 60, confidence=1)


def made(number, seed=0):
    """Papers of two kinds, told apart by a word of twelve, and by nothing else."""
    chance = random.Random(seed)
    papers, included = [], []
    for _ in range(number):
        is_in = chance.random() < 0.3
        words = [chance.choice("cell blast marrow cohort study patient assay".split()) for _ in range(11)]
        words.append("engraftment" if is_in else "transfusion")
        chance.shuffle(words)
        papers.append(Features(" ".join(words), {"found by our query": 0.3} if chance.random() < 0.5 else {}))
        included.append(is_in)
    return papers, included


def study(number=80, seed=1):
    papers, included = made(number, seed)
    return simulation.Papers(
        tuple(map(str, range(number))), np.asarray(included), tuple(p.words for p in papers), tuple(papers),
        np.zeros(number),
    )  # fmt: skip


class TestOrder:
    def test_it_finds_the_word_that_decides(self):
        papers, included = made(80)
        ranker = Ranker.fit(papers, included)
        later, were_in = made(40, seed=5)
        chances = ranker.probabilities(later)
        assert chances[np.asarray(were_in)].min() > chances[~np.asarray(were_in)].max()
        assert ranker.reasons([Features("engraftment of the cell", {})])[0][0] == "+ engraftment"
        assert ranker.reasons([Features("transfusion of the cell", {})])[0][0] == "− transfusion"
        assert {len(told) for told in ranker.reasons(later)} == {5}

    def test_no_reason_is_a_stop_word_alone(self):
        ranker = Ranker.fit(*made(60))
        assert ranker.reasons([Features("of the and", {})]) == [()]

    def test_reasons_are_the_score(self):
        """A reason is what the score loses without it: nothing is told beside the model."""
        ranker = Ranker.fit(*made(80))
        bare = ranker.probabilities([Features("", {}), Features("", {"found by our query": 0.3})])
        sign = ranker.reasons([Features("", {"found by our query": 0.3})])[0][0][0]
        assert (bare[1] > bare[0]) == (sign == "+")

    def test_the_same_labels_give_the_same_chances(self):
        papers, included = made(60)
        one, other = (Ranker.fit(papers, included).probabilities(papers) for _ in range(2))
        assert (one == other).all()

    def test_a_paper_among_others_has_the_chance_that_it_has_alone(self):
        papers, included = made(60)
        ranker = Ranker.fit(papers, included)
        assert ranker.probabilities(papers)[7] == pytest.approx(ranker.probabilities([papers[7]])[0])

    def test_chances_follow_the_typical_papers(self):
        """Papers that were looked up are all in; they must not make every other paper likely."""
        papers, included = made(80)
        extra = [Features("engraftment cell blast", {})] * 60
        every = Ranker.fit([*papers, *extra], [*included, *[True] * 60])
        typical = Ranker.fit([*papers, *extra], [*included, *[True] * 60], [True] * 80 + [False] * 60)
        later, _ = made(40, seed=9)
        assert typical.probabilities(later).mean() < every.probabilities(later).mean()

    def test_it_refuses_to_learn_from_few(self):
        papers, _ = made(30)
        with pytest.raises(NotEstimable, match="9 papers were judged in"):
            Ranker.fit(papers, [True] * 9 + [False] * 21)
        with pytest.raises(NotEstimable, match="0 papers were judged out"):
            Ranker.fit(papers, [True] * 30)
        with pytest.raises(NotEstimable, match="two chapters"):
            Themer.fit(papers, ["target"] * 30)


class TestReplay:
    def test_work_saved_by_hand(self):
        # 20 relevant, 19 to be found: read 10 + 19 of 100
        found = [False] * 10 + [True] * 20 + [False] * 70
        assert simulation.wss(found) == pytest.approx(0.71 - 0.05)
        assert simulation.best(np.asarray(found)) == pytest.approx(0.81 - 0.05)
        with pytest.raises(NotEstimable):
            simulation.wss([False] * 5)

    @pytest.mark.parametrize("name", sorted(simulation.CONTENDERS))
    def test_each_contender_reads_each_paper_once(self, name):
        papers = study()
        split = simulation.Split("", np.arange(40), np.arange(40, 80))
        order = simulation.CONTENDERS[name](papers, split, 0)
        assert sorted(order) == list(range(40, 80))

    def test_models_find_what_a_word_decides_and_chance_does_not(self):
        papers = study()
        split = simulation.Split("", np.arange(40), np.arange(40, 80))
        best = simulation.best(papers.included[split.pool])
        for name in ("ELAS u4, rebuilt", "ours, learning as it goes", "ours, learned once"):
            assert simulation.measured(papers, split, simulation.CONTENDERS[name], 0).whole == pytest.approx(best), name
        assert simulation.measured(papers, split, simulation.chance, 20).halves.mean() < best / 2

    def test_nothing_of_the_future_is_known(self):
        """Labels of the pool change no score before their paper was read: the first paper asked for stays."""
        papers = study(60)
        split = simulation.Split("", np.arange(40), np.arange(40, 60))
        turned = replace(papers, included=np.concatenate([papers.included[:40], ~papers.included[40:]]))
        for contender in (simulation.ours, simulation.elas_u4):
            assert contender(papers, split, 0)[0] == contender(turned, split, 0)[0]
        assert simulation.ours_once(papers, split, 0) == simulation.ours_once(turned, split, 0)

    def test_prior_papers_are_older(self):
        years = [2019] * 20 + [2021] * 30 + [2023] * 10
        split = simulation.temporal("", years, 2021, 2022, np.ones(60, dtype=bool))
        assert (split.prior.tolist(), split.pool.tolist()) == (list(range(20)), list(range(20, 50)))
        with pytest.raises(NotEstimable, match="too few"):
            simulation.temporal("", years, 2023, 2023, np.ones(60, dtype=bool))

    def test_halves_are_paired_and_of_the_pool(self):
        split = simulation.Split("", np.arange(40), np.arange(40, 80))
        halves = [split.half(seed).pool.tolist() for seed in range(5)]
        assert all(len(half) == 20 and set(half) < set(range(40, 80)) for half in halves)
        assert split.half(3).pool.tolist() == halves[3] != halves[2]

    def test_it_refuses_a_pool_with_few_to_find(self):
        papers = replace(study(), included=np.asarray([True] * 5 + [False] * 75))
        with pytest.raises(NotEstimable, match="too few"):
            simulation.measured(papers, simulation.Split("", np.arange(40, 80), np.arange(40)), simulation.ours_once, 0)

    @pytest.mark.slow
    def test_the_report_has_every_contender_and_an_answer_of_asreview(self):
        """The tables from made-up papers of three spans of years, with a double of ASReview that reverses the pool."""
        papers, included = made(400, seed=2)
        years = [2019 + n * 8 // 400 for n in range(400)]
        rows = [
            benchmark.Row(str(n + 1), "", papers[n].words, str(years[n]), "include" if included[n] else "exclude", "",
                          "2026-11-26", labels.SCREENED, "abstract", "pubmed")
            for n in range(400)
        ]  # fmt: skip
        records = {row.pmid: Record(row.pmid, row.title, date=row.year) for row in rows}
        known = replays.Study.of(rows, records, {row.pmid: row.title for row in rows}, Reader.open())

        def asreview(given):
            json.dumps(given)  # it goes through a pipe
            return {"version": "0", "model": "double", "orders": [s["pool"][::-1] for s in given["splits"]]}

        told = "\n".join(replays.report(known, 1, asreview))
        for name in (*simulation.CONTENDERS, "ASReview 0, double", "Brier score", "Mean over"):
            assert name in told
        with pytest.raises(NotEstimable, match="no abstract"):
            replays.Study.of(rows, records, {}, Reader.open())


class TestReading:
    def record(self, title, text="", **more):
        return Record("1", title, text=text, **more)

    def test_the_lack_of_an_abstract_is_no_feature(self):
        reader = Reader.open()
        names = set(reader.features(self.record("Venetoclax in acute myeloid leukaemia")).terms)
        assert names >= {"title names venetoclax", "title names AML"}
        assert not any("abstract" in name or "origin" in name for name in names)

    def test_a_review_is_told_by_its_words_and_type(self):
        reader = Reader.open()
        found = reader.features(self.record("Stem cells", "In this review we discuss.", types=("Review",))).terms
        assert found["worded as a review"] > 0 < found["type Review"]
        assert "worded as a review" not in reader.features(self.record("Stem cells", "We show.")).terms

    def test_where_a_record_came_from_is_not_read(self):
        reader = Reader.open()
        record = self.record("Leukaemia stem cells persist", "Relapse.")
        other = replace(record, origin="list", journal="Blood", doi="10.1/x", abstract={"characters": 9})
        assert reader.features(record) == reader.features(other)

    def test_without_abstracts_titles_are_learned_from(self):
        papers, included = made(80)
        records = {str(n + 1): Record(str(n + 1), p.words) for n, p in enumerate(papers)}
        judged = [labels.Label(key, is_in, "", "2026-11-26", labels.SCREENED)
                  for key, is_in in zip(records, included, strict=True)]  # fmt: skip
        themes = {key: ("target", "resistance")[n % 2] for n, key in enumerate(records)}
        learned = Triage.learn(Reader.open(), judged, records, {}, themes)
        assert learned.whole is None
        rows = learned.rank([Record("901", "transfusion of cells"), Record("900", "engraftment of cells")])
        assert [row.pmid for row in rows] == ["900", "901"]
        whole = Triage.learn(Reader.open(), judged, records, {key: r.title for key, r in records.items()}, themes)
        assert whole.whole is not None


class TestLabels:
    CORPUS = Corpus({key: Record(key, "A title") for key in "123456"}, {})
    ROWS = (
        Decision("1", "include", "answers a theme", "2026-11-24", ""),
        Decision("2", "exclude", "other disease", "2026-11-24", "title only"),
        Decision("3", "exclude", "abstract not to be had", "2026-11-24", "title only"),
        Decision("4", "exclude", "other disease", "2026-11-24", ""),
        Decision("9", "include", "answers a theme", "2026-11-24", ""),
    )

    def test_what_is_judged_and_what_waits(self):
        found = {label.key: label for label in labels.gather(self.CORPUS, self.ROWS, {"4": "d", "5": "d"})}
        assert {key: (f.included, f.way, f.view) for key, f in found.items()} == {
            "1": (True, "screened", "abstract"),
            "2": (False, "screened", "title"),
            "4": (True, "screened", "abstract"),  # an entry stands, whatever was judged before
            "5": (True, "looked up", "abstract"),
        }
        waiting = labels.unread(self.CORPUS, self.ROWS, {"4": "d", "5": "d"})
        assert waiting == {"1": "answers a theme", "3": "abstract not to be had", "6": ""}

    def test_the_backlog_puts_the_likeliest_first_and_the_unranked_last(self):
        ranked = [queue.Ranked("6", "0.700", "target", ""), queue.Ranked("1", "0.900", "target", ""),
                  queue.Ranked("2", "0.990", "target", "")]  # fmt: skip
        left = queue.backlog(self.CORPUS, self.ROWS, {"5": "d"}, ranked)
        assert [w.record.key for w in left.waiting] == ["1", "6", "3"]
        assert (left.read, left.found) == (2, 1)
        assert left.expected == pytest.approx(1.6)


class TestBenchmark:
    def test_it_never_changes(self):
        assert hashlib.sha256(benchmark.BENCHMARK_FILE.read_bytes()).hexdigest() == FROZEN
        assert FROZEN in (paths.SCREENING / "README.md").read_text("utf-8")

    def test_it_is_what_was_decided_unless_somebody_decided_anew(self):
        rows = benchmark.read()
        frozen = max(row.date for row in rows)
        date.fromisoformat(frozen)
        later = {d.pmid for d in screening.read() if d.date > frozen}
        now = {x.key: x for x in labels.gather(corpus.read(), screening.read(), store.read().days)}
        moved = [
            row.pmid for row in rows
            if row.way != labels.DRAWN and row.pmid in now and row.pmid not in later
            and now[row.pmid].included != (row.decision == "include") and now[row.pmid].reason != labels.ENTRY_WRITTEN
        ]  # fmt: skip
        assert moved == []

    def test_it_holds_facts_and_no_text(self):
        rows = benchmark.read()
        assert benchmark.BENCHMARK.columns == (
            "pmid", "doi", "title", "year", "decision", "reason", "date", "way", "view", "source",
        )  # fmt: skip
        assert {row.reason for row in rows if row.way == labels.SCREENED} <= {
            *sum(screening.REASONS.values(), ()), labels.ENTRY_WRITTEN,
        }  # fmt: skip
        assert not {row.reason for row in rows} & set(labels.UNREAD)
        assert max(len(row.title) for row in rows) < 600

    def test_what_was_drawn_is_out_and_unread(self):
        drawn = [row for row in benchmark.read() if row.way == labels.DRAWN]
        assert len(drawn) == 500
        assert {(row.decision, row.view, row.reason) for row in drawn} == {("exclude", "nothing", benchmark.NOT_READ)}
        assert not {row.pmid for row in drawn} & {d.pmid for d in screening.read()}
        assert not {row.pmid for row in drawn} & set(corpus.read().records)


class TestCommands:
    def test_stop_tells_the_bound_of_the_snapshot(self, capsys, book):
        assert triage.main(["stop"]) == 0
        assert f"at most {book.backlog.at_most()} of these" in capsys.readouterr().out

    def test_stop_on_a_ranked_table(self, tmp_path, capsys):
        judged = [d for d in screening.read() if d.reason not in labels.UNREAD][:40]
        rows = [queue.Ranked(d.pmid, f"{0.9 - n / 100:.3f}", "target", "") for n, d in enumerate(judged)]
        rows += [queue.Ranked(str(900_000_000 + n), "0.100", "target", "") for n in range(20)]
        (tmp_path / "ranked.tsv").write_text(queue.QUEUE.text(rows), "utf-8")
        assert triage.main(["stop", "--ranked", str(tmp_path / "ranked.tsv")]) == 0
        said, found = capsys.readouterr().out, [d.decision == "include" for d in judged]
        assert f"Of 60 papers ranked, 40 are read and {sum(found)} are in." in said
        assert f"at most {stopping.unread_at_most(found, 60)} relevant" in said

    def test_a_table_that_is_none_is_named(self, tmp_path, capsys):
        (tmp_path / "ranked.tsv").write_text(
            "pmid\tprobability\ttheme\treasons\nPMC12\t0.500\t\t\n13\t1.500\t\t\n", "utf-8"
        )
        assert triage.main(["stop", "--ranked", str(tmp_path / "ranked.tsv")]) == 1
        said = capsys.readouterr().err
        assert "ranked.tsv:2: pmid: 'PMC12'" in said
        assert "ranked.tsv:3: probability: '1.500'" in said

    def test_freeze_makes_nothing_anew(self, capsys):
        assert triage.main(["freeze", "--from-xml", "nothing.xml"]) == 1
        assert "never made anew" in capsys.readouterr().err

    def test_the_first_are_told_as_markdown_with_three_reasons_and_what_is_new(self):
        rows = [
            queue.Ranked("7", "0.500", "target", "+ a; + b; - c; + d; + e"),
            queue.Ranked("10.1016/s0140-6736(20)1", "0.900", "target", "+ npm1; + x"),
            queue.Ranked("8", "0.100", "target", "+ never told"),
        ]
        records = {"7": Record("7", "A <b>title</b> of [links](x) and @people"),
                   "10.1016/s0140-6736(20)1": Record("", "Old", doi="10.1016/s0140-6736(20)1")}  # fmt: skip
        head, empty, one, other = queue.first(rows, records, ["10.1016/s0140-6736(20)1", "8"], 2).split("\n")
        assert head.startswith("3 papers wait for a reader, 1 of them new in the queue.")
        assert empty == ""
        assert one == (r"1. 0.900 [10\.1016/s0140\-6736\(20\)1](<https://doi.org/10.1016/s0140-6736(20)1>) Old (\+ npm1; \+ x)")
        assert other == (
            r"2. 0.500 [7](<https://pubmed.ncbi.nlm.nih.gov/7/>) A \<b\>title\</b\> of \[links\]\(x\) and \@people "
            r"(new; \+ a; \+ b; \- c)"
        )
        assert queue.first([], {}, [], 10) == "0 papers wait for a reader, 0 of them new in the queue."

    @pytest.mark.slow
    def test_rank_orders_a_file_of_pubmed(self, tmp_path, shared):
        out = tmp_path / "ranked.tsv"
        assert triage.main(
            ["rank", "--from-xml", str(shared / "pubmed" / "xml" / "small_sources.xml.gz"), "--out", str(out)]
        ) == 0  # fmt: skip
        rows = queue.read(out)
        assert len(rows) > 20
        assert out.read_text("utf-8").split("\n", 1)[0] == "pmid\tprobability\ttheme\treasons"


class TestPage:
    def test_each_paper_that_waits_is_shown_once_with_a_way_to_curate_it(self, book):
        shown = str(help_read.queue(Site(book)))
        keys = re.findall(r"contribute\.html#paper=([^\"]+)", shown)
        assert len(keys) == len(set(keys)) == len(book.backlog.waiting) > 0

    def test_the_committed_queue_knows_nearly_all_that_waits(self, book):
        """Papers judged since are passed over, new ones stand last; where many are new, the file wants making."""
        waiting = book.backlog.waiting
        unknown = sum(w.ranked is None for w in waiting)
        assert unknown <= len(waiting) / 2, "run: python scripts/triage.py queue"

    def test_titles_are_escaped_and_unranked_papers_say_so(self, book):
        odd = Record("1", "<b>AML</b> & more")
        known = Corpus({"1": odd}, book.corpus.manifest)
        shown = str(help_read.queue(Site(replace(book, corpus=known, decisions=(), ranked=()))))
        assert "&lt;b&gt;AML" in shown
        assert "<b>AML" not in shown
        assert "Not ranked yet" in shown

    def test_it_says_when_nothing_waits_and_when_nothing_can_be_said(self, book):
        book = replace(book, corpus=Corpus({}, {}), decisions=(), ranked=())
        assert "Nothing waits" in help_read.queue(Site(book))
        assert "No estimate: 0 papers were read" in help_read.estimate(Site(book))

    def test_the_estimate_is_the_bound(self, book):
        assert f"at most {book.backlog.at_most()}" in help_read.estimate(Site(book))
        for theme in ("evolution", "identity", "resistance", "surveillance", "target"):
            assert f">{theme}</a>" in help_read.criteria(Site(book))
