"""What lies between the program and the simulated Intercom: an httpx transport that loses, delays and repeats nothing
by itself, but lets a seed decide what becomes of every request."""

import asyncio
import heapq
import json
from dataclasses import dataclass
from itertools import count

import httpx

from tests.chaos.simulation.fake_intercom import Moment

LONGEST = 300.0
"""Seconds after it was sent in which whatever becomes of a request has become visible everywhere: the settle time."""
NEVER = 1e6


@dataclass(frozen=True)
class Weather:
    """The shares of requests that something happens to, and outages as (from, until) in seconds."""

    lost: float = 0.0
    """It never arrives."""
    answer_lost: float = 0.0
    """It is carried out and the answer never arrives, or is cut."""
    failed_before: float = 0.0
    """A 5xx, and nothing was done."""
    failed_after: float = 0.0
    """A 5xx, and it was done."""
    slow: float = 0.0
    """It is carried out 30 to 280 seconds later, whether anybody still waits or not; writes only."""
    limited: float = 0.0
    """A 429."""
    refused: float = 0.0
    """No connection."""
    outage: tuple[float, float] | None = None
    """From when until when nothing goes through, in seconds."""
    outage_refuses: bool = True
    """Whether there is no connection then, or a 5xx."""

    def fate(self, dice):
        """Return what becomes of a request."""
        at = dice.random()
        for name in FATES:
            at -= getattr(self, name)
            if at < 0:
                return name
        return "nothing"


CALM = Weather()
FATES = ("lost", "answer_lost", "failed_before", "failed_after", "slow", "limited", "refused")
"""What may become of a request, by the names of Weather's shares."""


class Network:
    """The way to an Intercom. What was sent arrives also when its sender has died meanwhile."""

    def __init__(self, intercom, clock, dice):
        self.intercom = intercom
        self._clock = clock
        self.dice = dice
        self.weather = CALM
        self.fates = {}
        """What becomes of the requests of these numbers of a process, whatever the weather."""
        self._requests = 0
        self._since = 0.0
        self._under_way = []
        self._numbers = count()

    def become(self, weather):
        """Have this weather from now on."""
        self.weather, self._since, self._requests = weather, self._clock.elapsed, 0

    def fate(self):
        """Return what becomes of a request that leaves now."""
        self._requests += 1
        if self._requests in self.fates:
            return self.fates[self._requests]
        begin, end = self.weather.outage or (0.0, 0.0)
        if begin <= self._clock.elapsed - self._since < end:
            return "refused" if self.weather.outage_refuses else "failed_before"
        return self.weather.fate(self.dice)

    def send(self, request, seconds):
        """Let a request be carried out in so many seconds, and return the list that its answer will be put in."""
        answer = []
        due = self._clock.elapsed + seconds
        heapq.heappush(self._under_way, (due, next(self._numbers), seconds, request, answer))
        return answer

    def deliver(self):
        """Carry out whatever has arrived by now, each at its own moment."""
        now = self._clock.elapsed
        while self._under_way and self._under_way[0][0] <= now:
            self._clock.elapsed, _, took, request, answer = heapq.heappop(self._under_way)
            answer.append(self.intercom.request(self._moment(took), *request))
        self._clock.elapsed = now

    def _moment(self, took):
        """Return the present moment. What comes late is seen all the sooner: everything is seen within LONGEST."""
        now = self._clock.time()
        if self.weather is CALM:
            return Moment(now)
        lag = min(self.dice.expovariate(1 / 20), LONGEST - took)
        return Moment(now, lag, self.dice.choice((0.0, 0.0, 1.0, 6.0)))


class Transport(httpx.AsyncBaseTransport):
    """One process's connection to the network; nothing leaves once the process is dead."""

    def __init__(self, network, life):
        self._network = network
        self._life = life

    async def handle_async_request(self, request):
        self._life.require()
        network, dice = self._network, self._network.dice
        fate, latency = network.fate(), dice.uniform(0.05, 0.6)
        if fate == "refused":
            raise httpx.ConnectError("simulated")
        content = await request.aread()
        call = (
            request.method, request.url.path, dict(request.url.params), json.loads(content) if content else None,
            request.headers.get("intercom-version") == "Preview",
        )  # fmt: skip
        if fate in ("lost", "failed_before", "limited"):
            await asyncio.sleep(NEVER if fate == "lost" and dice.random() < 0.5 else latency)
            if fate == "lost":
                raise httpx.ReadError("simulated")
            return _refused(fate, self._network._clock.time())
        reads = request.method == "GET" or request.url.path.endswith("/search")
        seconds = dice.uniform(30, 280) if fate == "slow" and not reads else latency / 2
        answer = network.send(call, seconds)
        await asyncio.sleep(seconds)
        network.deliver()
        await asyncio.sleep(latency / 2)
        return await _answer(fate, answer[0], dice)


def _refused(fate, now):
    if fate == "failed_before":
        return httpx.Response(503, text="Service Unavailable")
    ends = str(int(now) + 4)
    headers = {"x-ratelimit-limit": "1667", "x-ratelimit-remaining": "0", "x-ratelimit-reset": ends}
    return httpx.Response(429, headers=headers, json={"errors": [{"code": "rate_limit_exceeded", "message": "wait"}]})


async def _answer(fate, answer, dice):
    status, body = answer
    if fate == "failed_after":
        return httpx.Response(502, text="Bad Gateway")
    if fate == "answer_lost":
        ending = dice.choice(("cut", "reset", "never"))
        if ending == "cut":
            return httpx.Response(status, headers={"content-type": "application/json"}, content=b'{"id": "1')
        await asyncio.sleep(NEVER if ending == "never" else 0)
        raise httpx.ReadError("simulated")
    return httpx.Response(status, json=body)
