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
