"""How the source's companies become Intercom's: those of one domain are one."""

from pathlib import Path

from migration_assets.objects.person_names import make_macro
from migration_assets.objects.shaping import SELECTED_BY, Shaping

COMPANY_SHAPING = Shaping(
    folder=Path(__file__).parent,
    after=SELECTED_BY,
    steps=(make_macro, "shape"),
    numbers={
        "rows_merged": "SELECT count(*) FROM target.company_sources WHERE role = 'merged'",
        "rows_skipped": "SELECT count(*) FROM target.skipped WHERE object = 'companies'",
    },
    lineage={"companies": "lineage"},
)
