"""A contact: a person who asks, as Intercom holds them."""

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import ATTRIBUTES, FLAG, MOMENT, FieldList, ObjectField, only_here
from migration_assets.objects.normalisations import BLANK_SPACE, LETTER_CASE, Normalisation
from schemas.source import PREFIX

OLDER_ID = Normalisation(
    "older_form_of_id",
    "Versions before the prefix wrote a customer without an external id under the bare id; what stands so stays so.",
    f"expected IN ('{PREFIX}-' || found, replace(found, '{PREFIX}-deleted:', '{PREFIX}-customer:'))",
)

SAME_DIGITS = Normalisation(
    "same_digits",
    "Intercom may keep the digits of a phone number alone.",
    "regexp_replace(expected, '[^0-9]', '', 'g') = regexp_replace(found, '[^0-9]', '', 'g')",
)

CONTACT = Declaration(
    name="contact",
    plural="contacts",
    meaning="One row per person: customers with the same e-mail are one, and whoever is needed but not there is a "
    "placeholder that says so.",
    sources=("customers",),
    keyed_by="customers",
    changeable=True,
    drawn=True,
    fields=FieldList(
        (
            ObjectField("role", "What kind of contact it is.", constant="user", editable=False),
            ObjectField(
                "external_id", "The id under which the contact is written and found again.", normalisations=(OLDER_ID,)
            ),
            # Unique too, but pandera takes several nulls for duplicates: the check keys_are_unique counts e-mails.
            ObjectField(
                "email",
                "Bare, lower case, unique.",
                nullable=True,
                rules={"str_matches": r"^[^@\s]+@[^@\s]+$"},
                normalisations=(LETTER_CASE, BLANK_SPACE),
            ),
            ObjectField(
                "phone",
                "In E.164.",
                nullable=True,
                rules={"str_matches": r"^\+\d{4,15}$"},
                emptied_by_null=True,
                normalisations=(BLANK_SPACE, SAME_DIGITS),
            ),
            ObjectField("name", "The person's name.", nullable=True, emptied_by_null=True),
            ObjectField("signed_up_at", "When the person first appeared, in unix seconds.", MOMENT, nullable=True),
            ObjectField(
                "last_seen_at",
                "When the person was last seen, in unix seconds.",
                MOMENT,
                nullable=True,
                moves_by_itself=True,
            ),
            ObjectField("custom_attributes", "Attribute name -> value, as JSON.", ATTRIBUTES, emptied_by_null=True),
            only_here("older_id", "The id under which versions before the prefix wrote it; what stands so stays so."),
            only_here("placeholder", "Whether it stands in for somebody who is not in the extract.", FLAG),
            only_here("withheld", "Whether that is because the row is in quarantine; it then waits.", FLAG),
        )
    ),
)
