"""Pinned requirements: do Python requirements say which version they mean?"""

import re

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.check import Finding, Subject, Verdict
from wit_world.imports import repository

PINNED = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[^\]]*\])?\s*={2,3}\s*[^*,;\s]+\s*(;.*)?$")


class Check(exports.Check):
    def evaluate(self, subjects: list[Subject]) -> list[Finding]:
        return [judge(index) for index in range(len(subjects))]


def judge(subject: int) -> Finding:
    try:
        return look(subject)
    except Err as error:
        # An error of a capability; anything raised from here would be a crash.
        return Finding(Verdict.ERROR, f"The repository cannot be read: {error.value.value}", [], "")


def look(subject: int) -> Finding:
    paths = repository.find(subject, "**/requirements*.txt")
    if not paths:
        return Finding(Verdict.NOT_APPLICABLE, "There are no requirements files", [], "")
    loose = []
    for path in paths:
        text = (repository.read_file(subject, path) or b"").decode(errors="replace")
        loose += [f"{path}:{number}: {line}" for number, line in requirements(text) if not PINNED.match(line)]
    if not loose:
        return Finding(Verdict.PASS, "Every requirement has an exact version", paths, "")
    message = f"{len(loose)} requirements have no exact version"
    return Finding(Verdict.WARN, message, loose, "Pin them: `pip freeze`, or `pip-compile`.")


def requirements(text: str) -> list[tuple[int, str]]:
    """The lines that name a package, with their numbers."""
    lines = [(number, line.split(" #")[0].strip()) for number, line in enumerate(text.splitlines(), 1)]
    return [(number, line) for number, line in lines if line and line[0] not in "#-" and "://" not in line]
