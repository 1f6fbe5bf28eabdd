"""Every fault of the committed sample, as data: the sample is made from this list, and so is its README."""

from dataclasses import replace
from functools import cache

from sample_data.fault import Becomes, SampleFault
from sample_data.faults_attachments import ATTACHMENT_FAULTS
from sample_data.faults_bodies import BODY_FAULTS
from sample_data.faults_files import FILE_FAULTS
from sample_data.faults_relations import RELATION_FAULTS
from sample_data.faults_values import VALUE_FAULTS

__all__ = ["FAULTS", "Becomes", "SampleFault", "raw_lines"]

FAULTS: tuple[SampleFault, ...] = tuple(
    replace(fault, number=number)
    for number, fault in enumerate((*FILE_FAULTS, *VALUE_FAULTS, *BODY_FAULTS, *RELATION_FAULTS, *ATTACHMENT_FAULTS), 1)
)
"""The faults, numbered from 1."""


@cache
def raw_lines(file: str) -> dict[str, list[str]]:
    """Return the raw texts of a file by the key of the record after which they stand ('' is the end)."""
    lines: dict[str, list[str]] = {}
    for fault in FAULTS:
        if fault.file == file and fault.raw:
            lines.setdefault(fault.key, []).append(fault.raw)
    return lines
