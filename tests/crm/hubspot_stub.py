"""A HubSpot in memory: objects with unique properties, search, associations."""

from tests.crm.contract import Stub

BASE = "https://api.hubapi.com"
STAMP = {
    "createdAt": "2026-01-05T09:00:00Z",
    "updatedAt": "2026-01-05T09:00:00Z",
    "archived": False,
}


class HubSpotStub(Stub):
    def __init__(self):
        super().__init__("hubspot.yaml", BASE)
        self.objects = {"contacts": {}, "0-3": {}}
        self.associated = set()
        self.unique = {"contacts": {"alexia_id"}, "0-3": {"alexia_id"}}
        self.properties = {
            "contacts": {"firstname", "lastname", "phone", "email"}, "0-3": {"dealname", "amount"}
        }  # fmt: skip
        self.lags = False  # what is new is not found by a search yet, as it really is
        self.old = set()

    def put(self, kind, **properties):
        key = str(100 + sum(map(len, self.objects.values())))
        self.objects[kind][key] = properties
        return key

    def do(self, method, path, query, body):
        parts = path.split("/")[3:]
        if path.startswith("/crm/properties/"):
            return self._properties(method, parts[1], body)
        match parts[1:]:
            case [_, _, "associations", "default", _, other]:
                self.associated.add((parts[2], other))
                return 200, {**self._batch(), "results": []}
            case ["contacts", "search"]:
                found = [one for one in self.objects["contacts"] if self._fits(one, body)]
                return 200, {
                    "total": len(found),
                    "results": [self._shown("contacts", one) for one in found[: body["limit"]]],
                }
            case [kind, "batch", "upsert"]:
                return 200, {
                    **self._batch(),
                    "results": [self._upsert(kind, one) for one in body["inputs"]],
                }
            case [kind, key]:
                if key not in self.objects[kind]:
                    return 404, {"category": "OBJECT_NOT_FOUND", "message": "secret"}
                self.objects[kind][key] |= body["properties"]
                return 200, self._shown(kind, key)

    def _properties(self, method, kind, body):
        if method == "POST":
            if body["name"] in self.unique[kind]:
                return 409, {"category": "OBJECT_ALREADY_EXISTS"}
            self.unique[kind].add(body["name"])
            return 201, {"name": body["name"]}
        known = [{"name": one} for one in sorted(self.properties[kind])]
        known += [{"name": one, "hasUniqueValue": True} for one in sorted(self.unique[kind])]
        return 200, {"results": known}

    def _upsert(self, kind, one):
        assert one["idProperty"] in self.unique[kind]
        held = next(
            (key for key, known in self.objects[kind].items()
             if known.get(one["idProperty"]) == one["id"]), None,
        )  # fmt: skip
        key = held or self.put(kind, **{one["idProperty"]: one["id"]})
        self.objects[kind][key] |= one["properties"]
        return {**self._shown(kind, key), "new": held is None}

    def _fits(self, key, body):
        if self.lags and key not in self.old:
            return False
        known = self.objects["contacts"][key]
        return any(
            all(known.get(one["propertyName"]) in one.get("values", [one.get("value")])
                for one in group["filters"])
            for group in body["filterGroups"]
        )  # fmt: skip

    def _shown(self, kind, key):
        return {"id": key, "properties": dict(self.objects[kind][key]), **STAMP}

    def _batch(self):
        return {"status": "COMPLETE", "startedAt": "2026-01-05T09:00:00Z",
                "completedAt": "2026-01-05T09:00:00Z"}  # fmt: skip
