"""Articles: search by a phrase, with the places where it stands."""

import json
from typing import Any

from embedded_intercom.api.paging import asked_by_number, by_number
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import invalid
from embedded_intercom.records.bodies import plain

routes = Routes()

_STATES = ("published", "draft", "all")
_TEXT = "(coalesce(json_extract(doc, '$.title'), '') || ' ' || coalesce(json_extract(doc, '$.body'), ''))"


@routes("GET", "/articles/search", (2, 10))
def search(call: Call) -> Result:
    """Articles whose title or text contains the phrase, oldest first, by page."""
    phrase, state = call.query.get("phrase", ""), call.query.get("state", "all")
    if state not in _STATES:
        raise invalid("state must be published, draft or all")
    clauses, values = ["instr(lower(" + _TEXT + "), ?) > 0"], [phrase.lower()]
    if state != "all":
        clauses.append("json_extract(doc, '$.state') = ?")
        values.append(state)
    if "help_center_id" in call.query:
        clauses.append(
            "json_extract(doc, '$.parent_id') IN "
            "(SELECT id FROM collections WHERE json_extract(doc, '$.help_center_id') = CAST(? AS INTEGER))"
        )
        values.append(call.query["help_center_id"])
    where = " AND ".join(clauses)
    asked = asked_by_number(call, default=10, largest=150)
    total = call.store.scalar(f"SELECT count(*) FROM articles WHERE {where}", values)
    rows = call.store.all(
        f"SELECT doc FROM articles WHERE {where} ORDER BY id LIMIT ? OFFSET ?", [*values, asked.per_page, asked.offset]
    )
    found = [json.loads(row["doc"]) for row in rows]
    shown = [_highlights(article, phrase) for article in found] if call.query.get("highlight") == "true" else []
    data = {"articles": found, "highlights": shown}
    return {"type": "list", "total_count": total, "data": data, "pages": by_number(call, asked, total)}


def _highlights(article: JsonObject, phrase: str) -> JsonObject:
    return {
        "article_id": article["id"],
        "highlighted_title": marked(article["title"] or "", phrase),
        "highlighted_summary": [marked(plain(article["body"] or ""), phrase)],
    }


def marked(text: str, phrase: str) -> list[dict[str, Any]]:
    """Split a text into what the phrase is and what it is not; case does not matter."""
    pieces: list[dict[str, Any]] = []
    folded, sought, start = text.lower(), phrase.lower(), 0
    while sought and (at := folded.find(sought, start)) >= 0:
        if at > start:
            pieces.append({"type": "plain", "text": text[start:at]})
        pieces.append({"type": "highlight", "text": text[at : at + len(sought)]})
        start = at + len(sought)
    if start < len(text):
        pieces.append({"type": "plain", "text": text[start:]})
    return pieces
