"""<<title>>: brings systems into the catalog.

`componentize-py --wit-path wit --world catalog-provider bindings .` writes the modules below
for your editor; the build makes its own.
"""

import json

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.provider import Batch, Position
from wit_world.imports import http


class Provider(exports.Provider):
    def read(self, position: Position) -> Batch:
        request = http.Request("systems", "GET", "/systems.json", [], None)
        response = http.send(request)
        if response.status != 200:
            raise Err(f"the list of systems answers with the status {response.status}")
        systems = json.loads(response.body)
        return Batch([json.dumps(entity(system)) for system in systems], [], None, None)


def entity(system: dict) -> dict:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "System",
        "metadata": {"name": system["name"]},
        "spec": {"owner": system["owner"]},
    }
