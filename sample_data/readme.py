"""Finds every declared fault in the written sample, and writes the table of them into README.md."""

import re
from pathlib import Path

from sample_data.faults import FAULTS, SampleFault
from sample_data.parts import PARTS

_START, _STOP = "<!-- faults -->", "<!-- /faults -->"
_ENCODINGS = {part.file: part.encoding for part in PARTS}
_DELIMITERS = {part.file: part.delimiter for part in PARTS}
_NEXT_LINE = re.compile(r"\n")
_NEXT_MESSAGE = re.compile(r"\n\d{6,},")
"""Only messages have line ends inside a record; no line of a text starts with a number that long."""


def read_part(folder: Path, file: str) -> str:
    """Return the text of a part, line ends as they are, and a byte order mark as a character."""
    encoding = {"utf-8-sig": "utf-8"}.get(_ENCODINGS[file], _ENCODINGS[file])
    return (folder / file).read_bytes().decode(encoding, "surrogateescape" if encoding == "utf-8" else "strict")


def locate(fault: SampleFault, folder: Path) -> int | None:
    """Return the 1-based line on which a fault is seen; None when it is not there.

    A fault in a file among the attachments has no line: 0 when the file is there.
    """
    if fault.file not in _ENCODINGS:
        return 0 if (folder / fault.file).exists() else None
    if not (folder / fault.file).exists():
        return None
    text = read_part(folder, fault.file)
    span = _span(fault, text)
    if span is None:
        return None
    sight = fault.sight.split("{")[0] or fault.key
    sight = sight.replace('"', '""') if fault.cells and not fault.find else sight
    # A raw line without a key stands at the end of the file.
    at = (text.rfind if fault.raw and not fault.key else text.find)(sight, *span)
    return None if at < 0 else text.count("\n", 0, at) + 1


def _span(fault: SampleFault, text: str) -> tuple[int, int] | None:
    """Return where to look: the record with the key, or for a raw line what follows that record."""
    if not fault.key or "|" in fault.key:
        return 0, len(text)
    record = re.search(rf"(?m)^\"?{re.escape(fault.key)}\"?(?=[{_DELIMITERS[fault.file]}])", text)
    if record is None:
        return None
    after = (_NEXT_MESSAGE if fault.object == "messages" else _NEXT_LINE).search(text, record.end())
    end = after.start() if after else len(text)
    return (end, len(text)) if fault.raw else (record.start(), end)


def fault_table(folder: Path) -> str:
    """Return the table of all faults, in Markdown."""
    lines = [
        "| no. | kind | file | line | key | becomes | how |",
        "|---|---|---|---|---|---|---|",
    ]
    for fault in FAULTS:
        line = locate(fault, folder)
        if line is None:
            raise ValueError(f"fault {fault.number} ({fault.kind}) is not in {fault.file}")
        becomes = fault.becomes + (f" (`{fault.rule}`)" if fault.rule else "")
        cells = (fault.number, fault.kind, f"`{fault.file}`", line or "", fault.key, becomes, fault.detail)
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def write_readme(path: Path, folder: Path) -> None:
    """Put the table between its two marks in README.md; the words around it are written by hand."""
    before, rest = path.read_text(encoding="utf-8").split(_START)
    after = rest.split(_STOP)[1]
    path.write_text(f"{before}{_START}\n{fault_table(folder)}\n{_STOP}{after}", encoding="utf-8")
