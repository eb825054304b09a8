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
        entities = [json.dumps(entity(system)) for system in systems()]
        return Batch(entities, [], None, None)


def systems() -> list[dict]:
    # An exception other than `Err` with a text is a crash, and counts against the plugin.
    try:
        response = http.send(http.Request("systems", "GET", "/systems.json", [], None))
    except Err as error:
        raise Err(f"the list of systems cannot be read: {error.value.value}") from None
    if response.status != 200:
        raise Err(f"the list of systems answers with the status {response.status}")
    try:
        return [{"name": it["name"], "owner": it["owner"]} for it in json.loads(response.body)]
    except (ValueError, TypeError, KeyError) as error:
        raise Err(f"the list of systems is not as expected: {error!r}") from None


def entity(system: dict) -> dict:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "System",
        "metadata": {"name": system["name"]},
        "spec": {"owner": system["owner"]},
    }
