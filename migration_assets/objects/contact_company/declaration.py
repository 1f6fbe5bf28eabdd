"""A link: which contact belongs to which company."""

from migration_assets.objects.declaration import Declaration, Requirement, UndoAction
from migration_assets.objects.fields import FieldList, ObjectField

CONTACT_COMPANY = Declaration(
    name="contact_company",
    plural="contact_companies",
    meaning="One row per contact and company that belong together.",
    noun="links of contacts to companies",
    operation="attach",
    removal=UndoAction.DETACH,
    parent="contact_key",
    rowless=True,
    references=(Requirement("contact", "contact_key"), Requirement("company", "company_key")),
    fields=FieldList(
        (
            ObjectField("contact_key", "The contact's key.", payload="contact", body=None, compared=None),
            ObjectField("company_key", "The company's key.", payload="company", body=None, compared=None),
        )
    ),
)
