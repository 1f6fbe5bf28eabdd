"""Who writes a name that nothing has is told the name that is most like it, and never one that is not."""

import pytest

from schemas.mapping import Mapping, MappingError, load_mapping
from schemas.suggestions import did_you_mean, names_at


@pytest.mark.parametrize(
    ("word", "hint"),
    [("ticket_ulr", " Did you mean ticket_url?"), ("Settings", " Did you mean settings?"), ("zzz", "")],
)
def test_the_most_like_name_is_named_or_none(word, hint):
    assert did_you_mean(word, ["ticket_url", "settings", "tags"]) == hint


def test_what_all_names_begin_with_makes_none_alike():
    assert did_you_mean("MIGRATION_RUN", ["MIGRATION_MAP"]) == " Did you mean MIGRATION_MAP?"
    assert did_you_mean("MIGRATION_RUN", ["MIGRATION_MAP"], "MIGRATION_") == ""


def test_keys_are_known_at_every_depth():
    assert "settings" in names_at(Mapping, [])
    assert "route" in names_at(Mapping, ["settings"])
    assert set(names_at(Mapping, ["files", "tickets.csv"])) == {"encoding", "delimiter"}
    assert names_at(Mapping, ["headers", "tickets"]) == [], "any header may stand there"
    assert names_at(Mapping, ["nowhere", 3]) == []


def test_unknown_keys_of_a_mapping_are_named_with_their_line_and_what_was_meant(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text("version: 1\nticket_ulr: x\nsettings:\n  rute: ticket\nzzz: 1\n")
    with pytest.raises(MappingError) as refused:
        load_mapping(path)
    said = str(refused.value).splitlines()
    assert f"{path}:2: ticket_ulr: There is no such key. Did you mean ticket_url?" in said
    assert f"{path}:4: settings.rute: There is no such key. Did you mean route?" in said
    assert f"{path}:5: zzz: There is no such key." in said
