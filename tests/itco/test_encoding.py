import pytest

from migration_assets.itco.encoding import UnknownEncodingError, decide_encoding, likely
from migration_assets.itco.survey import survey

TEXT = "id,body\n1,Müller fährt für drei Tage, schön\n2,café señor mañana coração\n3,don’t – “quoted”\n" * 3


def decide(tmp_path, data, hint=None):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    return decide_encoding("x.csv", survey(path), hint)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_are_told_with_evidence(tmp_path, written, found):
    encoding = decide(tmp_path, TEXT.encode(written))
    assert encoding.name == found
    assert encoding.evidence
    assert encoding.assumed == (found == "cp1252")


@pytest.mark.parametrize("written", ["mac_roman", "cp850", "cp437"])
def test_other_western_encodings_are_refused_with_a_line_and_what_to_do(tmp_path, written):
    text = TEXT if written == "mac_roman" else TEXT.translate({ord(c): None for c in "’–“”ã"})
    with pytest.raises(UnknownEncodingError, match=r"line .*2.*files: \{'x.csv'"):
        decide(tmp_path, text.encode(written))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Jiří Kuťák, Lenka Kučerová, Ťapka, Věra Němcová", "cp1250"),
        ("Wiśniewski, Michał Gołąb, Źródło, Kuťák", "cp1250"),
        ("Müller fährt für drei Tage, schön, Größe, Straße, été", "mac_roman"),
        ("Müller fährt für drei Tage, schön, Größe", "cp850"),
    ],
)
def test_the_encoding_that_is_offered_makes_words_of_names(text, written):
    assert likely(f"id,name\n1,{text}\n".encode(written)) == written


@pytest.mark.parametrize(("text", "written"), [("Привет мир", "cp1251"), ("お世話になっております", "shift_jis")])
def test_other_scripts_are_refused_unless_a_person_names_the_encoding(tmp_path, text, written):
    data = f"id,body\n1,{text}\n".encode(written)
    with pytest.raises(UnknownEncodingError, match="encoding"):
        decide(tmp_path, data)
    assert decide(tmp_path, data, written).name == written


def test_an_unknown_name_is_refused(tmp_path):
    with pytest.raises(UnknownEncodingError, match="latin-nonsense"):
        decide(tmp_path, b"a", "latin-nonsense")
    with pytest.raises(UnknownEncodingError, match="hex"):
        decide(tmp_path, b"a", "hex")


def test_a_few_bad_bytes_leave_utf8_utf8_and_a_mixture_is_refused(tmp_path):
    good = "1,Müller fährt für\n".encode()
    bad = "1,Müller fährt für\n".encode("cp1252")
    assert "quarantined" in decide(tmp_path, good * 9 + b"2,\xe9\n").evidence
    with pytest.raises(UnknownEncodingError, match="different encodings were joined"):
        decide(tmp_path, good + bad * 3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"PK\x03\x04zz", "workbook"), (b"<html>", "HTML"), (b"%PDF-1", "PDF"), (b"[{}]", "JSON")],
)
def test_what_is_no_csv_is_named(tmp_path, data, reason):
    with pytest.raises(UnknownEncodingError, match=reason):
        decide(tmp_path, data)


def test_the_survey_does_not_depend_on_the_block_size(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(TEXT.encode() + b"\xff")
    small, big = survey(path, 2), survey(path)
    assert (small.size, small.sha256, small.invalid_utf8, small.valid_utf8) == (
        big.size,
        big.sha256,
        1,
        big.valid_utf8,
    )
