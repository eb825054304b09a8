"""<<title>>: does a component have a README?

`componentize-py --wit-path wit --world scorecard-check bindings .` writes the modules below
for your editor; the build makes its own.
"""

import json

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.check import Finding, Subject, Verdict
from wit_world.imports import repository


class Check(exports.Check):
    def evaluate(self, subjects: list[Subject]) -> list[Finding]:
        return [judge(index, json.loads(subject.entity)) for index, subject in enumerate(subjects)]


def judge(index: int, entity: dict) -> Finding:
    if not isinstance(entity, dict) or entity.get("kind") != "Component":
        return Finding(Verdict.NOT_APPLICABLE, "This is about components", [], "")
    try:
        readme = repository.read_file(index, "README.md")
    except Err as error:
        # An exception that leaves `evaluate` is a crash, and counts against the plugin.
        return Finding(Verdict.ERROR, f"README.md cannot be read: {error.value.value}", [], "")
    if readme:
        return Finding(Verdict.PASS, "There is a README", ["README.md"], "")
    return Finding(
        Verdict.FAIL,
        "There is no README",
        [],
        "Write one: what this is, and how to start.",
    )
