"""<<title>>: writes a greeting.

`componentize-py --wit-path wit --world scaffolder-action bindings .` writes the modules below
for your editor; the build makes its own.
"""

import json
from pathlib import Path

from wit_world import exports
from wit_world.exports.action import Call
from wit_world.imports import workspace

# Read while the component is built: a running one has no files.
INTERFACE = (Path(__file__).parent / "interface.json").read_text()


class Action(exports.Action):
    def schema(self) -> str:
        return INTERFACE

    def run(self, call: Call) -> str:
        name = json.loads(call.input)["name"]
        workspace.write_file("GREETING.md", f"Hello, {name}!\n".encode())
        return json.dumps({"path": "GREETING.md"})
