"""Whether a certificate still holds: what it says, held against what is found now, a sentence per section."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from migration_assets.accounting.all_runs import WORK, CertifiedRun, totals
from migration_assets.accounting.certificate import Certificate
from migration_assets.accounting.sections import SpotCheck
from migration_assets.handoff import explain
from migration_assets.objects.registry import declarations
from resources.wording import counted, listed, number

NAMED = 5
"""How many files or objects a sentence names; what is beyond is counted."""


@dataclass(frozen=True)
class Recounted:
    """What was found now. `fresh` is the certificate that would be written now; None where it cannot be made.

    `files` are the sha256 of the extract's files by name, `mapping` that of the mapping (None: not there), `journal`
    the records by object that the journal knows to be in Intercom, and `runs` the runs that it knows.
    """

    files: Mapping[str, str]
    mapping: str | None
    journal: Mapping[str, int]
    fresh: Certificate | None
    why_not: str = ""
    spot_check: SpotCheck | None = None
    runs: Sequence[CertifiedRun] = ()


@dataclass(frozen=True)
class CheckFinding:
    """A section, whether it holds, and the sentence that says so."""

    section: str
    holds: bool
    sentence: str


def compare(certificate: Certificate, found: Recounted) -> list[CheckFinding]:
    """Return a finding per section of the certificate."""
    return [
        _of("proof", _proof(certificate), "It is of a load."),
        _of(
            "extract",
            _files(certificate, found),
            f"{counted(len(certificate.files), 'file is', 'files are')} as certified.",
        ),
        _of("mapping", _mapping(certificate, found), "The mapping is the one that was used."),
        _of("rows", _rows(certificate, found), _rows_hold(certificate)),
        _of("journal", _journal(certificate, found), "The journal knows every record that is certified."),
        _of("runs", _runs(certificate, found), _runs_hold(certificate)),
        _of("intercom", _present(certificate, found), "Intercom has every record that is certified."),
        _of("fields", _fields(certificate, found), _fields_hold(certificate)),
        _of("spot check", _eyes(certificate, found), "What people checked by eye is as certified."),
    ]


def _of(section: str, faults: Iterator[str], otherwise: str) -> CheckFinding:
    said = list(faults)
    return CheckFinding(section, not said, " ".join(said) or otherwise)


def _proof(certificate: Certificate) -> Iterator[str]:
    """Say why the certificate certifies nothing; what is certified of a dry run, or of no record, cannot hold."""
    if certificate.migration.dry_run:
        yield "It is of a dry run, which wrote nothing, so it certifies nothing: make migrate, then look again."
    elif not any(counts.present for counts in certificate.intercom.values()):
        yield "By it, Intercom has no record of this migration, so it certifies nothing: make migrate, then look again."


def _files(certificate: Certificate, found: Recounted) -> Iterator[str]:
    if not certificate.files:
        yield "The certificate names no file: the run that it is of landed none."
    certified = {file.file: file.sha256 for file in certificate.files}
    changed = [name for name, sha in certified.items() if name in found.files and found.files[name] != sha]
    if changed:
        yield f"Changed since: {_some(changed)}."
    if missing := [name for name in certified if name not in found.files]:
        yield f"Not there any more: {_some(missing)}."
    if added := [name for name in found.files if name not in certified]:
        yield f"Came after it: {_some(added)}."


def _some(names: list[str]) -> str:
    beyond = [f"{number(len(names) - NAMED)} more"] if len(names) > NAMED else []
    return listed([*sorted(names)[:NAMED], *beyond])


def _mapping(certificate: Certificate, found: Recounted) -> Iterator[str]:
    if found.mapping is None:
        yield "The mapping is not there any more."
    elif found.mapping != certificate.migration.mapping_sha256:
        yield "The mapping has changed since."


def _rows(certificate: Certificate, found: Recounted) -> Iterator[str]:
    wrong = [name for name, counts in certificate.source.items() if counts.rows != counts.accounted]
    if wrong or not certificate.source:
        yield f"The certificate itself does not add up: {listed([explain.noun(name) for name in wrong]) or 'no rows'}."
    if found.fresh is None:
        yield found.why_not
        return
    now = found.fresh.source
    if other := [name for name in certificate.source if now.get(name) != certificate.source[name]]:
        yield f"The fates of {listed([explain.noun(name) for name in other])} are others now."


def _rows_hold(certificate: Certificate) -> str:
    rows = sum(counts.rows for counts in certificate.source.values())
    return f"{counted(rows, 'row has', 'rows have')} the fate that is certified, each one fate."


def _journal(certificate: Certificate, found: Recounted) -> Iterator[str]:
    for name, item in declarations().items():
        if item.plural not in certificate.intercom or item.carried_by is not None:
            continue  # files go with the messages that carry them
        counts = certificate.intercom[item.plural]
        expected, known = (
            counts.created + counts.updated + counts.adopted + counts.unchanged,
            found.journal.get(name, 0),
        )
        if known < expected:
            yield f"The journal knows {number(known)} {explain.noun(name)}, where {number(expected)} are certified."


def _runs(certificate: Certificate, found: Recounted) -> Iterator[str]:
    if certificate.all_runs is None:
        return
    certified = certificate.all_runs
    if certified.total != totals(certified.runs):
        yield "The certificate itself does not add up: its totals are not the sums of its runs."
    if found.fresh is None:
        yield found.why_not
        return
    known = {run.run_id: _work(run) for run in found.runs}
    # A run that wrote nothing has left nothing in the journal that could be missed.
    worked = [run for run in certified.runs if any(_work(run))]
    if other := [run.run_id for run in worked if known.get(run.run_id) != _work(run)]:
        yield f"The journal does not know what these runs are certified to have done: {_some(other)}."


def _work(run: CertifiedRun) -> tuple[int, ...]:
    return tuple(getattr(run, name) for name in WORK)


def _runs_hold(certificate: Certificate) -> str:
    if certificate.all_runs is None:
        return "The certificate says nothing of single runs, so none is certified."
    certified = counted(len(certificate.all_runs.runs), "run is", "runs are")
    return f"The journal knows what {certified} certified to have done."


def _present(certificate: Certificate, found: Recounted) -> Iterator[str]:
    if found.fresh is None:
        yield found.why_not
        return
    for name, counts in certificate.intercom.items():
        now = found.fresh.intercom.get(name)
        if now is None:
            yield f"{explain.noun(name).capitalize()} cannot be counted: the state folder is of another load."
        elif now.present != counts.present:
            there = f"Intercom has {number(now.present)} {explain.noun(name)} of this migration"
            yield f"{there}, where {number(counts.present)} are certified."


def _fields(certificate: Certificate, found: Recounted) -> Iterator[str]:
    different = sum(field.different for fields in certificate.fields.values() for field in fields.values())
    if different:
        yield f"{counted(different, 'field was', 'fields were')} different when they were compared."
    if not certificate.fields:
        return
    if found.fresh is None:
        yield found.why_not
        return
    now = found.fresh.fields
    others = [
        f"{field} of {explain.noun(name)}"
        for name, fields in certificate.fields.items()
        for field, counts in fields.items()
        if now.get(name, {}).get(field) != counts
    ]
    if others:
        yield (
            f"Read again, {_some(others)} {'is' if len(others) == 1 else 'are'} not as certified: make verify lists "
            "what differs, with both values."
        )


def _fields_hold(certificate: Certificate) -> str:
    compared = sum(field.compared for fields in certificate.fields.values() for field in fields.values())
    if not compared:
        return "No field was compared, so none is certified."
    return f"{counted(compared, 'field')} read again and compared: as certified, none different."


def _eyes(certificate: Certificate, found: Recounted) -> Iterator[str]:
    if certificate.spot_check != found.spot_check:
        yield "What people checked by eye is not what is certified: spot-check.json has changed."
