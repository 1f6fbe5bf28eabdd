"""Telling people, over real HTTP and real SMTP: once each, again where it failed, and without a secret anywhere."""

import json
import logging
import stat
import sys

import pytest

from resources.assembly import notifier_of
from resources.notifier import NotDeliveredError, Notifier
from resources.notifier.sending import without
from resources.notifier.trial import send_test
from schemas.alert_urls import AlertUrlError, alert_urls
from schemas.settings import Settings, settings_table, wrong_settings


@pytest.fixture
def told_to(monkeypatch, tmp_path):
    """Set who is told, and return what tells them."""

    def tell(*urls):
        monkeypatch.setenv("MIGRATION_ALERT_URLS", " ".join(urls))
        return Notifier(state=str(tmp_path), pause=0.01, urls=Settings().alert_urls)

    return tell


def test_a_message_reaches_the_webhook_and_the_mailbox(told_to, webhook, mailbox):
    notifier = told_to(webhook.url, mailbox.url)
    assert notifier.send("Title", "First line\nSecond <b>line</b>", kind="failure")
    assert [(post["title"], post["message"], post["type"]) for post in webhook.posted] == [
        ("Title", "First line\nSecond <b>line</b>", "failure")
    ]
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Title"
    assert "ops@example.com" in letter["To"]
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().split() == ["First", "line", "Second", "<b>line</b>"]


def test_what_has_one_key_is_told_once_also_after_a_restart(told_to, webhook):
    notifier = told_to(webhook.url)
    assert notifier.send("Title", "body", key="run:1")
    again = Notifier(state=notifier.state, urls=notifier.urls)
    assert not again.send("Title", "body", key="run:1")
    assert again.deliver() == 0
    assert again.send("Title", "body", key="run:2")
    assert webhook.calls == 2


def test_without_a_key_every_message_is_new(told_to, webhook):
    notifier = told_to(webhook.url)
    assert notifier.send("Title", "body")
    assert notifier.send("Title", "body")
    assert webhook.calls == 2


def test_a_receiver_that_fails_first_is_asked_again(told_to, webhook):
    notifier = told_to(webhook.url)
    webhook.answers = [500]
    notifier.send("Title", "body")
    assert webhook.calls == 2
    assert webhook.titles == ["Title"]


def test_what_is_not_delivered_is_said_and_sent_later_to_those_only_who_lack_it(told_to, webhook, mailbox):
    notifier = told_to(mailbox.url, webhook.url)
    webhook.answers = [500, 500, 500]
    with pytest.raises(NotDeliveredError, match=r"1 alert could not be delivered: Address 2 \(.*\): .*500") as caught:
        notifier.send("Title", "body", key="run:1")
    assert "s3cr3t" not in str(caught.value)
    assert webhook.posted == []
    assert Notifier(state=notifier.state, urls=notifier.urls).deliver() == 1
    assert webhook.titles == ["Title"]
    assert len(mailbox.letters) == 1
    assert Notifier(state=notifier.state, urls=notifier.urls).deliver() == 0


