"""The API's contract (OpenAPI 3.1), the one place that tells the shapes of its answers. Tests hold the answers against it."""

from typing import Any, TypeAlias

Schema: TypeAlias = "dict[str, Any]"

ABOUT = (
    "Read only. Vietnamese at /api/v1, English at /en/api/v1. Lists are paged: follow `next` until it is null. "
    "Answers bear an ETag; errors are problems (RFC 9457)."
)
LARGEST = 2**31 - 1
TEXT: Schema = {"type": "string"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
LANGUAGE: Schema = {"enum": ["vi", "en"]}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST}
AMOUNT: Schema = {"type": "integer", "minimum": 0}


def document(path: str) -> Schema:
    """Return the whole contract; `path` is where the API lies in the language of the request."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Public data of the site",
            "version": "1",
            "description": ABOUT,
        },
        "servers": [{"url": path}],
        "paths": {
            "/site": _get("site", "The agency's data", "Site"),
            "/sections": _get("sections", "All sections, as a tree by parent_id", "Sections"),
            "/articles": _get("articles", "Articles, newest first", "Articles", SECTION, AFTER_ARTICLE),
            "/articles/{id}": _get("article", "An article with its text and attachments", "Article", OWN_ID, gone=True),
            "/polls": _get("polls", "Polls, newest first", "Polls", AFTER_POLL),
            "/polls/{id}": _get("poll", "A poll, with its result where that is public", "Poll", OWN_ID),
        },
        "components": {"schemas": SCHEMAS, "responses": {"Problem": PROBLEM}},
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _paged(name: str) -> Schema:
    return _object(items=_list(_named(name)), next=_or_null(ADDRESS))


def _asked(name: str, schema: Schema, text: str) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": text}


SECTION = _asked("section", ID, "The id of a section; what stands under it is in the list too")
AFTER_ARTICLE = _asked("after", {"type": "string", "pattern": "^[1-9][0-9]{0,14}-[1-9][0-9]{0,9}$"}, "Given by `next`")
AFTER_POLL = _asked("after", ID, "Given by `next`")
OWN_ID = {"name": "id", "in": "path", "required": True, "schema": ID}

PROBLEM = {
    "description": "A problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": _named("Problem")}},
}

BRIEF = {
    "id": ID,
    "language": LANGUAGE,
    "title": TEXT,
    "lead": TEXT,
    "published_at": INSTANT,
    "updated_at": _or_null(INSTANT),
    "section": _or_null(_object(id=ID, name=TEXT, url=ADDRESS)),
    "url": ADDRESS,
    "short_url": ADDRESS,
    "self": ADDRESS,
}
POLL_IN_BRIEF = {
    "id": ID,
    "question": TEXT,
    "state": {"enum": ["upcoming", "open", "closed"]},
    "opens_at": _or_null(INSTANT),
    "closes_at": _or_null(INSTANT),
    "url": ADDRESS,
    "self": ADDRESS,
}
RESULT = _object(
    voters=AMOUNT,
    uncounted={**AMOUNT, "description": "Votes that are not counted, as they look automated"},
    choices=_list(_object(id=ID, label=TEXT, removed={"type": "boolean"}, votes=AMOUNT, percent={**AMOUNT, "maximum": 100})),
)

SCHEMAS: Schema = {
    "Site": _object(
        **dict.fromkeys(("name", "locality", "governing_body", "responsible", "address", "telephone"), TEXT),
        **dict.fromkeys(("hotline", "email", "hours", "credited_as"), TEXT),
        language=LANGUAGE,
        url=ADDRESS,
        languages=_object(vi=ADDRESS, en=ADDRESS),
    ),
    "Section": _object(id=ID, parent_id=_or_null(ID), name=TEXT, url=ADDRESS, articles=ADDRESS),
    "Sections": _object(items=_list(_named("Section"))),
    "ArticleInBrief": _object(**BRIEF),
    "Articles": _paged("ArticleInBrief"),
    "Article": _object(
        **BRIEF,
        body_html=TEXT,
        author=_or_null(TEXT),
        source=_or_null(TEXT),
        attachments=_list(_object(name=TEXT, media_type=TEXT, octets=AMOUNT, url=ADDRESS)),
        translations=_list(_object(language=LANGUAGE, title=TEXT, url=ADDRESS, self=ADDRESS)),
        poll=_or_null(ADDRESS),
    ),
    "PollInBrief": _object(**POLL_IN_BRIEF),
    "Polls": _paged("PollInBrief"),
    "Poll": _object(
        **POLL_IN_BRIEF,
        help=TEXT,
        fewest=ID,
        most=ID,
        choices=_list(_object(id=ID, label=TEXT)),
        result={**_or_null(RESULT), "description": "null while it is hidden; percent is of voters where several may be chosen"},
    ),
    "Problem": _object(type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT),
}


def _get(operation: str, text: str, schema: str, *parameters: Schema, gone: bool = False) -> Schema:
    codes = ("400", "404", *(["410"] if gone else []), "405", "414", "503")
    refused = {code: {"$ref": "#/components/responses/Problem"} for code in codes}
    told = {"description": text, "content": {"application/json": {"schema": _named(schema)}}}
    answers = {"200": told, "304": {"description": "Unchanged since the ETag that was sent"}, **refused}
    return {"get": {"operationId": operation, "summary": text, "parameters": list(parameters), "responses": answers}}
