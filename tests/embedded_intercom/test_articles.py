"""The help centre: articles and collections."""

import pytest

from embedded_intercom.protocol.errors import ApiError
from embedded_intercom.records.article_html import kept


def test_collections(api):
    parent = api.ok("POST", "/help_center/collections", {"name": "Guides"})
    child = api.ok("POST", "/help_center/collections", {"name": "Setup", "parent_id": parent["id"]})
    assert child["parent_id"] == parent["id"]
    assert api.ok("GET", f"/help_center/collections/{child['id']}") == child
    changed = api.ok("PUT", f"/help_center/collections/{child['id']}", {"description": "How to"})
    assert (changed["name"], changed["description"]) == ("Setup", "How to")
    assert api.ok("GET", "/help_center/collections")["total_count"] == 2
    message = api.refused(400, "parameter_not_found", "POST", "/help_center/collections", {})
    assert message == "Name is a required parameter."
    gone = api.ok("DELETE", f"/help_center/collections/{child['id']}")
    assert gone == {"id": child["id"], "object": "collection", "deleted": True}
    assert api.refused(404, "not_found", "GET", f"/help_center/collections/{child['id']}") == "Resource Not Found"


def test_articles(api):
    collection = api.ok("POST", "/help_center/collections", {"name": "FAQ"})
    body = {"title": "Hello", "author_id": int(api.admin), "body": "<p>Hi</p>", "parent_id": int(collection["id"])}
    made = api.ok("POST", "/articles", {**body, "parent_type": "collection"})
    assert (made["state"], made["author_id"], made["parent_ids"]) == ("draft", int(api.admin), [int(collection["id"])])
    published = api.ok("PUT", f"/articles/{made['id']}", {"state": "published", "body": "<p>New</p>"})
    assert (published["state"], published["body"], published["title"]) == ("published", "<p>New</p>", "Hello")
    assert api.ok("GET", "/articles")["data"] == [published]
    message = api.refused(400, "parameter_not_found", "POST", "/articles", {"title": "x"})
    assert message == "author_id must be in the main body or default locale translated_content object"
    api.refused(400, "parameter_not_found", "POST", "/articles", {"author_id": int(api.admin)})
    api.refused(400, "parameter_invalid", "POST", "/articles", {"title": "x", "author_id": api.admin})
    image = '<p>a</p><img src="data:image/png;base64,AAAA">'
    api.refused(400, "parameter_invalid", "PUT", f"/articles/{made['id']}", {"body": image})
    assert api.ok("DELETE", f"/articles/{made['id']}")["object"] == "article"
    api.refused(404, "not_found", "GET", f"/articles/{made['id']}")


@pytest.mark.parametrize(
    ("body", "read_back"),
    [
        ("<p>One <b>two</b><br>three</p><hr>", "<p>One <b>two</b><br>three</p><hr>"),
        ("<h1>A</h1><h3>B</h3><H6>C</H6>", "<h1>A</h1><h2>B</h2><h2>C</h2>"),
        ("<p>a<script>alert(1)</script><font>b</font></p>", "<p>ab</p>"),
        ('<p class="intercom-align-center" onclick="x()">c</p>', '<p class="intercom-align-center">c</p>'),
        ("<ul><li>a</li><li></li></ul>", "<ul><li>a</li><li></li></ul>"),
        ("<ul><li><ol><li>deep</li></ol></li></ul>", "<ul><li><ol><li>deep</li></ol></li></ul>"),
        (
            '<ul><li><img src="https://example.com/a.png"></li></ul>',
            '<ul><li><img src="https://example.com/a.png"></li></ul>',
        ),
        (
            '<iframe src="https://www.youtube.com/embed/x"></iframe>',
            '<iframe src="https://www.youtube.com/embed/x"></iframe>',
        ),
    ],
)
def test_an_article_keeps_what_intercom_supports(body, read_back):
    assert kept(body) == read_back


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('<img src="/relative.png">', "An image of the article could not be downloaded"),
        ("<img>", "An image of the article could not be downloaded"),
        ('<iframe src="https://example.com/v"></iframe>', "An iframe must be a video of a supported host"),
        ("<ul></ul>", "A list must contain at least one item that is not empty"),
        ("<ol><li> </li></ol>", "A list must contain at least one item that is not empty"),
        ("<table><tr></tr></table>", "A table must have at least one row and one cell"),
        (
            "<table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>",
            "A table cannot be in a list or in another table",
        ),
        ("<ul><li><table><tr><td>x</td></tr></table></li></ul>", "A table cannot be in a list or in another table"),
    ],
)
def test_an_article_that_intercom_cannot_show_is_refused(body, message):
    with pytest.raises(ApiError) as refused:
        kept(body)
    assert (refused.value.status, refused.value.message) == (400, message)


def test_translations_are_judged_like_the_body(api):
    body = {"title": "T", "author_id": int(api.admin), "body": "<h4>x</h4>"}
    german = {"type": "article_content", "title": "T", "body": "<h5>y</h5>"}
    made = api.ok("POST", "/articles", {**body, "translated_content": {"de": german}})
    assert (made["body"], made["translated_content"]["de"]["body"]) == ("<h2>x</h2>", "<h2>y</h2>")
    broken = {"translated_content": {"de": {**german, "body": "<ul></ul>"}}}
    api.refused(400, "parameter_invalid", "PUT", f"/articles/{made['id']}", broken)
