"""Which drop is to be loaded next: new, whole, at rest, and as its `extract.yaml` says. Reads files and decides.

What was seen at each look is kept by the caller between two looks (`SeenDrop`, the sensor's cursor).
"""

import hashlib
import json
import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from migration_assets.delta.drop_faults import Reasons, looked_at, why_not
from resources.wording import counted, duration, listed
from schemas.extract import ATTACHMENTS, EXTRACT_FILE, READABLE, Extract, ExtractError, load_extract, misnamed
from schemas.paths import leads_out
from schemas.yaml_file import cut

BLOCK = 1 << 22
LONGEST_WAY = 86_400.0
"""Seconds for which a drop may go on changing before those that were exported later are loaded without it."""


@dataclass(frozen=True)
class Look:
    """How a drop's files lie there: a mark of their names, sizes and times, and when any was touched last (unix)."""

    mark: str
    touched: float


@dataclass(frozen=True)
class SeenDrop:
    """What is remembered of a drop: its mark, since when it has it, and what came of it.

    `key` is the hash of its content once it was read, `fault` why it cannot be loaded as it is, `asked` whether a run
    was asked for, `came` when it was seen first (None: an earlier version of the program has not noted it).
    """

    mark: str
    since: float
    key: str | None = None
    fault: str | None = None
    asked: bool = False
    came: float | None = None


@dataclass(frozen=True)
class Choice:
    """A drop to be loaded (None: none now), what is remembered, and why nothing or not everything was chosen.

    `faults` are the reasons that stay as long as a drop is as it is, by the drop's name.
    """

    drop: Path | None = None
    key: str | None = None
    seen: Mapping[str, SeenDrop] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    folder: Path
    extract: Extract

    @property
    def exported_at(self) -> datetime:
        return self.extract.exported_at_utc.replace(tzinfo=UTC)


def next_drop(
    folder: Path, seen: Mapping[str, SeenDrop], now: float, quiet: float, last_loaded: Mapping[str, datetime]
) -> Choice:
    """Choose the oldest drop that no run was asked for, that has not changed for `quiet` seconds and is whole.

    Args:
        folder: holds the drops, each in a folder of its own.
        seen: what was remembered at the last look, by the drop's name.
        now: unix seconds.
        quiet: seconds for which a drop must look the same, at two looks at least.
        last_loaded: by source instance, when the drop was exported that was loaded last.
    """
    if not folder.is_dir():
        return Choice(reasons=(f"There is no folder {folder} (MIGRATION_DROPS).",), seen=seen)
    if (folder / EXTRACT_FILE).exists():
        said = f"{folder} is a drop itself; MIGRATION_DROPS names the folder that drops are put into."
        return Choice(reasons=(said,), seen=seen)
    reasons = Reasons()
    remembered = _looked_at_all(folder, seen, now, reasons)

    def at_rest(found: Reasons) -> dict[str, str]:
        return {name: fault for name, fault in found.faults.items() if _rests(remembered.get(name), now, quiet)}

    ready = [
        one
        for one in _unasked(folder, remembered, last_loaded, reasons)
        if not _never_rests(one, remembered[one.folder.name], now, quiet, reasons)
    ]
    if ready:
        first = ready[0]
        name = first.folder.name
        if now - remembered[name].since < quiet or name not in seen:
            # What was exported later waits too: loaded first, it would make this one too old.
            reasons.said.append(f"{name} may still be on its way: it must look the same for {duration(quiet)}.")
        else:
            # One drop at a time: to read it all takes a while.
            key, fault = _read_whole(first, reasons)
            remembered[name] = replace(remembered[name], key=key, fault=fault, asked=fault is None)
            if fault is None:
                return Choice(first.folder, key, remembered, tuple(reasons.said), at_rest(reasons))
    if not reasons.said:
        said = f"Nothing new in {folder}: a run was asked for each of its {counted(len(remembered), 'drop')}."
        return Choice(seen=remembered, reasons=(said,))
    return Choice(seen=remembered, reasons=tuple(reasons.said), faults=at_rest(reasons))