def test_a_message_waits_on_the_disk_before_it_is_sent(told_to, webhook, monkeypatch):
    """Killed between the two, the next process sends it."""
    notifier = told_to(webhook.url)
    monkeypatch.setattr("resources.notifier.sending.send_to_all", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        notifier.send("Title", "body", key="run:1")
    monkeypatch.undo()
    notifier = told_to(webhook.url)
    assert Notifier(state=notifier.state, urls=notifier.urls).deliver() == 1
    assert webhook.titles == ["Title"]


def test_an_address_that_was_taken_out_is_not_waited_for(told_to, webhook):
    notifier = told_to("json://127.0.0.1:9/nobody", webhook.url)
    with pytest.raises(NotDeliveredError, match="Address 1"):
        notifier.send("Title", "body")
    notifier = told_to(webhook.url)
    assert notifier.deliver() == 1
    assert notifier.deliver() == 0
    assert webhook.calls == 1


def test_nobody_is_told_where_no_address_is_set(tmp_path, monkeypatch):
    monkeypatch.delenv("MIGRATION_ALERT_URLS", raising=False)
    notifier = notifier_of(Settings(state=tmp_path))
    assert not notifier.send("Title", "body")
    assert list(notifier.folder.iterdir()) == []


def test_no_secret_is_in_the_file_the_logs_or_the_configuration(told_to, webhook, caplog):
    notifier = told_to(webhook.url, "json://user:pa55word@127.0.0.1:9/s3cr3t-path")
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NotDeliveredError):
        notifier.send("Title", "body")
    written = (notifier.folder / "alerts.json").read_text()
    assert stat.S_IMODE((notifier.folder / "alerts.json").stat().st_mode) == 0o600
    shown = notifier.model_dump_json() + json.dumps(settings_table(Settings())) + repr(Settings())
    for secret in ("s3cr3t", "pa55word"):
        assert secret not in written + shown + caplog.text


def test_addresses_stand_apart_by_blanks_or_commas():
    hook = "json://example.com/a,b"
    assert alert_urls(f" {hook}, jsons://example.com/c\n\tmailto://u:p@example.com?to=a@b.example,c@d.example,") == (
        hook,
        "jsons://example.com/c",
        "mailto://u:p@example.com?to=a@b.example,c@d.example",
    )


@pytest.mark.parametrize("wrong", ["slakc://s3cr3t", "s3cr3t", "slack://s3cr3t"])
def test_a_wrong_address_is_a_sentence_that_does_not_repeat_it(wrong, monkeypatch):
    with pytest.raises(AlertUrlError, match="Address 2 of 2 is not one that alerts can be sent to") as caught:
        alert_urls(f"json://example.com {wrong}")
    assert "s3cr3t" not in str(caught.value)
    monkeypatch.setenv("MIGRATION_ALERT_URLS", f"json://example.com {wrong}")
    with pytest.raises(ValueError, match="2 of 2") as refused:
        Settings()
    assert wrong_settings(refused.value).startswith("MIGRATION_ALERT_URLS: Address 2 of 2")
    assert "s3cr3t" not in str(refused.value)


def test_without_the_extra_for_alerts_the_setting_is_refused_with_its_name(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    monkeypatch.setenv("MIGRATION_ALERT_URLS", "json://example.com/s3cr3t")
    with pytest.raises(ValueError, match="extra `alerts`") as refused:
        Settings()
    assert wrong_settings(refused.value) == (
        "MIGRATION_ALERT_URLS: Alerts need the extra `alerts`, which is not installed: "
        "pip install 'itco-to-intercom[alerts]'."
    )
    monkeypatch.delenv("MIGRATION_ALERT_URLS")
    assert Settings().alert_urls is None, "who alerts nobody does without it"


def test_what_a_service_says_is_repeated_without_the_address():
    said = "Failed to post to example.com/T0K3N-part?x=pa55word: 403"
    assert (
        without(said, "jsons://user:pass@example.com/T0K3N-part?x=p%6155word") == "Failed to post to ….com/…?x=…: 403"
    )


def test_the_test_message_says_where_it_arrived(told_to, webhook, mailbox, capsys):
    told_to(webhook.url, "json://127.0.0.1:9/s3cr3t", mailbox.url)
    assert send_test(Settings()) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == ["Address 1", "Address 2", "Address 3"]
    assert lines[0].endswith("arrived")
    assert "failed: " in lines[1]
    assert lines[2].endswith("arrived")
    assert "s3cr3t" not in "".join(lines)
    assert webhook.titles == [mailbox.letters[0]["Subject"]] == ["ITCO to Intercom: test"]


def test_the_test_message_says_that_nobody_is_to_be_told(monkeypatch, capsys):
    monkeypatch.delenv("MIGRATION_ALERT_URLS", raising=False)
    assert send_test(Settings()) == 2
    assert "MIGRATION_ALERT_URLS is not set" in capsys.readouterr().err
