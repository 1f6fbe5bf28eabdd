"""Where a dry run works: in a folder of its own, on a copy of the warehouse.

So nothing that a load has proved is touched: not its tables, not its reconciliation, not what is remembered of the keys
of earlier drops.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg

JOB = "dry_run"
"""The name of the job whose runs are dry. Nothing else makes a run dry, and no option of it can make it write."""
FOLDER = "dry-run"
"""The folder in the state folder that it works in, made anew by each dry run."""
KNOWN_KEYS = "known_keys"
"""The folder beside the warehouse with what is remembered of the keys of earlier drops."""


def is_dry(context: dg.InitResourceContext | None) -> bool:
    """Whether the run that a resource is made for is a dry run."""
    return context is not None and context.run is not None and context.run.job_name == JOB


@dataclass
class WarehouseCopy:
    """The copy of a warehouse that a dry run works on.

    It is made when it is asked for first: by then the run has the state folder to itself. Where only some steps of an
    earlier dry run are `repeated`, theirs is gone on with.
    """

    original: Path
    repeated: bool = False
    _made: bool = field(default=False, init=False)

    @property
    def file(self) -> Path:
        """The copy's file; the copy is there once this was asked."""
        copy = self.original.parent / FOLDER / self.original.name
        if not self._made and not (self.repeated and copy.exists()):
            self._make(copy)
        self._made = True
        return copy

    def _make(self, copy: Path) -> None:
        shutil.rmtree(copy.parent, ignore_errors=True)
        copy.parent.mkdir(parents=True, mode=0o700)
        for name in (self.original.name, f"{self.original.name}.wal"):
            if (file := self.original.with_name(name)).exists():
                shutil.copyfile(file, copy.with_name(name))
        if (known := self.original.with_name(KNOWN_KEYS)).is_dir():
            shutil.copytree(known, copy.with_name(KNOWN_KEYS))
