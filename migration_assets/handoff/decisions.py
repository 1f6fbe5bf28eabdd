"""Every decision that a person made about a migration: in the mapping, the run's options or the files of rejects."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from migration_assets.accounting.sections import Decision, DecisionKind
from migration_assets.ground import given_back
from migration_assets.handoff.evidence import Evidence
from resources.wording import listed
from schemas.doubt_kind import DoubtState, Limit
from schemas.mapping import Mapping as CustomerMapping

VALUES = {name: field.title for name, field in CustomerMapping.model_fields.items() if field.title}
"""Tables of the mapping that lead from the source's value to another, and what a value of each is called."""


def decide_what_was_decided(mapping: CustomerMapping, options: Mapping[str, Any], evidence: Evidence) -> list[Decision]:
    """Return the decisions, those that left something behind first.

    Args:
        mapping: the mapping that the run used.
        options: the choices made when the run was started, by name.
        evidence: what is known at the end of the run.
    """
    return [
        *_skipped(mapping, evidence),
        *_left_behind(mapping),
        *_by_hand(evidence),
        *_fallbacks(evidence),
        *_accepted(mapping, evidence),
        *(Decision(kind="option", what=name, value=str(value)) for name, value in options.items() if value),
        *_settings(mapping),
        *_mapped(mapping),
        *_read_as(mapping),
        *_cells(mapping),
    ]


def _skipped(mapping: CustomerMapping, evidence: Evidence) -> Iterator[Decision]:
    for rule in mapping.skip:
        rows = sum(row["rows"] for row in evidence.fates if row["skipped_by"] == rule.name)
        value = f"{rule.object} whose {rule.column} is {listed(rule.any_of, 'or')}, with all that belongs to them"
        yield Decision(kind="skipped by rule", what=rule.name, value=value, rows=rows)


def _left_behind(mapping: CustomerMapping) -> Iterator[Decision]:
    for field in mapping.ignored_fields:
        yield Decision(kind="left behind", what=field, value="this field is not carried over")


def _by_hand(evidence: Evidence) -> Iterator[Decision]:
    """Return what was said of single rows in the files of rejects: which are left out, and which are corrected."""
    said: tuple[tuple[str, DecisionKind, str], ...] = (
        (given_back.LEFT_OUT, "left out", "rows that a person has left out, by rejects/{file}"),
        (given_back.CORRECTED, "corrected", "rows in whose place stands what a person wrote into rejects/{file}"),
    )
    for reason, kind, words in said:
        rows: Counter[str] = Counter()
        for row in evidence.fates:
            rows[row["object"]] += row["rows"] if row["reason"] == reason else 0
        for name, number in sorted((+rows).items()):
            files = [given_back.rows_file(name), *([given_back.values_file(name)] if kind == "corrected" else [])]
            yield Decision(kind=kind, what=name, value=words.format(file=listed(files, "or")), rows=number)


def _fallbacks(evidence: Evidence) -> Iterator[Decision]:
    for row in evidence.fallbacks:
        yield Decision(kind="fallback", what=row["what"], value=row["value"], rows=row["rows"])


def _accepted(mapping: CustomerMapping, evidence: Evidence) -> Iterator[Decision]:
    rows = {(one.code, one.where): one.rows for one in evidence.doubts if one.state is DoubtState.ACCEPTED}
    for one in mapping.accepted:
        touched = sum(number for (code, where), number in rows.items() if code == one.doubt and _is_of(one.of, where))
        what = f"{one.doubt} of {one.of}" if one.of else str(one.doubt)
        yield Decision(kind="accepted", what=what, value=one.because, rows=touched)
    for name in mapping.accepted_answers:
        yield Decision(kind="accepted", what=f"answers about {name}", value="as Intercom shows it")
    for code, limit in mapping.limits.items():
        yield Decision(kind="accepted", what=f"limit of {code}", value=str(Limit(limit.share, limit.rows)))


def _is_of(meant: str | None, where: str) -> bool:
    return meant in (None, where, where.split(".", 1)[0])


def _settings(mapping: CustomerMapping) -> Iterator[Decision]:
    for name, value in mapping.settings.model_dump(mode="json").items():
        yield Decision(kind="setting", what=name, value="not set" if value is None else str(value))


def _mapped(mapping: CustomerMapping) -> Iterator[Decision]:
    for status, becomes in mapping.statuses.items():
        yield _mapping(f"status {status}", f"{becomes.state}, shown as {becomes.ticket_state}")
    for table, noun in VALUES.items():
        for value, other in getattr(mapping, table).items():
            yield _mapping(f"{noun} {value}", str(other))
    for field in mapping.custom_fields:
        options = "; ".join(f"{one} → {other}" for one, other in field.options.items())
        yield _mapping(f"{field.object}.{field.field}", f"{field.name} ({field.type})" + (options and f": {options}"))


def _read_as(mapping: CustomerMapping) -> Iterator[Decision]:
    for object_name, headers in mapping.headers.items():
        for header, column in headers.items():
            yield _mapping(f"header {header} of {object_name}", column)
    for file, hint in mapping.files.items():
        given = hint.model_dump(exclude_none=True)
        yield _mapping(f"file {file}", ", ".join(f"{name} {value!r}" for name, value in given.items()))
    for truth, words in mapping.booleans.items():
        yield _mapping(f"words for {truth}", listed(words))
    for column in mapping.repair_mojibake:
        yield _mapping(f"wrongly decoded letters of {column}", "repaired")
    if mapping.private_marks:
        yield _mapping("words that mark a message as internal", listed(mapping.private_marks))
    if mapping.default_region:
        yield _mapping("region of telephone numbers without one", mapping.default_region)


def _cells(mapping: CustomerMapping) -> Iterator[Decision]:
    for where, readings in mapping.ids.items():
        yield _mapping(f"ids of {where}", readings if isinstance(readings, str) else listed([*readings]))
    for where, mark in mapping.lists.items():
        yield _mapping(f"what separates {where}", repr(mark))
    for where, kept in mapping.meant_words.items():
        yield _mapping(f"words that are meant in {where}", listed(kept))
    if mapping.empty_words:
        yield _mapping("words for nothing", listed(mapping.empty_words))


def _mapping(what: str, value: str) -> Decision:
    return Decision(kind="mapped", what=what, value=value)
