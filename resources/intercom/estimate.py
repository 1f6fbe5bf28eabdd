"""How long a plan takes at the allowed pace. Pure arithmetic; no clock, no call."""

WINDOW_SECONDS = 10
"""Intercom counts calls per window of ten seconds."""


DEFAULT_QUOTA = 1667
"""Calls per window of a workspace that names no quota: 10,000 a minute, Intercom's default for a private app."""


def estimate_seconds(
    calls: int, quota_per_window: int | None, share: float = 0.9, calls_per_minute: int | None = None
) -> float:
    """Return the seconds that `calls` take when only the quota brakes them.

    Args:
        calls: the number of calls of the plan.
        quota_per_window: the calls that the workspace allows per ten seconds (X-RateLimit-Limit); None where
            it named none.
        share: the share of the quota that may be used, 0 to 1.
        calls_per_minute: a further upper limit, None for none.
    """
    if quota_per_window is None:
        quota_per_window = DEFAULT_QUOTA
    if quota_per_window <= 0 or not 0 < share <= 1:
        raise ValueError("the quota must be above 0 and the share between 0 and 1")
    per_second = quota_per_window * share / WINDOW_SECONDS
    if calls_per_minute is not None:
        per_second = min(per_second, calls_per_minute / 60)
    return calls / per_second
