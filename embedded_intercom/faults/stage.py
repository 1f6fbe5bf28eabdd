"""Misbehaviour on demand: a stage of the pipeline that follows a plan of faults (`faults/plan.py`).

It stands behind authentication and the quota, so that a struck call was counted as any other. Control calls are never
struck. One fault strikes a call: one that is going on already (an outage, a revoked token, a burst of 429s), else the
first rule that hits.

What is repeatable: whether a rule with a share hits a call depends on the seed, the rule, and who the call is
(`chance.py`), so the same calls are struck in whatever order they come, and a greater share strikes the same
ones and more. So does what the fault then is (its status; whether a title or a state is changed). What depends on the
order: `nth`, `from_call` and `times`, which count calls as they come; which calls fall into an outage, a burst or a
revoked token; which record a colleague picks, as only those written by then can be picked; reads that name a cursor
or the id of a ticket attribute. Ids are recognised from when the plan was set until the server stops.
"""

from dataclasses import dataclass, field
from typing import Any

from embedded_intercom.api.pipeline import CONTROL, Onward, refused
from embedded_intercom.api.routing import ApiAnswer, ApiRoute, Call, Router
from embedded_intercom.faults.chance import Chance, Identities, Identity
from embedded_intercom.faults.colleague import Colleague
from embedded_intercom.faults.effects import EFFECTS, LASTING, Strike
from embedded_intercom.faults.plan import FaultPlan, FaultPlanError, FaultRule, make_plan
from embedded_intercom.protocol.errors import ApiError


@dataclass
class RuleProgress:
    """A rule, and how it has struck so far."""

    rule: FaultRule
    key: str
    """What its chance is drawn from: the rule itself, not its place in the plan."""
    endpoint: str | None = None
    matched: int = 0
    struck: int = 0
    calls_hit: int = 0
    """Calls that were answered wrongly; more than `struck` for a kind that lasts."""
    until: float = 0.0
    """When what lasts is over, by the workspace's clock."""
    left: int = 0
    """How many calls of a burst are still to be refused."""

    def going_on(self, now: float) -> bool:
        """Whether it lasts still, so that any call is struck."""
        return now < self.until and (self.rule.kind != "limited" or self.left > 0)

    def begin(self, now: float) -> None:
        """Count a strike, and start what lasts."""
        self.struck += 1
        if self.rule.kind in LASTING:
            self.until = float("inf") if self.rule.kind == "revoked" else now + self.rule.lasts
            self.left = self.rule.row


def matches(standing: RuleProgress, call: Call, route: ApiRoute | None) -> bool:
    """Whether a rule is about this call."""
    if standing.endpoint is not None:
        return route is not None and standing.endpoint == f"{route.method} {route.template}"
    read = call.method == "GET" or call.path.endswith("/search")
    return {"all": True, "reads": read, "writes": not read}[standing.rule.calls]


def hits(standing: RuleProgress, thrown: float) -> bool:
    """Whether a rule strikes the call that it has just matched; `thrown` is from 0 to 1."""
    rule = standing.rule
    if rule.times is not None and standing.struck >= rule.times:
        return False
    if rule.nth is not None:
        return standing.matched == rule.nth
    if rule.from_call is not None:
        return standing.matched >= rule.from_call
    return thrown < (rule.share or 0.0)


@dataclass
class _Memory:
    """What is remembered from when a plan is set until the next one."""

    plan: FaultPlan = field(default_factory=FaultPlan)
    standings: list[RuleProgress] = field(default_factory=list)
    identities: Identities = field(default_factory=Identities)
    colleague: Colleague = field(init=False)

    def __post_init__(self) -> None:
        self.colleague = Colleague(self.identities)


