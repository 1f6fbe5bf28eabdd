from datetime import datetime

import pytest

from schemas.extract import ExtractError, load_extract

GOOD = "source_instance: demo\ntime_zone: Europe/Berlin\nexported_at: {at}\nexported_by: P. Nowak\n"


def load(tmp_path, text):
    (tmp_path / "extract.yaml").write_text(text)
    return load_extract(tmp_path)


@pytest.mark.parametrize(
    ("at", "utc"),
    [
        ("2026-11-02T08:30:00+01:00", datetime(2026, 11, 2, 7, 30)),  # noqa: DTZ001 - UTC without a zone is the contract
        ("'2026-07-01 08:30'", datetime(2026, 7, 1, 6, 30)),  # noqa: DTZ001
        ("2026-11-02", datetime(2026, 11, 1, 23, 0)),  # noqa: DTZ001
    ],
)
def test_the_time_of_the_export_is_brought_to_utc(tmp_path, at, utc):
    assert load(tmp_path, GOOD.format(at=at)).exported_at_utc == utc


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("row_counts: {tickets.csv: -1}", ":5: row_counts.*negative"),
        ("row_counts: {tickets.csv: many}", ":5: row_counts.tickets.csv: .*integer"),
        ("row_counts: {tickets.csv: true}", ":5: row_counts.tickets.csv: .*integer"),
        ("sha256: {tickets.csv: abc}", ":5: sha256.*64 hexadecimal"),
        ("exported_by: again", ":5: 'exported_by' stands already on line 4"),
        ("rows: 1", ":5: rows: There is no such key"),
        ("time_zon: x", ":5: time_zon: There is no such key. Did you mean time_zone"),
        ("row_counts: {tickets.csv: 1", "extract.yaml:6: not YAML"),
        ("exported_on: 2026-02-31", "date or number"),
    ],
)
def test_faults_have_their_line(tmp_path, line, message):
    with pytest.raises(ExtractError, match=message):
        load(tmp_path, GOOD.format(at="2026-11-02") + line + "\n")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (
            [],
            "there is no such file. Every drop needs one; it is a text in UTF-8 with a line for each of source",
        ),
        (["Extract.yml"], "The folder has Extract.yml: name it extract.yaml."),
        (["extract.yaml.txt"], "The folder has extract.yaml.txt: name it extract.yaml."),
        (["EXTRACT.YAML", "notes.txt"], "The folder has EXTRACT.YAML: name it extract.yaml."),
        (["extract (1).yaml"], "The folder has extract (1).yaml: name it extract.yaml."),
    ],
)
def test_a_missing_file_is_said_so_with_what_was_meant_for_it(tmp_path, files, says):
    for name in files:
        (tmp_path / name).write_text("source_instance: demo\n")
    with pytest.raises(ExtractError) as caught:
        load_extract(tmp_path)
    assert says in str(caught.value)
    assert "UTF-8 text" not in str(caught.value)
    assert "templates" not in str(caught.value)


def test_one_that_is_no_utf8_is_said_so(tmp_path):
    (tmp_path / "extract.yaml").write_bytes(b"source_instance: \xff\n")
    with pytest.raises(ExtractError, match="cannot be read as UTF-8 text"):
        load_extract(tmp_path)
