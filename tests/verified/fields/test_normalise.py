"""Each normalisation explains what it says, and nothing that is not the same."""

import duckdb
import pytest

from migration_assets.objects.explaining import define_macros, explaining, normalisations

KNOWN = {
    "object": "VARCHAR", "field": "VARCHAR", "expected": "VARCHAR", "found": "VARCHAR", "adopted": "BOOLEAN",
    "filled": "BOOLEAN", "extra_refused": "BOOLEAN", "tied": "BOOLEAN", "said": "VARCHAR", "files_of": "VARCHAR",
    "files_alone": "VARCHAR", "kept": "BOOLEAN", "accepted": "BOOLEAN",
    "writers": "VARCHAR[]", "own_tag_to_go": "BOOLEAN",
}  # fmt: skip


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as made:
        define_macros(made)
        yield made


@pytest.fixture
def explain(connection):
    def explained(object_name, field, expected, found, **more):
        row = {"object": object_name, "field": field, "expected": expected, "found": found} | more
        row = {"adopted": False, "filled": False, "extra_refused": False} | row
        columns = ", ".join(f"CAST(${name} AS {kind}) AS {name}" for name, kind in KNOWN.items())
        values = {name: row.get(name) for name in KNOWN}
        return connection.execute(f"SELECT {explaining()} FROM (SELECT {columns})", values).fetchall()[0][0]

    return explained


EXPLAINED = {
    "same_digits": [("contact", "phone", "+15551234567", "15551234567"), ("contact", "phone", "+15", "+1 5")],
    "html_written_anew": [
        ("part", "text", "<p>A <b>b</b> &amp; c</p>", '<p class="x">A <strong>b</strong> &amp; c</p>'),
        ("part", "text", '<p>A&nbsp;b "c"<br>d</p>', "<p>A b &quot;c&quot;<br/>d</p>"),
        ("part", "text", '<p><a href="https://e.example/?a&amp;b">x</a></p>', '<p><a rel="x" href="https://e.example/?a&b">x</a>'),
        ("part", "text", "<p>Ä ß € \u00a0x & y</p>", "<p>&#196; &#xDF; &euro;&nbsp;x &amp; y</p>"),
        ("part", "text", "<p>a &amp;lt; b</p>", "<p>a &#38;lt; b</p>"),
        ("part", "text", '<p>i <img src="https://a.example/1.png"></p>', '<p>i</p><div><img src="https://b.example/2"/></div>'),
    ],
    "text_shown_as_html": [
        ("conversation", "opening", "a <b> & c\nd", "<p>a &lt;b&gt; &amp; c<br>d</p>"),
        ("conversation", "description", "Hello", "<p>Hello</p>"),
    ],
    "older_form_of_id": [
        ("contact", "external_id", "itco-7", "7"),
        ("contact", "external_id", "itco-customer:7", "itco-deleted:7"),
    ],
    "size_not_shown": [("attachment", "filesize", "12", None), ("attachment", "filesize", "12", "0")],
    "opening_is_description": [("conversation", "opening", "Hello", None)],
    "title_is_attribute": [("conversation", "inbox_title", "Title", None)],
    "letter_case": [
        ("tag", "name", "VIP", "vip"), ("conversation", "tags", "A, b", "a, B"), ("contact", "email", "A@b", "a@b")],
    "title_cut_off": [("conversation", "inbox_title", "A title of R&D", "A title…")],
    "title_escaped": [("conversation", "inbox_title", "A title of R&D", "A title of R&amp;D")],
    "blank_space": [("contact", "name", " Ann  Lee", "Ann Lee"), ("conversation", "title", "a\u00a0 b ", "a b")],
    "number_written_otherwise": [
        ("company", "attribute.Seats", "25.0", "25"), ("conversation", "attribute.Value", "1.50", "1.5")],
    "moment_written_otherwise": [("conversation", "attribute.Closed", "1600000000", "2020-09-13T12:26:40Z")],
    "data_type": [("attribute", "data_type", "options", "string"), ("attribute", "data_type", "datetime", "date")],
    "tag_put_on_since": [("conversation", "tags", "A, b", "B, a, c"), ("conversation", "tags", None, "c")],
    "seen_since": [("contact", "last_seen_at", "5", "6"), ("contact", "last_seen_at", None, "6")],
}  # fmt: skip


@pytest.mark.parametrize("name", EXPLAINED)
def test_what_says_the_same_is_explained(explain, name):
    for case in EXPLAINED[name]:
        assert explain(*case) == name, case


