"""What is odd about a file that was read: damage that makes all of it untrustworthy, and findings for a person."""

from collections.abc import Mapping

from migration_assets.ground.column_name import normalise
from migration_assets.itco.count import FileCount
from migration_assets.itco.drop import Drop
from migration_assets.itco.faults import Findings
from migration_assets.itco.headers import UNKNOWN_PREFIX
from migration_assets.itco.part import OpenPart
from migration_assets.itco.scan import UnreadableError

ROW_CAPS = {
    10_000: "a listing of at most 10,000",
    30_000: "a listing of 300 pages of 100",
    50_000: "an export of at most 50,000",
    65_535: "the rows of an old Excel sheet",
    100_000: "an export of at most 100,000",
    500_000: "an importer's limit",
    1_000_000: "an export of at most 1,000,000",
    1_048_575: "the rows of an Excel sheet",
}
"""Numbers of records at which exports are known to stop."""
_DAMAGED_SHARE = 0.1
_DAMAGED_FREELY = 20
_EARLY_LOOK = 2000


def refuse_damaged(count: FileCount, fields: int, *, final: bool) -> None:
    """Refuse a file of which too much is damaged: more than 10 % (and 20 records), or more than half.

    Raises:
        UnreadableError: with the numbers by rule.
    """
    # A few pieces of one damaged record are one fault, not many.
    pieces = min(count.continued, _DAMAGED_FREELY)
    damaged, records = count.damaged - pieces, count.records - pieces
    too_much = damaged > max(_DAMAGED_FREELY, _DAMAGED_SHARE * records) or (damaged > 2 and damaged * 2 > records)
    if too_much and (final or (records >= _EARLY_LOOK and damaged * 2 > records)):
        rules = ", ".join(f"{number} {rule}" for rule, number in sorted(count.by_rule.items()))
        raise UnreadableError(
            0,
            f"{damaged} of {records} records do not fit the header's {fields} fields or are damaged ({rules}); the "
            f"delimiter or the quoting is not what it seems",
        )


def note(part: OpenPart, count: FileCount, drop: Drop, findings: Findings) -> None:
    """Note what a person should know about one file."""
    name, warn, info = part.part.name, findings.warn, findings.info
    if part.encoding.assumed:
        lines = ", ".join(str(line) for line in part.survey.high_lines)
        warn(name, "encoding_assumed", f"read as {part.encoding.name}: {part.encoding.evidence}. Compare line {lines}")
    if part.dialect.newline == "mixed":
        info(name, "mixed_line_ends", "line ends of more than one kind")
    if count.blank:
        info(name, "blank_lines", f"{count.blank} lines have no values and are no records")
    if count.lone_cr:
        info(name, "lone_cr", f"{count.lone_cr} carriage returns stand alone in values without quotes; they are kept")
    if count.open_end and not count.by_rule.get("cut_off"):
        info(name, "no_final_line_end", "the last record has no line end; its last value may be cut off")
    if count.doubtful:
        warn(
            name,
            "read_after_misplaced_quote",
            f"{count.doubtful} records follow a misplaced quote and were landed because they look whole; see from here",
            count.doubtful_line,
        )
    if count.quarantined:
        rules = ", ".join(f"{number} {rule}" for rule, number in sorted(count.by_rule.items()))
        warn(name, "records_quarantined", f"{count.quarantined} records are held back: {rules}")
    if count.full_cells:
        warn(name, "excel_cell_limit", f"{count.full_cells} cells have 32,767 characters, at which Excel cuts them off")
    _note_counts(name, count, drop, findings)
    _note_columns(part, findings)


def _note_counts(name: str, count: FileCount, drop: Drop, findings: Findings) -> None:
    whole = count.records - count.quarantined + count.damaged
    stated = drop.stated_rows(name)
    if not count.records:
        findings.warn(name, "no_records", f"{name} has a header and no records")
    if whole in ROW_CAPS:
        findings.warn(name, "row_cap", f"exactly {whole} records: {ROW_CAPS[whole]} may have cut the export off")
    if stated is not None and whole > stated:
        findings.warn(
            name, "more_rows_than_stated", f"{whole} records, but extract.yaml states {stated}; was it exported later?"
        )


def _note_columns(part: OpenPart, findings: Findings) -> None:
    unknown = [cell.found for cell in part.header if (cell.column or "").startswith(UNKNOWN_PREFIX)]
    if unknown:
        findings.warn(
            part.part.name,
            "unknown_columns",
            f"columns that no rule knows, landed and not migrated: {', '.join(unknown)}. Name them in mapping.yaml "
            f"under headers.{part.part.object} if they are needed",
        )
    own = [cell.found for cell in part.header if cell.column is None]
    if own:
        findings.info(part.part.name, "own_columns", f"columns of our own rejects, left out: {', '.join(own)}")


def note_object(parts: list[OpenPart], given: Mapping[str, str], findings: Findings) -> None:
    """Note what shows only over all files of an object: the same file twice, headers that no file has."""
    seen: dict[str, str] = {}
    for part in parts:
        first = seen.setdefault(part.survey.sha256, part.part.name)
        if first != part.part.name:
            findings.warn(part.part.name, "same_file_twice", f"{part.part.name} has the same bytes as {first}")
    there = {normalise(cell.found) for part in parts for cell in part.header}
    unused = [name for name in given if normalise(name) not in there]
    if parts and unused:
        findings.warn(None, "header_not_found", f"mapping.yaml names headers that no file has: {', '.join(unused)}")
