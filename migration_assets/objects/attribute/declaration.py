"""A custom attribute of contacts or companies; those of tickets share its fields and its target table."""

from typing import Any

from migration_assets.objects.declaration import Declaration, UndoAction
from migration_assets.objects.fields import TEXTS, FieldList, ObjectField, Place, only_sent
from migration_assets.objects.normalisations import BLANK_SPACE, Normalisation

DATA_TYPE = Normalisation(
    "data_type",
    "Intercom shows an attribute with options as text that has options, and a date as date or datetime.",
    "(expected = 'options' AND found IN ('string', 'options')) "
    "OR (expected IN ('date', 'datetime') AND found IN ('date', 'datetime'))",
)


def model(attribute: Any) -> str:  # noqa: ANN401 - an attribute of people or of tickets
    """Return what has the attribute, which those of tickets do not say."""
    return str(getattr(attribute, "model", "ticket"))


def option_names(attribute: Any) -> str | None:  # noqa: ANN401 - an attribute of people or of tickets
    """Return the options that an attribute shows, as one text."""
    named = [getattr(option, "label", option) for option in attribute.options if not getattr(option, "archived", False)]
    return ", ".join(sorted(name for name in named if name)) or None


def description(attribute: Any) -> str | None:  # noqa: ANN401 - an attribute of people or of tickets
    """Return the description, which the models do not name."""
    found: str | None = (attribute.model_extra or {}).get("description")
    return found


def attribute_fields(described_as: str, model_in: str | None, options_in: Place, *more: ObjectField) -> FieldList:
    """Return the fields of an attribute.

    Args:
        described_as: the SQL of the description that Intercom is to show.
        model_in: where a request says what has the attribute.
        options_in: where it has the options.
        more: what else is sent.
    """
    return FieldList(
        (
            ObjectField(
                "model",
                "What has the attribute.",
                rules={"isin": ["contact", "company", "ticket"]},
                body=model_in,
                shown=model,
                editable=False,
            ),
            ObjectField(
                "name",
                "Its name in Intercom.",
                rules={"str_matches": r"^[A-Za-z0-9][A-Za-z0-9 -]{0,189}$"},
                editable=False,
            ),
            ObjectField(
                "data_type",
                "Its type in Intercom.",
                rules={
                    "isin": [
                        *("string", "integer", "float", "boolean", "date"),
                        *("options", "list", "decimal", "datetime"),
                    ]
                },
                normalisations=(BLANK_SPACE, DATA_TYPE),
                editable=False,
            ),
            ObjectField(
                "options",
                "The options of a list, else none.",
                TEXTS,
                payload_value="CASE WHEN len(options) > 0 THEN options END",
                body=options_in,
                shown=option_names,
                editable=False,
            ),
            ObjectField("description", "What it holds.", expected=described_as, shown=description, editable=False),
            *more,
        )
    )


ATTRIBUTE = Declaration(
    name="attribute",
    plural="attributes",
    meaning="One row per Intercom attribute that any payload may use: the migration's own and the custom fields.",
    noun="attributes of contacts and companies",
    sources=("custom_fields",),
    where="t.model <> 'ticket'",
    key_begins=("contact.", "company."),
    rowless=True,
    removal=UndoAction.ARCHIVE,
    fields=attribute_fields(
        "t.description",
        "model",
        ("options", lambda options: [{"value": option} for option in options]),
        only_sent("messenger_writable", "Whether visitors may set it.", constant=False, editable=False),
    ),
)
