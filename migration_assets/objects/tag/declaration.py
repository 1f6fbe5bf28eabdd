"""A tag."""

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import FieldList, ObjectField
from migration_assets.objects.normalisations import BLANK_SPACE, LETTER_CASE

TAG = Declaration(
    name="tag",
    plural="tags",
    meaning="One row per tag; spellings that differ only in case or spaces are one.",
    sources=("tags",),
    fields=FieldList((ObjectField("name", "The tag as it is written.", normalisations=(LETTER_CASE, BLANK_SPACE)),)),
)
