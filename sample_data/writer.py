"""Writes the parts of the committed sample, each in its own encoding, delimiter and way of writing times."""

import csv
import io
from pathlib import Path

from sample_data.clean import sha256, write_manifest
from sample_data.faults import raw_lines
from sample_data.moments import parse_iso
from sample_data.parts import PARTS, SamplePart
from sample_data.tables import Row, SampleTables, key_of

HASHED = ("tickets.csv", "tickets-2024.csv", "messages.csv", "customers.csv")


def write_sample(folder: Path, sample: SampleTables) -> None:
    """Write every part, the attachments' files and extract.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for part in PARTS:
        text, counts[part.file] = part_text(part, sample)
        (folder / part.file).write_bytes(_encoded(text, part.encoding))
    for path, content in sample.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    write_manifest(folder, counts, {name: sha256(folder / name) for name in HASHED})


def part_text(part: SamplePart, sample: SampleTables) -> tuple[str, int]:
    """Return a part's text and the number of its records as ITCO would count them.

    Repeated headers and totals rows are no records of ITCO's; everything else that stands in the file is, faulty
    or not.
    """
    rows = [row for row in sample.rows[part.object].values() if part.takes(row)]
    copies = [row for file, _, row in sample.copies if file == part.file]
    raws = raw_lines(part.file)
    header = [part.header.get(column, column) for column in part.columns]
    lines = [part.first_line] if part.first_line else []
    lines.append(_line(part, header))
    records = 0
    for row in (*rows, *copies):
        line = _line(part, [_value(part, row, column) for column in part.columns])
        lines.append(line)
        records += 1
        for raw in raws.get(key_of(part.object, row), ()):
            lines.append(_filled(raw, header, line, records))
            records += _is_record(raw)
    for raw in raws.get("", ()):
        lines.append(_filled(raw, header, "", records))
        records += _is_record(raw)
    return _joined(part, lines), records


def _filled(raw: str, header: list[str], line: str, records: int) -> str:
    """Complete a raw line with what only the writer knows: the header, the record before, the count."""
    if raw.startswith("Ticket ID,"):
        return ",".join(header)
    return line if raw == "{same}" else raw.replace("{count}", str(records))


def _is_record(raw: str) -> bool:
    return bool(raw.strip()) and not raw.startswith(("Ticket ID,", "Total,"))


def _value(part: SamplePart, row: Row, column: str) -> str:
    value = row.get(column, "")
    if column in part.words:
        return part.words[column].get(value, value)
    if part.decimal_comma and column == "cf_order_value" and "," not in value:
        return value.replace(".", ",")
    if part.times and column.endswith("_at"):
        moment = parse_iso(value)
        return value if moment is None else part.times(moment)
    return value


def _line(part: SamplePart, values: list[str]) -> str:
    out = io.StringIO()
    # The writer only quotes line ends that are among its own, so it must be told both.
    csv.writer(out, delimiter=part.delimiter, lineterminator="\r\n").writerow(values)
    return out.getvalue().removesuffix("\r\n")


def _joined(part: SamplePart, lines: list[str]) -> str:
    if part.newline == "mixed":
        return "".join(line + ("\r\n" if number % 3 == 1 else "\n") for number, line in enumerate(lines))
    return part.newline.join(lines) + (part.newline if part.last_newline else "")


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-16":
        # Written out, because Python's "utf-16" depends on the machine's byte order.
        return b"\xff\xfe" + text.encode("utf-16-le")
    # A planted byte that is not UTF-8 stands in the text as a surrogate.
    return text.encode(encoding, "surrogateescape" if encoding == "utf-8" else "strict")
