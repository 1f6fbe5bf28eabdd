"""The mapping is checked as a whole, and every fault names its line."""

from pathlib import Path

import pytest

from schemas.mapping import Mapping, MappingError, load_mapping
from schemas.mapping_parts import fold

GOOD = """\
version: 1
statuses:
  Open: {state: open, ticket_state: Submitted}
priorities:
  High: high
message_kinds:
  reply: reply
author_types:
  agent: agent
settings:
  migration_admin: ops@example.com
  snoozed_until: 2036-01-01T09:00:00Z
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_minimal_mapping_has_the_safe_defaults(tmp_path):
    mapping = load_mapping(write(tmp_path, GOOD))
    assert mapping.settings.route == "ticket"
    assert mapping.settings.unmatched == "hold"
    assert mapping.settings.multi_select == "booleans"
    assert mapping.settings.snoozed_until_epoch == 2082790800


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("state: open", "state: opened"), 3, "'opened'"),
        (("High: high", "High: top"), 5, "'top'"),
        (("migration_admin: ops@example.com", "admin: ops@example.com"), 11, "admin"),
        (("2036-01-01T09:00:00Z", "2036-01-01T09:00:00"), 10, "time zone"),
        (("version: 1", "version: 2"), 1, "version"),
        (("version: 1", "version: 1\nroutes: ticket"), 2, "routes"),
        (("High: high", "High: high\n  'high ': low"), 4, "same value"),
        (("High: high", "High: high\n  High: low"), 6, "already on line 5"),
        (
            (
                "settings:",
                "custom_fields:\n- {field: cf_a, object: ticket, name: A, type: select, options: {x: X}}\nsettings:",
            ),
            11,
            "at least two options",
        ),
        (
            ("settings:", "custom_fields:\n- {field: a, object: ticket, name: A, type: string}\nsettings:"),
            11,
            "cf_",
        ),
        (("settings:", "headers: {ticket: {a: b}}\nsettings:"), 1, "'ticket' is not an ITCO object"),
        (("settings:", "headers: {tickets: {Betreff: subjekt}}\nsettings:"), 1, "'subjekt' is not a column"),
    ],
)
def test_a_fault_names_the_line_and_what_is_wrong(tmp_path, change, line, words):
    path = write(tmp_path, GOOD.replace(*change))
    with pytest.raises(MappingError) as caught:
        load_mapping(path)
    assert f"{path}:{line}:" in str(caught.value)
    assert words in str(caught.value)


def test_every_fault_is_reported_at_once(tmp_path):
    path = write(tmp_path, GOOD.replace("state: open", "state: opened").replace("High: high", "High: top"))
    with pytest.raises(MappingError) as caught:
        load_mapping(path)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["a: [", "- a\n- b\n", ""])
def test_what_is_not_a_mapping_is_said_so(tmp_path, text):
    with pytest.raises(MappingError, match=r"mapping\.yaml:"):
        load_mapping(write(tmp_path, text))


def test_a_missing_file_is_said_so(tmp_path):
    with pytest.raises(MappingError, match=r"there is no such file\. Check MAP="):
        load_mapping(tmp_path / "none.yaml")


def test_fallback_needs_an_admin(tmp_path):
    with pytest.raises(MappingError, match="fallback_admin"):
        load_mapping(write(tmp_path, GOOD.replace("settings:", "settings:\n  unmatched: fallback")))


def test_files_are_loaded_unless_the_mapping_says_otherwise(tmp_path):
    settings = load_mapping(write(tmp_path, GOOD)).settings
    assert (settings.attachments, settings.attachment_limit) == ("upload", 20_000_000)
    named = GOOD.replace("settings:", "settings:\n  attachments: name_only\n  attachment_limit_mb: 1")
    settings = load_mapping(write(tmp_path, named)).settings
    assert (settings.attachments, settings.attachment_limit) == ("name_only", 1_000_000)
    with pytest.raises(MappingError, match="attachment_limit_mb"):
        load_mapping(write(tmp_path, GOOD.replace("settings:", "settings:\n  attachment_limit_mb: 0")))


def test_values_are_compared_without_case_and_spaces():
    assert fold("  En  ATTENTE ") == fold("en attente")


def test_every_setting_has_a_description():
    def undescribed(model):
        return [name for name, field in model.model_fields.items() if not field.description]

    assert undescribed(Mapping) == []
