"""What a company shows of what somebody but us has done to it: its fields and tags."""

from typing import Any

from migration_assets.objects.company.declaration import COMPANY
from migration_assets.objects.touches import Touch, TouchContext, TouchReading, field_touches, hung_on
from migration_assets.writing.touch_rules import Left, RefusalCode
from schemas.intercom import Company


def company_fields(company: Company) -> dict[str, Any]:
    """Return what a company holds, by flat field; where it has no size, Intercom shows 0."""
    return COMPANY.fields.shown(company) | {"size": company.size or None}


def judge_company(company: Company, left: Left, _context: TouchContext) -> list[Touch]:
    """Return what a company shows of touches; what an adopted one had before us is nobody's."""
    fields = field_touches(company_fields(company), left, COMPANY.fields.edit_rules)
    return fields if left.adopted else [*fields, *hung_on(company, RefusalCode.TAGS)]


COMPANY_TOUCHES = TouchReading({Company: judge_company})
