"""The API described: one OpenAPI 3.1 document, written beside the endpoints it is about."""

from __future__ import annotations

from typing import Any

from alerts.web.api_cursors import PATTERN
from crawler import __version__

LONGEST = 200  # characters of a parameter
SINCE = "^(?:[1-9][0-9]{0,3}[smhdw]|[1-9][0-9]{0,2}y)?$"  # "" as if it were not there
_TEXT = {"type": "string"}
_GIVEN = {"type": "string", "maxLength": LONGEST, "pattern": "^[^\\u0000]*$"}
_NULLABLE = {"type": ["string", "null"]}
_EVIDENCE = {
    "type": "object",
    "required": ["field", "start", "end", "quote", "concept"],
    "properties": {
        "field": {"enum": ["title", "text"]},
        "start": {"type": "integer"},
        "end": {"type": "integer"},
        "quote": _TEXT,
        "concept": _TEXT,
    },
}
_MATCH = {
    "type": "object",
    "required": ["topic", "score", "evidence"],
    "properties": {
        "topic": _TEXT,
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "evidence": {"type": "array", "items": {"$ref": "#/components/schemas/Evidence"}},
    },
}
_ITEM = {
    "type": "object",
    "required": ["id", "source", "url", "canonical_url", "title", "summary", "published",
                 "first_seen", "language", "topics", "story", "duplicate_of"],
    "properties": {
        "id": _TEXT,
        "source": _TEXT,
        "url": _TEXT,
        "canonical_url": _TEXT,
        "title": _TEXT,
        "summary": _TEXT,
        "published": _NULLABLE,
        "first_seen": {"type": "string", "format": "date-time"},
        "language": _TEXT,
        "topics": {"type": "array", "items": {"$ref": "#/components/schemas/Match"}},
        "story": _NULLABLE,
        "duplicate_of": _NULLABLE,
        "text": _TEXT,
    },
}  # fmt: skip
_FILTERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("topic", "About this topic; 404 where there is none of this id.", _GIVEN),
    ("source", "Listed by this source; 404 where there is none of this id.", _GIVEN),
    ("language", "In this language, ISO 639-1; 404 for what is none we know.", _GIVEN),
    ("since", 'Found within, e.g. "7d".', {"type": "string", "pattern": SINCE}),
    ("q", "Has these words; a phrase in quotation marks.", _GIVEN),
    ("cursor", "From the answer before; 400 for any other, 409 for one of another query.",
     {"type": "string", "maxLength": LONGEST, "pattern": f"^(?:{PATTERN})?$"}),
)  # fmt: skip


def document(server: str) -> dict[str, Any]:
    """The whole description; ``server`` is the address below which the paths stand."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Clusterwatch", "version": __version__},
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Item": _ITEM,
                "Match": _MATCH,
                "Evidence": _EVIDENCE,
                "Error": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {"error": _TEXT},
                },
            },
        },
    }


def _paths() -> dict[str, Any]:
    item = {"$ref": "#/components/schemas/Item"}
    many = {"type": "array", "items": item}
    return {
        "/items": {"get": _lists(_listed(items=many))},
        "/items/{id}": {"get": _reads("One item with its text.", item, [_id()])},
        "/stories/{id}": {
            "get": _reads("A story with its tellings.", _with(id=_TEXT, items=many), [_id()])
        },
        "/sources": {"get": _reads("What is watched.", _with(sources={"type": "array"}))},
        "/sources/{id}": {"get": _reads("One source.", {"type": "object"}, [_id()])},
        "/topics": {"get": _reads("Every topic.", _with(topics={"type": "array"}))},
        "/subscriptions": {
            "get": _reads("Who hears when.", _with(subscriptions={"type": "array"}))
        },
        "/status": {"get": _reads("Health of sources and deliveries.", {"type": "object"})},
        "/feedback": {"post": _judges()},
    }


def _reads(
    summary: str, schema: dict[str, Any], parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "200": {"description": "Found.", "content": {"application/json": {"schema": schema}}},
        "304": {"description": "Unchanged since the ETag that was sent."},
        "401": _failure("No token, or another."),
    }
    if parameters:
        responses |= {"400": _failure("A parameter is wrong."), "404": _failure("Not there.")}
    return {"summary": summary, "parameters": parameters or [], "responses": responses}


def _lists(schema: dict[str, Any]) -> dict[str, Any]:
    described = _reads("Items, last found first.", schema, _item_filters())
    described["responses"]["409"] = _failure("The cursor is of another query.")
    return described


def _judges() -> dict[str, Any]:
    judgement = {"enum": ["relevant", "wrong", "missed"]}
    body = _with(item=_TEXT, topic=_TEXT, judgement=judgement)
    content = {"application/json": {"schema": body}}
    return {
        "summary": "Remember whether a topic was right for an item.",
        "requestBody": {"required": True, "content": content},
        "responses": {
            "201": {
                "description": "Remembered.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "400": _failure("The body is wrong."),
            "401": _failure("No token, or another."),
            "404": _failure("There is no such item or topic."),
        },
    }


def _failure(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _with(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _listed(**properties: Any) -> dict[str, Any]:
    return _with(**properties, next=_NULLABLE)


def _item_filters() -> list[dict[str, Any]]:
    limit = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
    return [
        *(_parameter(*one) for one in _FILTERS),
        _parameter("limit", "How many.", limit),
    ]


def _parameter(name: str, said: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": said, "schema": schema}


def _id() -> dict[str, Any]:
    return {"name": "id", "in": "path", "required": True, "schema": _TEXT}
