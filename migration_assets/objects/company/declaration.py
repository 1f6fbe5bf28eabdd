"""A company, as Intercom holds it."""

from collections.abc import Mapping

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import ATTRIBUTES, MOMENT, NUMBER, FieldList, ObjectField
from migration_assets.objects.normalisations import BLANK_SPACE, NUMBER_WRITTEN_OTHERWISE
from schemas.intercom import Company


def plan_name(company: Company) -> str | None:
    """Return a company's plan, which Intercom takes as text and gives back as an object."""
    plan = company.plan
    return plan.get("name") if isinstance(plan, Mapping) else plan


COMPANY = Declaration(
    name="company",
    plural="companies",
    meaning="One row per company, with those of the same domain merged into the newest.",
    sources=("companies",),
    keyed_by="companies",
    changeable=True,
    drawn=True,
    operation="upsert",
    fields=FieldList(
        (
            ObjectField("company_id", "The id under which the company is written and found again.", editable=False),
            ObjectField("name", "The company's name."),
            ObjectField("website", "The company's domain.", nullable=True),
            ObjectField(
                "remote_created_at", "When it was created at the source, in unix seconds.", MOMENT, nullable=True
            ),
            ObjectField(
                "size",
                "The number of employees.",
                NUMBER,
                nullable=True,
                normalisations=(BLANK_SPACE, NUMBER_WRITTEN_OTHERWISE),
            ),
            ObjectField("industry", "The industry, in words.", nullable=True),
            ObjectField("plan", "The plan it has bought.", nullable=True, shown=plan_name),
            ObjectField("custom_attributes", "Attribute name -> value, as JSON.", ATTRIBUTES, emptied_by_null=True),
        )
    ),
)
