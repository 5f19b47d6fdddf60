"""What the worst file costs `check`: each in a process of its own, in processor seconds and MB beyond what was loaded.

Read are the files of `tests/hostile/` and, made here, the shapes that once killed or held up the check, each as long as
an entry may be (64 kB) and once far longer. The pipe, folder and link of tests/test_hostile_files.py cost nothing.
"""

import json
import os
import re
import resource
import tempfile
import time
from pathlib import Path
from statistics import median

from lscbook import paths, vocabulary
from lscbook.corpus import read as read_corpus
from lscbook.evidence import check, store, yaml_text

SHOWN = 6


def shapes() -> dict[str, str]:
    """Name and text of each file that is made."""
    good = min(paths.EVIDENCE.glob("*.yaml"), key=lambda p: abs(p.stat().st_size - 3_000)).read_text(encoding="utf-8")
    fill = yaml_text.MAX_BYTES - len(good.encode()) - 200
    claim = next(line for line in good.splitlines() if line.startswith("    claim:"))
    made = {f"nested {sign}": "a: " + sign * 30_000 for sign in ("[", "{", "- ", "? ", "[{a: ")}
    made["300 levels by indent"] = "\n".join(" " * n + "a:" for n in range(300))
    made["aliases that multiply"] = "a: &a [x]\n" + "".join(
        f"{c}: &{c} [{', '.join([f'*{b}'] * 9)}]\n" for b, c in zip("abcdefg", "bcdefgh", strict=True)
    )
    pieces = (
        "[",
        "](",
        "-",
        "a-",
        "<a",
        "javascript ",
        "1,",
        "1 of ",
        "not ",
        "10^9 ",
        "CD34",
        "% of 9 ",
        "\N{BRAILLE PATTERN BLANK}",
    )
    for piece in pieces:
        made[f"a claim of {piece!r}, as long as a file may be"] = good.replace(
            claim, f'    claim: "{piece * (fill // len(piece.encode()))}"', 1
        )
    made["a number of 60,000 digits"] = good + f"  - id: 99\n    n: {'9' * 60_000}\n"
    made["an exponent without end"] = good.replace(
        claim, '    claim: "It was 10^999999999999 and 1e999999999 of 9."', 1
    )
    made["2,000 findings"] = good + "".join(f"  - {{id: {n}, theme: target}}\n" for n in range(2_000))
    made["3,000 curators"] = good.replace("curators: []", f"curators: [{', '.join(['0000-0002-1825-0097'] * 3_000)}]")
    made["8 MB of one letter"] = "x" * 8_000_000
    return made


def held() -> tuple[str, str, str]:
    """An entry of 35 long findings, its key, and an abstract that is as hard to hold against as was found."""
    path = min(paths.EVIDENCE.glob("*.yaml"), key=lambda p: abs(p.stat().st_size - 3_000))
    text = path.read_text(encoding="utf-8")
    entry = store.parse(path).entry
    assert entry
    head, _, first = text.partition("  - id: 1\n")
    one = re.split(r"^  - id: ", first, maxsplit=1, flags=re.MULTILINE)[0]
    claim = "CD34+CD38- cells of 1 of 9 (11%) did not, HR 0.12 (0.1-0.2), " * 13
    one = re.sub(r"(?m)^    claim:.*(?:\n      .*)*", f'    claim: "{claim}"', one, count=1)
    one = re.sub(r"(?m)^      grounding:\n(?:        .*\n)*", "", one)
    return head + "".join(f"  - id: {n}\n{one}" for n in range(1, 36)), entry.key, claim * 6


def cost(path: Path, context: check.Context) -> tuple[float, float, int]:
    """Processor seconds, MB beyond what was loaded, and messages of one file."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.process_time()
        problems = check.run([path], context=context).problems
        spent = time.process_time() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        os.write(write, json.dumps([spent, grown, len(problems)]).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        answer = told.read()
    _, state = os.waitpid(child, 0)
    assert state == 0, f"{path.name} ended the check: {state}"
    seconds, grown, count = json.loads(answer)
    return seconds, grown, count


def main() -> None:
    """Print the good entry, then the worst by time and by memory."""
    context = check.Context(read_corpus(), vocabulary.load(), {})
    good = sorted(store.paths.EVIDENCE.glob("*.yaml"))
    check.run(good[:5], context=context)  # what is loaded once is no file's cost
    with tempfile.TemporaryDirectory() as name:
        for number, (title, text) in enumerate(shapes().items()):
            (Path(name) / f"{number:03}-{title.replace('/', ' ')[:60]}.yaml").write_text(text, encoding="utf-8")
        hostile = [*sorted((paths.ROOT / "tests" / "hostile" / "files").iterdir()), *sorted(Path(name).iterdir())]
        ours = [cost(p, context) for p in good]
        told = [(p, *cost(p, context)) for p in hostile]
        text, key, abstract = held()
        long = Path(name) / "000-35 long findings against an abstract of 5 kB.yaml"
        long.write_text(text, encoding="utf-8")
        told.append((long, *cost(long, check.Context(context.corpus, context.vocabulary, {key: abstract}))))
    print(
        f"{len(hostile)} hostile files, {len(good)} entries of ours\n\n"
        "| file | seconds | MB | messages |\n|---|---:|---:|---:|"
    )
    print("| an entry of ours, the median | {:.3f} | {:.1f} | {:.0f} |".format(*map(median, zip(*ours, strict=True))))
    print(f"| the worst of ours | {max(o[0] for o in ours):.3f} | {max(o[1] for o in ours):.1f} | |")
    worst = dict.fromkeys([*sorted(told, key=lambda t: -t[1])[:SHOWN], *sorted(told, key=lambda t: -t[2])[:3]])
    for path, seconds, grown, count in worst:
        print(f"| {path.stem.partition('-')[2]} | {seconds:.3f} | {grown:.1f} | {count} |")


if __name__ == "__main__":
    main()
