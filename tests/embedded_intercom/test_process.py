"""The server process: restart, kill, reuse, lock, files, seed."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time

import httpx
import pytest

from embedded_intercom.inbox.access import secret_root
from embedded_intercom.process import PROJECT, EmbeddedProcess, EmbeddedProcessError, Quotas


def client(process):
    return httpx.Client(base_url=process.url, headers={"Authorization": f"Bearer {process.token}"}, trust_env=False)


def names(process):
    with client(process) as http:
        return {tag["name"] for tag in http.get("/tags").json()["data"]}


def test_the_command_prints_one_line_and_stops_on_sigterm(tmp_path):
    command = [sys.executable, "-m", "embedded_intercom", "--state", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        line = process.stdout.readline()
        endpoint = json.loads((tmp_path / "endpoint.json").read_text())
        assert line == f"listening on {endpoint['url']}\n"
        assert endpoint["url"].startswith("http://127.0.0.1:")
        assert endpoint["pid"] == process.pid
        assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "endpoint.json").stat().st_mode) == 0o600
        assert httpx.get(f"{endpoint['url']}/me", headers={"Authorization": f"Bearer {endpoint['token']}"}).is_success
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not (tmp_path / "endpoint.json").exists()


def test_a_restart_keeps_state_and_token(tmp_path):
    with EmbeddedProcess(tmp_path) as process, client(process) as http:
        token = process.token
        first = http.post("/tags", json={"name": "kept"}).json()["id"]
    with EmbeddedProcess(tmp_path) as process, client(process) as http:
        assert process.token == token
        assert names(process) == {"kept"}
        assert int(http.post("/tags", json={"name": "next"}).json()["id"]) == int(first) + 1


def test_kill_loses_no_answered_write(tmp_path):
    process = EmbeddedProcess(tmp_path, Quotas(1_000_000, 1_000_000))
    process.start()
    answered = set()

    def write():
        with client(process) as http:
            for number in range(10_000):
                try:
                    answer = http.post("/tags", json={"name": f"tag {number}"})
                except httpx.HTTPError:
                    return
                answered.add(answer.json()["name"])

    writer = threading.Thread(target=write)
    writer.start()
    while len(answered) < 50:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    writer.join()
    process.kill()
    assert (tmp_path / "endpoint.json").exists()
    with EmbeddedProcess(tmp_path) as again:
        assert not again.reused
        assert answered <= names(again)
        assert len(names(again)) <= len(answered) + 1


def test_a_running_server_is_used_and_left_running(tmp_path):
    with EmbeddedProcess(tmp_path) as first:
        with EmbeddedProcess(tmp_path) as second:
            assert second.reused
            assert (second.url, second.pid) == (first.url, first.pid)
        with client(first) as http:
            assert http.get("/me").status_code == 200


def test_a_second_server_for_the_same_state_is_refused(tmp_path):
    with EmbeddedProcess(tmp_path):
        command = [sys.executable, "-m", "embedded_intercom", "--state", str(tmp_path)]
        second = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert second.returncode == 1
    assert "another embedded workspace serves" in second.stderr


def test_a_server_that_cannot_start_is_named_with_its_last_words(tmp_path):
    broken = tmp_path / "seed.json"
    broken.write_text("{")
    with pytest.raises(EmbeddedProcessError, match="JSONDecodeError"):
        EmbeddedProcess(tmp_path / "state", seed=broken).start()


def test_a_seed_that_grew_adds_people_and_keeps_ids(tmp_path):
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"admins": [{"name": "Ada", "email": "Ada@example.com"}], "teams": []}))
    with EmbeddedProcess(tmp_path / "state", seed=seed) as process, client(process) as http:
        before = http.get("/admins").json()["admins"]
    people = [{"name": "New", "email": "new@example.com"}, {"name": "Ada", "email": "ada@example.com"}]
    seed.write_text(json.dumps({"admins": people, "teams": [{"name": "T"}]}))
    with EmbeddedProcess(tmp_path / "state", seed=seed) as process, client(process) as http:
        after = http.get("/admins").json()["admins"]
        assert len(http.get("/teams").json()["teams"]) == 1
    assert after[0] == before[0]
    assert [admin["name"] for admin in after] == ["Ada", "New"]


def started_with(arguments, environment=None):
    """Start the command; return the process and its first three lines."""
    command = [sys.executable, "-m", "embedded_intercom", *arguments]
    environment = {**os.environ, **(environment or {})}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=environment)
    return process, [process.stdout.readline().strip() for _ in range(3)]


def test_the_command_says_how_to_get_in(tmp_path):
    process, (address, token, inbox) = started_with(["--state", str(tmp_path)])
    with process:
        url, token = address.removeprefix("listening on "), token.removeprefix("access token: ")
        assert httpx.get(f"{url}/me", headers={"Authorization": f"Bearer {token}"}, trust_env=False).is_success
        entered = httpx.get(inbox.removeprefix("the inbox: "), trust_env=False)
        assert (entered.status_code, entered.headers["location"]) == (303, secret_root(token))
        process.terminate()


def test_every_option_can_be_a_variable_and_the_command_line_wins(tmp_path):
    variables = {"EMBEDDED_STATE": str(tmp_path), "EMBEDDED_APP_QUOTA": "7", "EMBEDDED_WORKSPACE_QUOTA": "50"}
    process, (address, token, _) = started_with(["--app-quota", "5"], variables)
    with process:
        headers = {"Authorization": f"Bearer {token.removeprefix('access token: ')}"}
        answer = httpx.get(f"{address.removeprefix('listening on ')}/me", headers=headers, trust_env=False)
        assert answer.headers["x-ratelimit-limit"] == "5"
        assert (tmp_path / "workspace.sqlite3").exists()
        process.terminate()


def test_a_process_does_not_take_its_starters_variables(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDDED_APP_QUOTA", "1")
    monkeypatch.setenv("EMBEDDED_FAULTS", "revoked=1")
    with EmbeddedProcess(tmp_path) as process, client(process) as http:
        assert [http.get("/me").status_code for _ in range(3)] == [200] * 3
    assert "access token" not in (tmp_path / "server.log").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "eighty"], "port: Input should be a valid integer"),
        (["--app-quota", "0"], "app_quota: Input should be greater than 0"),
        (["--known-by", '"'], "known_by: String should match pattern"),
        (["serv"], "command: Input should be 'serve', 'inbox' or 'wipe'."),
    ],
)
def test_a_wrong_option_is_refused_in_a_sentence(tmp_path, arguments, sentence):
    command = [sys.executable, "-m", "embedded_intercom", "--state", str(tmp_path / "state"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "state").exists()


def test_a_port_that_is_taken_is_said_so(tmp_path):
    with EmbeddedProcess(tmp_path / "one") as process:
        port = process.url.rpartition(":")[2]
        command = [sys.executable, "-m", "embedded_intercom", "--state", str(tmp_path / "two"), "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"port {port} cannot be listened on")
