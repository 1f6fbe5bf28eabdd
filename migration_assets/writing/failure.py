"""What a step fails with when its work ended before its end."""

import dagster as dg

from migration_assets.ground.run_events import FaultCode
from migration_assets.writing.records import Stopped
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import ASKED_TO_STOP


def step_failure(error: Exception, then: str) -> dg.Failure:
    """Return the failure of a step: why it ended, what to do then, and its code where a person stopped it."""
    asked = error.asked if isinstance(error, Stopped) else is_asked(error)
    return dg.Failure(f"{error} {then}", metadata=FaultCode.STOPPED.metadata if asked else None, allow_retries=False)


def is_asked(error: Exception) -> bool:
    """Whether a call was not sent because somebody wants the run to stop."""
    return isinstance(error, IntercomError) and error.code == ASKED_TO_STOP