def newest_drop(folder: Path, now: float, quiet: float) -> Choice:
    """Choose the drop that was exported last among those that are whole; `folder` may be a drop itself.

    One look only: a drop is at rest when none of its files was touched for `quiet` seconds.
    """
    reasons = Reasons()
    folders = [folder] if (folder / EXTRACT_FILE).exists() else usable_drops(folder, reasons)
    found = [candidate for drop in folders if (candidate := _readable(drop, reasons)) is not None]
    for candidate in sorted(found, key=lambda one: (one.exported_at, one.folder.name), reverse=True):
        seen = looked_at(candidate.folder, look_at, reasons)
        if seen is None or now - seen.touched < quiet:
            reasons.said.append(f"{candidate.folder.name} may still be on its way: it was touched just now.")
            continue
        key, fault = _read_whole(candidate, reasons)
        if fault is None:
            return Choice(candidate.folder, key, reasons=tuple(reasons.said), faults=reasons.faults)
    return Choice(reasons=tuple(reasons.said) or (f"There is no drop in {folder}.",), faults=reasons.faults)


def drops_in(folder: Path) -> list[Path]:
    """Return the folders in which drops arrive, by name; hidden ones are not looked at."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def usable_drops(folder: Path, reasons: Reasons) -> list[Path]:
    """Return the drops that may be looked into; say of the others why not."""
    usable = []
    for drop in drops_in(folder):
        fault = why_not(drop, folder)
        if fault is None:
            usable.append(drop)
        else:
            reasons.fault(drop, fault)
    return usable


def look_at(drop: Path) -> Look:
    """Look at all files of a drop without reading them."""
    mark, touched = hashlib.sha256(), 0.0
    for path in _files(drop):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue  # taken away while we looked: the next look has another mark
        # The time of a file's last change of any kind cannot be set back, as that of its content can.
        touched = max(touched, found.st_mtime, found.st_ctime)
        locked = "" if os.access(path, os.R_OK) else "\0locked"  # it is another drop once somebody may read it
        mark.update(os.fsencode(path.relative_to(drop)) + f"\0{found.st_size}\0{found.st_mtime_ns}{locked}\n".encode())
    return Look(mark.hexdigest(), touched)


def content(drop: Path, extract: Extract) -> tuple[str, str | None]:
    """Read a drop and return the hash of its content and, where a file is not the stated one, a sentence.

    Attachments count by name and size, so that many gigabytes need not be read for it.
    """
    total, wrong = hashlib.sha256(), []
    stated = {unicodedata.normalize("NFC", name): digest for name, digest in extract.sha256.items()}
    for path in _files(drop):
        name = path.relative_to(drop).as_posix()
        if leads_out(path, drop):
            wrong.append(f"{cut(ascii(name), 100)} is a link to a place outside the drop")
        elif name.startswith(f"{ATTACHMENTS}/"):
            total.update(os.fsencode(name) + f"\0{path.stat().st_size}\n".encode())
        elif path.suffix.lower() in READABLE or name == EXTRACT_FILE:
            digest = _sha256(path)
            total.update(os.fsencode(name) + f"\0{digest}\n".encode())
            if stated.pop(unicodedata.normalize("NFC", name), digest) != digest:
                wrong.append(f"{name} is not the file that was exported")
    wrong += [f"{name} is missing" for name in stated]
    fault = (
        f"{drop.name}: {'; '.join(wrong)}, by the SHA-256 in its {EXTRACT_FILE}. Deliver it again." if wrong else None
    )
    return total.hexdigest(), fault


def remembered_as_text(seen: Mapping[str, SeenDrop]) -> str:
    """Return what is remembered as the text of a cursor."""
    return json.dumps({name: asdict(one) for name, one in sorted(seen.items())})


def remembered_from(text: str | None) -> dict[str, SeenDrop]:
    """Read what was remembered; nothing where there was nothing yet."""
    return {name: SeenDrop(**one) for name, one in json.loads(text).items()} if text else {}


def _unasked(
    folder: Path, remembered: Mapping[str, SeenDrop], last_loaded: Mapping[str, datetime], reasons: Reasons
) -> list[_Candidate]:
    """Return the drops that no run was asked for and that could be loaded, the oldest first; say why others cannot."""
    found = []
    for drop in drops_in(folder):
        known = remembered.get(drop.name)
        if known is None:
            continue  # what is wrong with it was said
        if known.fault is not None:
            reasons.fault(drop, known.fault)
        elif not known.asked:
            candidate = _readable(drop, reasons)
            if candidate is not None and not _is_older(candidate, last_loaded, reasons):
                found.append(candidate)
    return sorted(found, key=lambda one: (one.exported_at, one.folder.name))


def _looked_at_all(folder: Path, seen: Mapping[str, SeenDrop], now: float, reasons: Reasons) -> dict[str, SeenDrop]:
    """Return what is remembered of each drop after this look at it, but of those that cannot be looked at."""
    looks = {drop.name: looked_at(drop, look_at, reasons) for drop in usable_drops(folder, reasons)}
    return {name: _remember(look.mark, seen.get(name), now) for name, look in looks.items() if look is not None}


def _rests(known: SeenDrop | None, now: float, quiet: float) -> bool:
    return known is None or now - known.since >= quiet


def _never_rests(found: _Candidate, known: SeenDrop, now: float, quiet: float, reasons: Reasons) -> bool:
    if _rests(known, now, quiet) or now - (known.came or now) <= LONGEST_WAY:
        return False
    changing = f"{found.folder.name} has been changing for more than {duration(LONGEST_WAY)}"
    reasons.said.append(f"{changing}; others do not wait for it.")
    return True


def _read_whole(found: _Candidate, reasons: Reasons) -> tuple[str | None, str | None]:
    """Return the hash of a drop's content and why it cannot be loaded, which is said, too."""
    read = looked_at(found.folder, lambda drop: content(drop, found.extract), reasons)
    if read is None:
        return None, reasons.faults[found.folder.name]
    key, fault = read
    if fault is not None:
        reasons.fault(found.folder, fault)
    return key, fault


