"""What each kind of fault does to a call."""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from embedded_intercom.api.pipeline import Onward, refused
from embedded_intercom.api.routing import ApiAnswer, Call
from embedded_intercom.faults.chance import Chance
from embedded_intercom.faults.plan import FaultRule
from embedded_intercom.faults.wire import Broken, Instead, Manner
from embedded_intercom.protocol.default_attributes import DEFAULT_TITLE
from embedded_intercom.protocol.errors import ApiError
from embedded_intercom.protocol.limits import WINDOW_SECONDS
from embedded_intercom.state.store import to_json

LASTING = ("limited", "outage", "outage_cut", "revoked")
"""Kinds that strike every call for a while, once begun."""

STATUSES = {"before": (500, 502, 503), "after": (500, 502, 504), "outage": (503,)}
"""What is answered where the rule names no status; one of them by chance."""

_GATEWAY = {502: "Bad Gateway", 504: "Gateway Timeout"}
_PORTAL = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Welcome to the hotel</h1></body></html>"


@dataclass(frozen=True)
class Strike:
    """A call that is struck.

    Attributes:
        call: the call.
        effect: the rest of the pipeline; a refusal comes back as an answer.
        rule: the rule that strikes.
        chance: whatever else the rule leaves open.
        until: when what lasts is over, by the workspace's clock.
    """

    call: Call
    effect: Onward
    rule: FaultRule
    chance: Chance
    until: float

    async def take_effect(self) -> ApiAnswer:
        """Let the call have its effect and return the answer that is due."""
        return await self.effect(self.call)


async def before(strike: Strike) -> ApiAnswer:
    """An error instead of the effect."""
    return _error(strike)


async def after(strike: Strike) -> ApiAnswer:
    """The effect, and an error as its answer."""
    await strike.take_effect()
    return _error(strike)


async def reset(strike: Strike) -> ApiAnswer:
    """The effect, and half of its answer."""
    return _broken(await strike.take_effect(), "cut_short")


async def cut(strike: Strike) -> ApiAnswer:  # noqa: ARG001 - every kind's signature
    """A cut connection instead of the effect."""
    raise Instead(Broken({}, manner="cut"))


async def never(strike: Strike) -> ApiAnswer:
    """The effect, and no answer."""
    return _broken(await strike.take_effect(), "held")


async def late(strike: Strike) -> ApiAnswer:
    """The effect and its answer after a while; also when the client has given up by then."""
    await asyncio.sleep(strike.rule.lasts)
    return await strike.take_effect()


async def slow(strike: Strike) -> ApiAnswer:
    """The effect, and its answer after a while."""
    answer = await strike.take_effect()
    await asyncio.sleep(strike.rule.lasts)
    return answer


async def limited(strike: Strike) -> ApiAnswer:
    """429 as if other apps had used up the workspace's window, which ends at another time than the app's."""
    quota = strike.call.workspace.options.app_quota
    message = f"Exceeded rate limit of {quota} in {WINDOW_SECONDS}_seconds"
    answer = refused(strike.call, ApiError(429, "rate_limit_exceeded", message))
    answer.headers |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(math.ceil(strike.until))}
    return answer


async def outage(strike: Strike) -> ApiAnswer:
    """An error instead of the effect, as for every call while the outage lasts."""
    return _error(strike)


async def revoked(strike: Strike) -> ApiAnswer:
    """A refusal without rate-limit headers, as always when the token is not good."""
    raise Instead(refused(strike.call, ApiError(401, "token_revoked", "The access token has been revoked")))


async def malformed(strike: Strike) -> ApiAnswer:
    """The effect, and an answer whose JSON ends in the middle."""
    answer = await strike.take_effect()
    text = answer.body if isinstance(answer.body, str) else to_json(answer.body)
    return ApiAnswer(text[: len(text) // 2], answer.status, answer.headers)


async def html(strike: Strike) -> ApiAnswer:  # noqa: ARG001 - every kind's signature
    """Somebody else's page instead of the effect."""
    raise Instead(Broken({}, binary=_PORTAL.encode(), media_type="text/html; charset=utf-8", manner="foreign"))


async def shortened(strike: Strike) -> ApiAnswer:
    """The effect, with half of the name, title or text that was sent."""
    with suppress(ValueError):  # what is no JSON is refused as ever
        strike.call.content = json.dumps(_halved(json.loads(strike.call.content))).encode()
    return await strike.take_effect()


def _halved(body: Any) -> Any:  # noqa: ANN401 - any JSON
    if not isinstance(body, dict):
        return body
    halves = {name: value[: len(value) // 2] for name, value in body.items() if _is_text(name, value)}
    return {name: halves.get(name, _halved(value)) for name, value in body.items()}


def _is_text(name: str, value: object) -> bool:
    return name in ("name", "body", DEFAULT_TITLE) and isinstance(value, str)


EFFECTS: dict[str, Callable[[Strike], Awaitable[ApiAnswer]]] = {
    "before": before,
    "after": after,
    "reset": reset,
    "reset_before": cut,
    "never": never,
    "late": late,
    "slow": slow,
    "limited": limited,
    "outage": outage,
    "outage_cut": cut,
    "revoked": revoked,
    "malformed": malformed,
    "html": html,
    "shortened": shortened,
}
"""Every kind but those that a colleague does (`colleague.py`)."""


def _broken(answer: ApiAnswer, manner: Manner) -> Broken:
    return Broken(answer.body, answer.status, answer.headers, answer.binary, answer.media_type, manner)


def _error(strike: Strike) -> ApiAnswer:
    choices = STATUSES[strike.rule.kind]
    status = strike.rule.status or choices[int(strike.chance.throw("status") * len(choices))]
    if status in _GATEWAY:
        page = f"<html><head><title>{status} {_GATEWAY[status]}</title></head></html>"
        return ApiAnswer({}, status, binary=page.encode(), media_type="text/html")
    code = {500: "server_error", 503: "service_unavailable"}[status]
    return refused(strike.call, ApiError(status, code, code.replace("_", " ").capitalize()))
