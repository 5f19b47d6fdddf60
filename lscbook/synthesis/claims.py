"""What a figure's title and a counting takeaway assert, as conditions on the data that the build tests.

A title is a claim. It stands together with the condition that makes it true; when the data stop bearing
it, the build fails and says what they show instead.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from lscbook.errors import TitleNotBorne
from lscbook.evidence.fields import RUNGS
from lscbook.evidence.findings import EvolutionFinding, TargetFinding
from lscbook.evidence.store import Evidence, Located
from lscbook.synthesis import frames, timelines


@dataclass(frozen=True)
class Condition:
    """A sentence about the data, and what the data lack for it: nothing where they bear it."""

    sentence: str
    lacks: Callable[[Evidence], list[str]]


def hold(evidence: Evidence, *conditions: Condition) -> None:
    """Let the conditions of a title or a takeaway hold, or stop.

    Raises:
        TitleNotBorne: with each condition that the data do not bear, and what they show.
    """
    faults = [f"{c.sentence}: {'; '.join(lacks)}" for c in conditions if (lacks := c.lacks(evidence))]
    if faults:
        raise TitleNotBorne("the data do not bear it. " + " ".join(faults))


def place_before(earlier: Iterable[str], later: Iterable[str], papers: int = 3) -> Condition:
    """The median place of each earlier lesion comes before that of each later one, each from so many papers.

    A place is founding, early, late or relapse-acquired, as supporting findings tell it, once a paper.
    """
    first, then = tuple(earlier), tuple(later)

    def lacks(evidence: Evidence) -> list[str]:
        places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for f in evidence.of_type(EvolutionFinding):
            if f.finding.order and f.finding.stance == "supports":
                for lesion in f.finding.lesions:
                    places[lesion][f.entry.key].append(frames.ORDER.index(f.finding.order))
        few = [
            f"{name} is placed by {len(places[name])} papers" for name in (*first, *then) if len(places[name]) < papers
        ]
        if few:
            return few
        middle = {name: median(median(told) for told in places[name].values()) for name in (*first, *then)}
        return [f"{a} is not before {b}" for a in first for b in then if middle[a] >= middle[b]]

    return Condition(f"{', '.join(first)} come before {', '.join(then)}, each from {papers} papers", lacks)


def more(what: str, of: Callable[[Located], bool], than: str, other: Callable[[Located], bool]) -> Condition:
    """More counted findings of one kind than of another."""

    def lacks(evidence: Evidence) -> list[str]:
        one, two = (sum(map(kind, evidence.counted)) for kind in (of, other))
        return [] if one > two else [f"{one} {what}, {two} {than}"]

    return Condition(f"more {what} than {than}", lacks)


def at_least(number: int, what: str, of: Callable[[Located], bool], papers: int = 1) -> Condition:
    """So many counted findings of a kind, from so many papers."""

    def lacks(evidence: Evidence) -> list[str]:
        found = [f for f in evidence.counted if of(f)]
        told = len({f.entry.key for f in found})
        return [] if len(found) >= number and told >= papers else [f"{len(found)} {what} from {told} papers"]

    return Condition(f"at least {number} {what} from {papers} papers", lacks)


def most(theme: str, field: str, words: Iterable[str], among: Callable[[Located], bool] = lambda _: True) -> Condition:
    """These values of a field, in this order, have the most counted findings of a theme; none beside them has more."""
    wanted = tuple(words)

    def lacks(evidence: Evidence) -> list[str]:
        counted: dict[str, int] = defaultdict(int)
        for f in evidence.of_theme(theme):
            if among(f):
                value = getattr(f.finding, field)
                for word in [value] if isinstance(value, str) else value or ():
                    counted[word] += 1
        first = sorted(counted, key=lambda word: (-counted[word], word))[: len(wanted)]
        least = min((counted[word] for word in wanted), default=0)
        above = [f"{word} has {n}" for word, n in counted.items() if word not in wanted and n >= least]
        return above or ([] if set(first) == set(wanted) else [f"the most have {', '.join(first)}"])

    return Condition(f"{', '.join(wanted)} have the most findings by {field}", lacks)


def reaches(rung: str, targets: Iterable[str]) -> Condition:
    """A supporting finding of each target stands on this rung or above."""
    named = tuple(targets)

    def lacks(evidence: Evidence) -> list[str]:
        best: dict[str, int] = defaultdict(lambda: -1)
        for f in evidence.of_type(TargetFinding):
            if f.finding.stance == "supports":
                best[f.finding.target] = max(best[f.finding.target], RUNGS.index(f.finding.stage))
        return [f"{name} does not" for name in named if best[name] < RUNGS.index(rung)]

    return Condition(f"{', '.join(named)} are supported at {rung} or above", lacks)


def failed_at(rung: str, targets: Iterable[str]) -> Condition:
    """A finding on this very rung speaks against each target."""
    named = tuple(targets)

    def lacks(evidence: Evidence) -> list[str]:
        there = {
            f.finding.target
            for f in evidence.of_type(TargetFinding)
            if f.finding.stage == rung and f.finding.stance == "does_not_support"
        }
        return [f"{name} did not" for name in named if name not in there]

    return Condition(f"{', '.join(named)} failed at {rung}", lacks)


def oftener_above_one(panel: str, than: str) -> Condition:
    """A larger share of the ratios of one panel of tests than of another has its whole interval above 1."""

    def lacks(evidence: Evidence) -> list[str]:
        shown = frames.effects_of_tests(evidence)
        there = [(shown["low"] > 1)[shown["panel"] == frames.TESTS[name]] for name in (panel, than)]
        if all(map(len, there)) and there[0].mean() > there[1].mean():
            return []
        return [f"{int(above.sum())} of {len(above)} do in the one or the other" for above in there]

    one, other = (frames.TESTS[name] for name in (panel, than))
    return Condition(f"more of the ratios of '{one}' than of '{other}' lie wholly above 1", lacks)


def beyond_one(panel: str, *, above: bool, most: float) -> Condition:
    """At least this share of the ratios of a panel of tests has its whole interval on one side of 1."""

    def lacks(evidence: Evidence) -> list[str]:
        shown = frames.effects_of_tests(evidence)
        shown = shown[shown["panel"] == frames.TESTS[panel]]
        there = int((shown["low"] > 1).sum() if above else (shown["high"] < 1).sum())
        return [] if len(shown) and there >= most * len(shown) else [f"{there} of {len(shown)} do"]

    side = "above" if above else "below"
    return Condition(f"{most:.0%} of the ratios of '{frames.TESTS[panel]}' lie wholly {side} 1", lacks)


def opened_since(year: int, *, share: float) -> Condition:
    """More than this share of the questions that a second study took up were opened in this year or later."""

    def lacks(evidence: Evidence) -> list[str]:
        found = timelines.landmarks(evidence)
        late = sum(q.first >= year for q in found)
        return [] if found and late > share * len(found) else [f"{late} of {len(found)} were"]

    return Condition(f"more than {share:.0%} of the questions were opened since {year}", lacks)


def trial_after_models(*, share: float, targets: int) -> Condition:
    """Of at least so many targets with work in models and a trial, more than this share began before the trial."""

    def lacks(evidence: Evidence) -> list[str]:
        both = [c for c in timelines.courses(evidence) if c.trials and c.before]
        after = sum(c.before[0] < c.trials[0] for c in both)
        enough = len(both) >= targets and after > share * len(both)
        return [] if enough else [f"{after} of {len(both)} targets did"]

    return Condition(f"more than {share:.0%} of {targets} targets or more began before their first trial", lacks)
