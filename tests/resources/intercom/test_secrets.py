"""The access token, e-mail addresses and bodies appear in no text that the client or the logs produce."""

import asyncio
import json
import logging
import traceback

import httpx
import pytest
from pydantic import SecretStr

from resources import redaction
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from tests.support import traces

MAIL = "jane.doe@example.com"
SECRET_BODY = "the customer's own words"


@pytest.fixture
def masked(marker):
    before = logging.getLogRecordFactory()
    levels = {name: logging.getLogger(name).level for name in redaction.TALKATIVE}
    redaction.install(marker)
    yield
    logging.setLogRecordFactory(before)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def everything_about(error):
    lines = [str(error), repr(error), str(error.args), *traceback.format_exception(error)]
    seen, chained = set(), error
    while chained is not None and id(chained) not in seen:
        seen.add(id(chained))
        lines += [str(chained), repr(chained)]
        chained = chained.__cause__ or chained.__context__
    return "\n".join(lines)


@pytest.mark.parametrize(
    "answer",
    [
        *(
            httpx.Response(
                status,
                json={"type": "error.list", "request_id": "r", "errors": [{"code": "c", "message": f"{MAIL} bad"}]},
                headers={"location": f"https://x.test/?email={MAIL}"},
            )
            for status in (301, 400, 401, 403, 404, 409, 410, 422, 500)
        ),
        httpx.Response(200, content=f"<html>{MAIL}</html>", headers={"content-type": "text/html"}),
        httpx.Response(200, json={"created_at": MAIL}),
        httpx.ConnectError(f"https://api.test/contacts/find_by_external_id/{MAIL}"),
        httpx.ReadError(f"GET {MAIL}"),
        RuntimeError(MAIL),
    ],
    ids=lambda answer: str(getattr(answer, "status_code", type(answer).__name__)),
)
@pytest.mark.parametrize("call", ["read", "write"])
def test_no_error_shows_token_address_or_body(run, answering, caplog, marker, masked, answer, call):
    caplog.set_level(logging.DEBUG)
    client = answering(lambda request: answer, patience=0.02)
    work = (
        client.get_contact(MAIL)
        if call == "read"
        else client.update_contact(MAIL, {"name": SECRET_BODY, "email": MAIL})
    )
    with pytest.raises(IntercomError) as caught:
        run(work)
    text = everything_about(caught.value) + caplog.text
    for secret in (marker, MAIL, "jane", SECRET_BODY, "%40"):
        assert secret not in text


def test_aiohttp_and_asyncio_at_debug_show_nothing(run, caplog, marker, masked, socket_server):
    caplog.set_level(logging.DEBUG)

    async def vanish(reader, writer):
        await reader.readuntil(b"\r\n\r\n")

    async def scenario():
        asyncio.get_running_loop().set_debug(True)
        async with socket_server(vanish) as url, Intercom(url, marker, budget=Budget(), patience=0.1) as client:
            with pytest.raises(IntercomError) as caught:
                await client.find_contact(MAIL)
            return everything_about(caught.value)

    text = run(scenario()) + caplog.text
    assert marker not in text
    assert MAIL not in text
    assert "%40" not in text


def test_the_clients_own_text_is_clean(answering, marker):
    client = answering({})
    assert repr(client) == "<Intercom https://intercom.test>"
    assert marker not in f"{client} {client!r} {client.budget!r} {client.calls!r} {client.calls.snapshot()}"
    assert not [name for name, value in vars(client).items() if isinstance(value, str) and marker in value]


class Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record):
        self.lines.append(self.format(record))


def logged(write):
    logger, handler = logging.getLogger("some.child.of.anything"), Lines()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        write(logger)
    finally:
        logger.removeHandler(handler)
    return "\n".join(handler.lines)


def test_masks_the_token_in_messages_arguments_and_tracebacks(marker, masked):
    def write(log):
        log.info("token is %s", marker)
        log.info({"Authorization": marker})
        log.warning("Authorization: Bearer abc.def-123, next")
        log.warning("another token dG9rOmFiY2RlZg== here")
        try:
            raise RuntimeError(f"failed with {marker}")
        except RuntimeError:
            log.exception("oops")

    text = logged(write)
    assert marker not in text
    assert "abc.def-123" not in text
    assert "dG9rOmFiY2RlZg" not in text
    assert "next" in text
    assert "RuntimeError: failed with [masked]" in text


def test_leaves_other_records_alone(masked):
    text = logged(lambda log: log.info("%d contacts of %s, bearer of news", 3, "Acme"))
    assert text == "3 contacts of Acme, bearer of news"
    assert "oops %s %s ('one',)" in logged(lambda log: log.info("oops %s %s", "one"))


def test_installing_twice_masks_both_and_wraps_once(masked, marker):
    factory = logging.getLogRecordFactory()
    redaction.install("second-secret")
    assert logging.getLogRecordFactory() is factory
    assert redaction.mask(f"{marker} second-secret third") == "[masked] [masked] third"
    with pytest.raises(ValueError, match="empty"):
        redaction.install("")


def test_the_http_libraries_are_quiet(masked, answering, run, caplog):
    caplog.set_level(logging.DEBUG)
    run(answering({"id": "1"}).find_contact(MAIL))
    assert caplog.text == ""


def test_snapshots_are_plain_data(run, answering):
    client = answering({"id": "1"})
    run(client.me())
    snapshot = json.loads(json.dumps(client.calls.snapshot()))
    assert snapshot["by_endpoint"] == {"GET /me": 1}
    assert {"total", "writes", "by_endpoint", "rate_limited", "seconds"} <= set(snapshot)


def test_what_is_logged_in_a_dagster_run_is_masked_in_its_storage(masked, marker, tmp_path):
    import dagster as dg

    from resources.embedded_launcher import EmbeddedLauncher
    from resources.workspace import IntercomWorkspace

    @dg.asset
    def talkative(context: dg.AssetExecutionContext, workspace: IntercomWorkspace) -> None:
        assert workspace._token == marker
        context.log.info(f"{workspace!r} {workspace} {vars(workspace)} {workspace.model_dump()} {marker}")
        context.log.warning("Authorization: Bearer %s", marker)
        print(repr(workspace), workspace)
        logging.getLogger("elsewhere").error("with %s", {"token": marker})

    (tmp_path / "home").mkdir()
    launcher = EmbeddedLauncher(state=str(tmp_path / "embedded"), seed=str(tmp_path))
    given = {"base_url": "http://127.0.0.1:9", "token": SecretStr(marker)}
    workspace = IntercomWorkspace(state=str(tmp_path / "state"), launcher=launcher, **given)
    with dg.DagsterInstance.local_temp(str(tmp_path / "home")) as instance:
        definitions = dg.Definitions([talkative], resources={"workspace": workspace}, jobs=[dg.define_asset_job("all")])
        result = definitions.resolve_job_def("all").execute_in_process(instance=instance, raise_on_error=False)
        messages = [entry.message or entry.user_message for entry in instance.all_logs(result.run_id)]
    assert any("[masked]" in message for message in messages), messages
    assert traces.traces(tmp_path, [marker]) == {}