class Faults:
    """The middleware. Without a plan it lets every call through."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._memory = _Memory()

    def use(self, plan: FaultPlan) -> None:
        """Follow this plan from now on, and forget the one before with all that it counted.

        Raises:
            FaultPlanError: a rule is about an endpoint that the workspace does not have.
        """
        standings: list[RuleProgress] = []
        for rule in plan.rules:
            alike = sum((other.rule.kind, other.rule.calls) == (rule.kind, rule.calls) for other in standings)
            standings.append(RuleProgress(rule, f"{rule.kind} {rule.calls} {alike}", self._endpoint(rule.calls)))
        self._memory = _Memory(plan, standings)

    def set_plan(self, data: dict[str, Any]) -> None:
        """Follow a plan that is written as data.

        Raises:
            FaultPlanError: it says something that cannot be.
        """
        self.use(make_plan(data))

    def clear(self) -> None:
        """Behave from now on."""
        self._memory = _Memory()

    def report(self) -> dict[str, Any]:
        """Return the plan, and per rule: calls it was about, strikes, calls hit; what colleagues did."""
        rules = [
            {
                **standing.rule.model_dump(mode="json", exclude_none=True),
                "matched": standing.matched,
                "struck": standing.struck,
                "calls_hit": standing.calls_hit,
            }
            for standing in self._memory.standings
        ]
        hit: dict[str, int] = {}
        for standing in self._memory.standings:
            hit[standing.rule.kind] = hit.get(standing.rule.kind, 0) + standing.calls_hit
        return {
            "seed": self._memory.plan.seed,
            "rules": rules,
            "calls_hit": hit,
            "colleagues": self._memory.colleague.done,
        }

    async def __call__(self, call: Call, onward: Onward) -> ApiAnswer:
        """Let the call through, or strike it."""
        memory = self._memory
        if not memory.standings or call.path.startswith(CONTROL):
            return await onward(call)
        who = memory.identities.of(call)
        standing = self._judge(call, who)
        effect = _noted(memory, who, onward)
        if standing is None:
            return await effect(call)
        standing.calls_hit += 1
        chance = Chance(memory.plan.seed, standing.key, who)
        if standing.rule.kind in ("edited", "deleted"):
            if not await memory.colleague.act(call, onward, standing.rule, chance):
                standing.struck -= 1
                standing.calls_hit -= 1
            return await effect(call)
        return await EFFECTS[standing.rule.kind](Strike(call, effect, standing.rule, chance, standing.until))

    def _judge(self, call: Call, who: Identity) -> RuleProgress | None:
        """Return the rule that strikes the call, and count what is to be counted."""
        now = call.workspace.clock.precise()
        found = self._router.find(call.method, call.path)
        route = found[0] if found else None
        lasting = next((standing for standing in self._memory.standings if standing.going_on(now)), None)
        hit: RuleProgress | None = lasting
        for standing in self._memory.standings:
            # Every rule counts every call that it is about, also one that another rule strikes.
            if not matches(standing, call, route):
                continue
            standing.matched += 1
            thrown = Chance(self._memory.plan.seed, standing.key, who).throw()
            if hit is None and hits(standing, thrown):
                standing.begin(now)
                hit = standing
        if hit is not None and hit.rule.kind == "limited":
            hit.left -= 1
        return hit

    def _endpoint(self, calls: str) -> str | None:
        """Return the endpoint as the router spells it, None for all, reads and writes."""
        if " " not in calls:
            return None
        method, _, path = calls.partition(" ")
        found = self._router.find(method, path)
        if found is None or path.startswith(CONTROL):
            raise FaultPlanError(f"The fault plan is about {calls!r}, which is no endpoint of the embedded workspace.")
        return f"{found[0].method} {found[0].template}"


def _noted(memory: _Memory, who: Identity, onward: Onward) -> Onward:
    """Return the rest of the pipeline, with an eye on what comes of it; refusals are answers, too."""

    async def effect(call: Call) -> ApiAnswer:
        try:
            answer = await onward(call)
        except ApiError as error:
            return refused(call, error)
        memory.identities.learn(who, call, answer)
        memory.colleague.notice(call, answer)
        return answer

    return effect
