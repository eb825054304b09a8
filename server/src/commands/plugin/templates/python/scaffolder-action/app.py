"""<<title>>: writes a greeting.

`componentize-py --wit-path wit --world scaffolder-action bindings .` writes the modules below
for your editor; the build makes its own.
"""

import json
from pathlib import Path

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.action import Call
from wit_world.imports import workspace

# Read while the component is built: a running one has no files.
INTERFACE = (Path(__file__).parent / "interface.json").read_text()


class Action(exports.Action):
    def schema(self) -> str:
        return INTERFACE

    def run(self, call: Call) -> str:
        # An exception other than `Err` with a text is a crash, and counts against the plugin.
        try:
            name = json.loads(call.input)["name"]
        except (TypeError, KeyError):
            raise Err("the input has no name") from None
        try:
            workspace.write_file("GREETING.md", f"Hello, {name}!\n".encode())
        except Err as error:
            raise Err(f"the greeting cannot be written: {error.value.value}") from None
        return json.dumps({"path": "GREETING.md"})
