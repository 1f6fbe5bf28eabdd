"""Where Intercom's API is and what a token looks like: what is wrong with either is said before anything is sent."""

from urllib.parse import urlsplit

REGION_HOSTS = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}
"""Intercom's API hosts by region (Intercom, 'REST API: regional endpoints')."""

_REGIONS = {urlsplit(address).hostname: region for region, address in REGION_HOSTS.items()}


class AddressError(ValueError):
    """The address or the token cannot be used. The message repeats neither: both may hold a secret."""


def api_address(text: str) -> str:
    """Return an API address in the form in which paths are appended to it.

    Any server that speaks Intercom's API will do, and a path prefix is kept: behind a gateway,
    "https://gateway.example/intercom" makes "/contacts" into "https://gateway.example/intercom/contacts".

    Raises:
        AddressError: it is no http(s) address, or holds a user name, a query or a fragment, or would send the token
            to Intercom unencrypted.
    """
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise AddressError("The address of Intercom's API cannot be read.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise AddressError("The address of Intercom's API must begin with https:// (or http://) and name a host.")
    if "@" in parts.netloc:
        raise AddressError(
            "The address of Intercom's API must not hold a user name or password: addresses are shown and stored."
        )
    if parts.query or parts.fragment:
        raise AddressError("The address of Intercom's API must not hold a query or a fragment, only host and path.")
    if parts.scheme == "http" and host in _REGIONS:
        raise AddressError("Intercom's API is asked by https:// only; by http:// the token would travel in clear.")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


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


def hosts_in_words() -> str:
    """Return Intercom's regions with their hosts, for a sentence."""
    return ", ".join(f"{region} is {address}" for region, address in REGION_HOSTS.items())
