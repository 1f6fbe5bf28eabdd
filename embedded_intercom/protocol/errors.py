"""Intercom's refusals: one exception with status, code and message, and the error body it becomes."""

from typing import Any


class ApiError(Exception):
    """A refusal; raised anywhere in a handler, answered by the pipeline, and the call has no effect."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: dict[str, str] | None = None,
        null_request_id: bool = False,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}
        self.null_request_id = null_request_id

    def body(self, request_id: str) -> dict[str, Any]:
        """The `error.list` document."""
        return {
            "type": "error.list",
            "request_id": None if self.null_request_id else request_id,
            "errors": [{"code": self.code, "message": self.message}],
        }


def invalid(message: str, *, status: int = 400) -> ApiError:
    """A parameter that is there and wrong."""
    return ApiError(status, "parameter_invalid", message)


def missing(message: str) -> ApiError:
    """A required parameter that is not there."""
    return ApiError(400, "parameter_not_found", message)


def not_found(message: str = "Resource Not Found", code: str = "not_found") -> ApiError:
    """Something named by id that does not exist."""
    return ApiError(404, code, message)


def user_not_found() -> ApiError:
    """A contact that does not exist."""
    return not_found("User Not Found")


def conflict(existing_id: str, *, archived: bool) -> ApiError:
    """A contact that exists; the message is the only place where Intercom names the id."""
    kind = "An archived contact" if archived else "A contact"
    return ApiError(409, "conflict", f"{kind} matching those details already exists with id={existing_id}")
