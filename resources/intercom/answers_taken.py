"""One request sent and its answer taken in: the body within its bound, and what both mean."""

import httpx

from resources.intercom.answer_body import AnswerEncodingError, AnswerTooLargeError, read_answer
from resources.intercom.endpoints import Endpoint
from resources.intercom.outcomes import TOO_LARGE, Classified, classify_response, classify_unread


async def taken(
    http: httpx.AsyncClient, request: httpx.Request, endpoint: Endpoint
) -> tuple[httpx.Response, Classified]:
    """Send a request and return the answer, whose body is not kept, and what it means.

    Raises:
        Exception: no whole answer came, as the transport says it.
    """
    response = await http.send(request, stream=True)
    try:
        body = await read_answer(response)
    except AnswerTooLargeError:
        return response, classify_unread(response.status_code, TOO_LARGE, "is larger than any of Intercom's")
    except AnswerEncodingError:
        return response, classify_unread(response.status_code, "unreadable_answer", "is not packed as was asked for")
    finally:
        await response.aclose()
    kind = response.headers.get("content-type", "")
    return response, classify_response(response.status_code, kind, body, required=endpoint.required)
