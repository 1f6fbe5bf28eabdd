"""Where Intercom's API is and what a token looks like: what is wrong with either is said before anything is sent."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

REGION_HOSTS = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}
"""Intercom's API hosts by region (Intercom, 'REST API: regional endpoints')."""

_REGIONS = {urlsplit(address).hostname: region for region, address in REGION_HOSTS.items()}


_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label that makes a resolver read the whole name as an IP address: 2130706433, 127.1, 0x7f.1."""


class AddressError(ValueError):
    """The address or the token cannot be used. The message repeats neither: both may hold a secret."""


def api_address(text: str) -> str:
    """Return an API address in the form in which paths are appended to it.

    The host must be spelled out: what one program reads as this host and another as that one is refused, since the
    token would go to either. Any server that speaks Intercom's API will do, and a path prefix is kept: behind a
    gateway, "https://gateway.example/intercom" makes "/contacts" into "https://gateway.example/intercom/contacts".

    Raises:
        AddressError: it is no http(s) address, or holds a user name, a query or a fragment, or names its host oddly,
            or would send the token unencrypted to another machine.
    """
    parts = _parts(text.strip())
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host:
        raise AddressError("The address of Intercom's API must begin with https:// (or http://) and name a host.")
    if "@" in parts.netloc:
        raise AddressError(
            "The address of Intercom's API must not hold a user name or password: addresses are shown and stored."
        )
    if parts.query or parts.fragment:
        raise AddressError("The address of Intercom's API must not hold a query or a fragment, only host and path.")
    if not _is_plain(parts, host):
        raise AddressError(
            "The address of Intercom's API must name its host plainly: a name of letters, digits and hyphens "
            "(punycode for other letters), or an IP address in full, and after it at most a port from 1 to 65535."
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise AddressError(
            "Intercom's API is asked by https:// only; by http:// the token would travel in clear. Only this machine "
            "itself (127.0.0.1, localhost) may be asked so."
        )
    if host in _REGIONS and parts.port not in (None, 443):
        raise AddressError("Intercom's own hosts answer at https:// without a port.")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _parts(text: str) -> SplitResult:
    # urlsplit takes out line ends and tabs, and some programs read a backslash as a slash.
    if any(not letter.isascii() or not letter.isprintable() or letter in " \\" for letter in text):
        raise AddressError("The address of Intercom's API must hold no blank, backslash or letter outside ASCII.")
    try:
        parts = urlsplit(text)
        _ = parts.hostname, parts.port
    except ValueError:
        raise AddressError("The address of Intercom's API cannot be read.") from None
    return parts


def _is_plain(parts: SplitResult, host: str) -> bool:
    """Whether an address has its host and port written as everybody reads them."""
    address = _ip(host)
    if address is None and (not _NAME.fullmatch(host) or _NUMBER.fullmatch(host.rpartition(".")[2])):
        return False
    written = f"[{host}]" if isinstance(address, IPv6Address) else host
    port = parts.port
    return port != 0 and parts.netloc.lower() == written + (f":{port}" if port is not None else "")


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return None if "%" in host else ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, so that nothing sent to it travels."""
    address = _ip(host)
    return host == "localhost" if address is None else address.is_loopback


def access_token(text: str) -> str:
    """Return an access token without the blanks around it.

    Raises:
        AddressError: it is empty, or holds what no HTTP header can: a blank, a line end, a letter outside ASCII.
    """
    token = text.strip()
    if not token:
        raise AddressError("The access token is empty.")
    # An HTTP library would say so too, and repeat the token in its error.
    if not token.isascii() or not token.isprintable() or " " in token:
        raise AddressError(
            "The access token holds a blank, a line end or a letter outside ASCII: it was not copied whole or alone."
        )
    return token


def region_of(address: str) -> str | None:
    """Return the region whose host is in `address`: us, eu or au; None for any other server."""
    return _REGIONS.get(urlsplit(address).hostname)


def is_elsewhere(address: str) -> bool:
    """Whether what is asked is neither one of Intercom's hosts nor this machine."""
    return region_of(address) is None and not is_loopback(urlsplit(address).hostname or "")


def hosts_in_words() -> str:
    """Return Intercom's regions with their hosts, for a sentence."""
    return ", ".join(f"{region} is {address}" for region, address in REGION_HOSTS.items())
