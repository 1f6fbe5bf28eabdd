"""The HTTP connection under the client: httpx over aiohttp, with aiohttp's own conveniences switched off."""

import ssl
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from schemas.addresses import is_loopback

KEEP_ALIVE = 15.0
"""Seconds an idle connection is kept: below any server's own idle timeout, so that none is closed under a write."""
CONNECT_TIMEOUT = 10.0
"""Seconds to get a connection."""

BEFORE_SENDING = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


async def _no_hidden_repeat(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Turn a broken connection into an error that aiohttp does not act upon.

    aiohttp sends GET, PUT and DELETE a second time by itself when the connection breaks, which would be a write that
    nobody knows of. It does so for ClientOSError and ServerDisconnectedError only.
    """
    try:
        return await handler(request)
    except (*BEFORE_SENDING, aiohttp.SocketTimeoutError):
        raise
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise aiohttp.ClientPayloadError(f"connection lost ({type(error).__name__})") from None


def make_transport(base_url: str) -> httpx.AsyncBaseTransport:
    """Make the transport for `base_url`; the proxy settings of the environment apply to it."""
    proxy = _proxy_for(base_url)
    limits = httpx.Limits(max_connections=None, keepalive_expiry=KEEP_ALIVE)
    transport = AiohttpTransport(verify=_tls(), limits=limits, proxy=httpx.Proxy(proxy) if proxy else None)

    def session() -> aiohttp.ClientSession:
        # limit=0: how many calls run at once is decided by who calls, not by the pool.
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE, ssl=transport.ssl_context)
        return aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), middlewares=(_no_hidden_repeat,)
        )

    transport.client = session
    return transport


@cache
def _tls() -> ssl.SSLContext:
    """Return the process's TLS settings: reading all trusted certificates takes longer than a few calls."""
    return httpx.create_ssl_context()


def timeouts(deadline: float) -> httpx.Timeout:
    """Return httpx's timeouts, which are per read; the deadline around the whole call is kept by the caller."""
    connect = min(CONNECT_TIMEOUT, deadline)
    return httpx.Timeout(deadline, connect=connect, pool=connect)


def _proxy_for(base_url: str) -> str | None:
    """Return the proxy that the environment names for `base_url`; httpx looks for none when given a transport."""
    parts = urlsplit(base_url)
    # What is meant for this machine, where nothing is encrypted, must not leave it for a proxy.
    if not parts.hostname or is_loopback(parts.hostname) or proxy_bypass(parts.hostname):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")
