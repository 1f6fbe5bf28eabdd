"""Help centers, redirects from old addresses, and the search of articles."""

import pytest

from embedded_intercom.routes.article_search import marked

OLD = "https://help.example.com/help/old"


@pytest.fixture(scope="module")
def center(api):
    return api.ok("GET", "/help_center/help_centers")["data"][0]


@pytest.fixture(scope="module")
def path(center):
    return f"/help_center/help_centers/{center['id']}/redirects"


@pytest.fixture(scope="module")
def article(api):
    return api.ok("POST", "/articles", {"title": "Returning goods", "author_id": int(api.admin), "body": "<p>How</p>"})


def test_the_help_center_is_seeded(api, center):
    assert api.ok("GET", f"/help_center/help_centers/{center['id']}") == center
    assert (center["default"], center["url"]) == (True, "https://help.example.com/help")
    api.refused(404, "not_found", "GET", "/help_center/help_centers/99")


def test_redirects_are_made_listed_and_deleted(api, center, path, article):
    collection = api.ok("POST", "/help_center/collections", {"name": "FAQ"})
    body = {"from_url": OLD, "locale": "en", "target_type": "article", "target_id": article["id"]}
    made = api.ok("POST", path, body)
    assert {name: made[name] for name in body} == body
    assert (made["type"], made["help_center_id"]) == ("help_center_redirect", center["id"])
    other = {**body, "from_url": f"{OLD}/2", "target_type": "collection", "target_id": collection["id"]}
    second = api.ok("POST", path, other)
    assert api.refused(409, "resource_conflict", "POST", path, body) == "A redirect with that URL already exists"
    listed = api.ok("GET", f"{path}?per_page=1")
    assert ([row["id"] for row in listed["data"]], listed["total_count"]) == ([second["id"]], 2)
    assert listed["pages"]["next"]["page"] == 2
    assert [row["id"] for row in api.ok("GET", f"{path}?per_page=1&page=2")["data"]] == [made["id"]]
    assert api.ok("GET", f"{path}/{made['id']}") == made
    gone = {"id": made["id"], "object": "help_center_redirect", "deleted": True}
    assert api.ok("DELETE", f"{path}/{made['id']}") == gone
    assert api.refused(404, "not_found", "GET", f"{path}/{made['id']}") == "Resource not found"
    api.ok("POST", path, body)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"from_url": None}, 400, "parameter_not_found"),
        ({"locale": ""}, 400, "parameter_not_found"),
        ({"target_type": "page"}, 400, "parameter_invalid"),
        ({"from_url": "/old"}, 422, "data_invalid"),
        ({"from_url": "https://elsewhere.example.com/old"}, 422, "data_invalid"),
        ({"target_id": "1"}, 422, "data_invalid"),
    ],
)
def test_wrong_redirects_are_refused(api, path, article, change, status, code):
    body = {"from_url": f"{OLD}/wrong", "locale": "en", "target_type": "article", "target_id": article["id"]}
    api.refused(status, code, "POST", path, body | change)
    api.refused(404, "not_found", "POST", "/help_center/help_centers/99/redirects", body)
    api.refused(400, "intercom_version_invalid", "GET", path, version="2.15")


def test_articles_are_found_by_a_phrase(api, article):
    published = {"title": "Goods", "author_id": int(api.admin), "body": "<p>Returning</p>", "state": "published"}
    other = api.ok("POST", "/articles", published)

    def found(query):
        return [row["id"] for row in api.ok("GET", f"/articles/search?{query}")["data"]["articles"]]

    assert found("phrase=RETURNING") == [article["id"], other["id"]]
    assert found("phrase=returning%20goods") == [article["id"]]
    assert found("phrase=returning&state=published") == [other["id"]]
    assert found("phrase=returning&help_center_id=1") == []
    answer = api.ok("GET", "/articles/search?phrase=goods&highlight=true&state=draft")
    assert answer["data"]["highlights"] == [
        {
            "article_id": article["id"],
            "highlighted_title": [{"type": "plain", "text": "Returning "}, {"type": "highlight", "text": "goods"}],
            "highlighted_summary": [[{"type": "plain", "text": "How"}]],
        }
    ]
    api.refused(400, "parameter_invalid", "GET", "/articles/search?state=old")


@pytest.mark.parametrize("text", ["", "one", "a one b ONE", "oneone", "none one"])
def test_marking_loses_no_letter(text):
    pieces = marked(text, "one")
    assert "".join(piece["text"] for piece in pieces) == text
    assert all((piece["text"].lower() == "one") == (piece["type"] == "highlight") for piece in pieces)