def _remember(mark: str, before: SeenDrop | None, now: float) -> SeenDrop:
    if before is not None and before.mark == mark:
        return before
    return SeenDrop(mark, now, came=now if before is None else before.came)


def _readable(drop: Path, reasons: Reasons) -> _Candidate | None:
    return looked_at(drop, lambda one: _candidate(one, reasons), reasons)


def _candidate(drop: Path, reasons: Reasons) -> _Candidate | None:
    if not os.path.lexists(drop / EXTRACT_FILE):
        found = misnamed(drop)
        hint = f", but {listed(found)}: name it {EXTRACT_FILE}" if found else " yet"
        reasons.said.append(f"{drop.name} has no {EXTRACT_FILE}{hint}.")
        return None
    try:
        return _Candidate(drop, load_extract(drop))
    except ExtractError as error:
        reasons.fault(drop, f"{drop.name}: {str(error).splitlines()[0]}")
        return None


def _is_older(found: _Candidate, last_loaded: Mapping[str, datetime], reasons: Reasons) -> bool:
    last = last_loaded.get(found.extract.source_instance)
    if last is None or found.exported_at >= last:
        return False
    reasons.said.append(f"{found.folder.name} was exported before the drop that was loaded last, and is left alone.")
    return True


def _files(drop: Path) -> Iterator[Path]:
    return (path for path in sorted(drop.rglob("*")) if path.is_file() and not path.name.startswith((".", "~$")))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def many(choice: Choice) -> str:
    """Return the reasons of a choice as one text."""
    shown = choice.reasons[:5]
    more = len(choice.reasons) - len(shown)
    return " ".join([*shown, *([f"And {counted(more, 'drop')} more."] if more else [])])
