"""API versions: how the `Intercom-Version` header is read and compared."""

from embedded_intercom.protocol.errors import ApiError

DEFAULT = "2.16"
"""The version of the app in the Developer Hub: used when a call names none."""

Version = tuple[int, int]
PREVIEW: Version = (99, 0)

KNOWN = {
    **{f"1.{minor}": (1, minor) for minor in range(5)},
    **{f"2.{minor}": (2, minor) for minor in range(17)},
    "Preview": PREVIEW,
    "Unstable": PREVIEW,
}


def parse(header: str | None) -> tuple[str, Version]:
    """Return the version's name, as echoed, and its comparable form.

    Raises:
        ApiError: 400 `intercom_version_invalid` for a version that does not exist.
    """
    name = header or DEFAULT
    version = KNOWN.get(name)
    if version is None:
        raise ApiError(400, "intercom_version_invalid", "The requested version does not exist")
    return name, version


def unavailable() -> ApiError:
    """The endpoint exists, but not in the version that the call asks for."""
    message = "Requested resource is not available in current API version."
    return ApiError(400, "intercom_version_invalid", message)
