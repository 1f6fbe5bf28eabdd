"""Whole migrations, recorded: a run is pointed at the recorder, which stands before an embedded workspace."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from embedded_intercom.process import EmbeddedProcess, Quotas
from schemas.settings import PROJECT
from tests.conformance.exchange import Exchange
from tests.conformance.recorder import LoseTheFirst, Recorder
from tests.support.cli import Cli, Finished

PLENTY = Quotas(app=1_000_000, workspace=1_000_000)
"""Pacing has tests of its own; with the default quota these runs would mostly wait."""
SEED = PROJECT / "sample_data" / "workspace_seed.json"
NAME = "Nordlicht Commerce"


@dataclass(frozen=True)
class Recorded:
    """One migration and what went over the wire.

    Attributes:
        state: the state folder of the runs.
        embedded: the state folder of the workspace.
        runs: how each run ended, in order.
        exchanges: what each run asked and was answered, in the same order.
        lost: how many answers the runs never got.
    """

    state: Path
    embedded: Path
    runs: list[Finished]
    exchanges: list[list[Exchange]]
    lost: int


def record(folder: Path, extract: Path, *arguments: str, runs: int) -> Recorded:
    """Migrate an extract `runs` times over one state, losing the first answer to each kind of write."""
    finished, exchanges = [], []
    with (
        EmbeddedProcess(folder / "embedded", quotas=PLENTY, seed=SEED) as workspace,
        Recorder(workspace.url, LoseTheFirst()) as recorder,
    ):
        environment = {
            "MIGRATION_EXTRACT": extract,
            "INTERCOM_BASE_URL": recorder.url,
            "INTERCOM_ACCESS_TOKEN": workspace.token,
            "INTERCOM_WORKSPACE": NAME,
            # What became of a lost answer can be seen at once; Intercom's searches would lag.
            "MIGRATION_SETTLE_SECONDS": 0,
        }
        run = Cli(folder / "state", **environment)
        for _ in range(runs):
            before = len(recorder.exchanges)
            finished.append(run("migrate", *arguments))
            exchanges.append(recorder.exchanges[before:])
    return Recorded(folder / "state", folder / "embedded", finished, exchanges, recorder.lost)


def record_both(folder: Path, sample: Path, small: Path) -> dict[str, Recorded]:
    """Record both routes at the same time: the sample as tickets, twice, and a small extract as conversations."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        asked = {
            "ticket": pool.submit(record, folder / "ticket", sample, runs=2),
            "conversation": pool.submit(record, folder / "conversation", small, "--route", "conversation", runs=1),
        }
        return {route: future.result() for route, future in asked.items()}
