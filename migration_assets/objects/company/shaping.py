"""How the source's companies become Intercom's: those of one domain are one, unless their names contradict."""

from pathlib import Path

import polars as pl

from migration_assets.objects.person_names import make_macro
from migration_assets.objects.shaping import SELECTED_BY, Shaping
from schemas.mapping import Mapping


def mapping_tables(mapping: Mapping) -> dict[str, pl.DataFrame]:
    """Return what a person has said of the companies of a domain."""
    said = [(domain.strip().lower(), choice) for domain, choice in mapping.same_domain.items()]
    return {"same_domains": pl.DataFrame(said, dict.fromkeys(("domain", "choice"), pl.String), orient="row")}


COMPANY_SHAPING = Shaping(
    folder=Path(__file__).parent,
    after=SELECTED_BY,
    steps=(make_macro, "shape"),
    mapping_tables=mapping_tables,
    numbers={
        "rows_merged": "SELECT count(*) FROM target.company_sources WHERE role = 'merged'",
        "rows_skipped": "SELECT count(*) FROM target.skipped WHERE object = 'companies'",
    },
    lineage={"companies": "lineage"},
)