CONTEXT = [
    ("adopted", ("contact", "name", "Ann", "Theirs"), {"adopted": True}),
    ("edit_kept", ("contact", "name", "Ann", "Theirs"), {"kept": True}),
    ("accepted_by_the_mapping", ("contact", "name", "Ann", "An"), {"accepted": True}),
    ("reply_that_reopened", ("part", "kind", "comment", "open"), {}),
    ("same_second", ("part", "order", "2", "3"), {"tied": True}),
    ("long_thread", ("part", "conversation", "t1#2", "t1"), {}),
    ("priority_refused", ("conversation", "priority", "high", "none"), {"extra_refused": True}),
    (
        "words_about_files",
        ("part", "text", "<p>Hi</p><p>Attachments not loaded: a</p>", "<p>Hi</p>"),
        {"said": "<p>Hi</p>"},
    ),
    (
        "words_about_files",
        ("part", "text", "<p>(empty message)</p>", "<p>(attachment only: a)</p>"),
        {"files_alone": "<p>(attachment only</p>"},
    ),
    ("words_about_files", ("part", "text", "<p>Files: a</p>", "<p>Files: a, b</p>"), {"files_of": "m1"}),
    ("replier_takes_part", ("conversation", "contact", "c1", "c1, c2"), {"writers": ["c2", "c3"]}),
]


@pytest.mark.parametrize(("name", "case", "more"), CONTEXT)
def test_what_is_known_of_the_record_may_explain(explain, name, case, more):
    assert explain(*case, **more) == name
    if more:
        assert explain(*case) is None


NOT_EXPLAINED = [
    ("conversation", "tags", "A, b", "A, c"),
    ("conversation", "tags", "A, b", "A"),
    ("part", "text", "<p>A b</p>", "<p>A c</p>"),
    ("part", "text", "<p>A b</p>", None),
    ("part", "text", "<p>Ä b</p>", "<p>&#197; b</p>"),
    ("part", "text", "<p>Ä b</p>", "<p>&#99999999; b</p>"),
    ("attachment", "filesize", "12", "11"),
    ("conversation", "contact", "c1", "c1, c2"),
    ("conversation", "contact", "c1", "c2, c1"),
    ("conversation", "contact", "c1", "c2"),
    ("part", "text", '<p><a href="https://a.example">x</a></p>', '<p><a href="https://b.example">x</a></p>'),
    ("part", "text", "<p>x</p>", '<p>x<img src="https://a.example/1.png"></p>'),
    ("part", "text", "<p>(empty message)</p>", "<p>(attachment only: a)</p>"),
    ("part", "author", "admin 1", "admin 2"),
    ("part", "order", "2", "3"),
    ("part", "conversation", "t1", "t2"),
    ("part", "kind", "note", "comment"),
    ("part", "kind", "note", "open"),
    ("part", "created_at", "5", "6"),
    ("conversation", "opening", "Hello", "<p>Hell</p>"),
    ("conversation", "description", "Hello", None),
    ("conversation", "title", "Title", None),
    ("conversation", "title", "Title", "title"),
    ("conversation", "priority", "high", "none"),
    ("conversation", "state", "open", "closed"),
    ("conversation", "attribute.Value", "1.5", "1.6"),
    ("contact", "name", "Ann", "ann"),
    ("contact", "last_seen_at", "6", "5"),
    ("contact", "last_seen_at", "6", None),
    ("contact", "signed_up_at", "6", "7"),
    ("contact", "present", "true", None),
    ("company", "size", "5", "6"),
]


@pytest.mark.parametrize("case", NOT_EXPLAINED)
def test_what_says_something_else_is_a_difference(explain, case):
    assert explain(*case) is None


def test_a_filled_field_of_an_adopted_record_must_be_ours(explain):
    assert explain("contact", "name", "Ann", "Other", adopted=True, filled=True) is None
    assert explain("contact", "name", "Ann", None, adopted=True) is None


def test_every_normalisation_says_why():
    assert len({item.name for item in normalisations()}) == len(normalisations())
    shown = {*EXPLAINED, *(name for name, *_ in CONTEXT)}
    assert {item.name for item in normalisations()} == shown
    assert all(item.reason.endswith(".") for item in normalisations())


@pytest.mark.parametrize(
    ("name", "question", "so", "otherwise"),
    [
        ("replier_takes_part", "replier_participates", "yes", "no"),
        ("opening_is_description", "opening_text", "empty", "description"),
        ("title_cut_off", "inbox_title", "shortened", "whole"),
        ("title_escaped", "inbox_title", "escaped", "whole"),
        ("reply_that_reopened", "reply_to_closed", "open", "comment"),
    ],
)
def test_what_the_workspace_was_seen_not_to_do_explains_nothing(name, question, so, otherwise):
    assert f"'{name}'" not in explaining({question: otherwise})
    assert all(f"'{name}'" in explaining(answers) for answers in ({}, {question: so}, {question: "other"}))


def test_a_tag_of_ours_that_is_to_go_is_nobodys(explain):
    assert explain("conversation", "tags", "A", "A, B") == "tag_put_on_since"
    assert explain("conversation", "tags", "A", "A, B", own_tag_to_go=True) is None
