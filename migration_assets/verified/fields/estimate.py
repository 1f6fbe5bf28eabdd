"""How many calls a verification takes, by asset, before it begins. Pure arithmetic."""

from collections.abc import Mapping

from migration_assets.objects.read_back import Chosen
from migration_assets.objects.registry import read_backs
from migration_assets.verified.fields.groups import groups, sources_of


def calls_of(chosen: Chosen) -> dict[str, int]:
    """Return the calls by asset, if nobody else has records in the workspace; with strangers' there are more pages."""
    known = read_backs()
    return {group: sum(known[name].calls(chosen) for name in objects) for group, objects in groups().items()}


def calls_again(differing: int, records: Mapping[str, int]) -> dict[str, int]:
    """Return the calls that looking again at records takes, by asset: one for each kind of answer that shows them."""
    if not differing:
        return {}
    known = groups()
    return {group: max(1, len(sources_of(known[group][:1]))) * number for group, number in records.items()}
