"""An address whose host one program reads so and another otherwise is refused before a token is sent anywhere."""

import pytest
from pydantic import ValidationError

from migration_assets.launch import target
from resources.intercom.client import Intercom
from schemas.addresses import AddressError, api_address, is_elsewhere
from schemas.settings import Settings

PLAINLY, CLEAR, LETTERS, USER = "name its host plainly", "in clear", "no blank, backslash", "user name or password"
REFUSED = [
    ("http://127.0.0.1@evil.example", USER),
    ("https://api.intercom.io@evil.example", USER),
    ("https://evil.example\\@api.intercom.io", LETTERS),
    ("http://localhost.evil.example", CLEAR),
    ("http://127.0.0.1.evil.example", CLEAR),
    ("http://evil.example", CLEAR),
    ("http://10.0.0.1", CLEAR),
    ("http://0.0.0.0", CLEAR),
    ("http://[::ffff:127.0.0.1]", CLEAR),
    ("http://api.eu.intercom.io", CLEAR),
    ("http://2130706433", PLAINLY),
    ("https://2130706433", PLAINLY),
    ("https://0x7f000001", PLAINLY),
    ("https://0x7f.1", PLAINLY),
    ("https://127.1", PLAINLY),
    ("https://0177.0.0.1", PLAINLY),
    ("http://127.0.0.1.", PLAINLY),
    ("http://localhost.", PLAINLY),
    ("https://api.intercom.io.", PLAINLY),
    ("https://api..intercom.io", PLAINLY),
    ("https://-api.intercom.io", PLAINLY),
    ("https://api.intercom.io%2eevil.example", PLAINLY),
    ("https://[fe80::1%25eth0]", PLAINLY),
    ("http://[::1%eth0]", PLAINLY),
    ("https://gateway.example:0", PLAINLY),
    ("https://gateway.example:", PLAINLY),
    ("https://gateway.example:0443", PLAINLY),
    ("https://gateway.example:99999", "cannot be read"),
    ("https://gateway.example:+443", "cannot be read"),
    ("https://api.intercom.io:8443", "without a port"),
    ("http://127。0。0。1", LETTERS),
    ("https://api.intercom。io", LETTERS),
    ("https://аpi.intercom.io", LETTERS),  # its first letter is Cyrillic
    ("https://api.intercom.io/\u202egro.live", LETTERS),
    ("http://local\thost", LETTERS),
    ("http://localhost\n@evil.example", LETTERS),
    ("https://api.intercom.io evil.example", LETTERS),
    ("javascript://api.intercom.io", "must begin with https"),
    ("//api.intercom.io", "must begin with https"),
]


@pytest.mark.parametrize(("address", "words"), REFUSED)
def test_an_odd_address_is_refused_in_a_sentence_that_does_not_repeat_it(address, words):
    with pytest.raises(AddressError, match=words) as caught:
        api_address(address)
    assert address not in str(caught.value)
    with pytest.raises(AddressError):
        Intercom(address, "a-token")


@pytest.mark.parametrize(("address", "words"), REFUSED)
def test_the_settings_refuse_it_too(address, words, monkeypatch):
    monkeypatch.setenv("INTERCOM_BASE_URL", address)
    with pytest.raises(ValidationError, match=words):
        Settings()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:4010",
        "http://127.0.0.2",
        "http://localhost:8080/intercom",
        "http://[::1]:4010",
        "https://10.0.0.5:8443",
        "https://gateway.example:8443/intercom",
        "https://xn--e1afmkfd.example",
        "https://api.intercom.io:443",
        "https://Gateway.Example",
    ],
)
def test_a_plain_address_is_taken_as_it_is(address):
    assert api_address(address) == address


def test_a_host_that_looks_like_intercom_s_is_called_what_it_is(monkeypatch):
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", "t")
    monkeypatch.setenv("INTERCOM_BASE_URL", "https://api.intercom.io.evil.example")
    assert target(Settings()) == (
        "Intercom at https://api.intercom.io.evil.example, which is none of Intercom's own hosts"
    )
    monkeypatch.setenv("INTERCOM_BASE_URL", "https://api.eu.intercom.io")
    assert target(Settings()) == "Intercom at https://api.eu.intercom.io"
    assert not is_elsewhere("http://127.0.0.1:1")
