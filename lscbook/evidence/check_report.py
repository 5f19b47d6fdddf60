"""What a check came to: its counts, its problems, and the forms in which they are told."""

from dataclasses import dataclass, field
from typing import Any

from lscbook.evidence.store import Problem


@dataclass
class Report:
    """What was checked and what was found."""

    checked: int = 0
    passed: int = 0
    failed: int = 0
    ledgers: int = 0
    grounded: int = 0
    not_grounded: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """No error, and at least one file looked at."""
        return self.checked > 0 and self.failed == 0

    def summary(self) -> str:
        """One line with every count."""
        if not self.checked:
            return "0 entries checked: there is nothing to check, and that is a failure"
        warnings = sum(p.severity == "warning" for p in self.problems)
        lists = f" and {self.ledgers} ledgers" if self.ledgers else ""
        return (
            f"{self.checked} entries{lists} checked, {self.passed} passed, {self.failed} failed, "
            f"{warnings} warnings; findings held against their abstract: {self.grounded}, "
            f"skipped because the abstract is not in the cache: {self.not_grounded}"
        )


def as_json(report: Report) -> dict[str, Any]:
    """One object a message, and the counts."""
    messages = [
        {
            "path": p.path,
            "line": p.line,
            "field": p.field,
            "code": p.code,
            "severity": p.severity,
            "message": p.found,
            "remedy": p.remedy,
        }
        for p in report.problems
    ]
    counts = ("checked", "ledgers", "passed", "failed", "grounded", "not_grounded")
    return {"messages": messages, "summary": {name: getattr(report, name) for name in counts}}


def github_line(problem: Problem) -> str:
    """An annotation of GitHub Actions; nothing in a message can start another command."""

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def attribute(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    message = f"{problem.field}: {problem.found}; {problem.remedy}"
    return (
        f"::{problem.severity} file={attribute(problem.path)},line={problem.line},"
        f"title={attribute(problem.field)}::{data(message)}"
    )
