"""Which addresses and tokens are taken, what is said about the others, and where paths then go."""

import traceback

import httpx
import pytest

from resources.intercom.client import Intercom
from schemas.addresses import REGION_HOSTS, AddressError, access_token, api_address, hosts_in_words, region_of


@pytest.mark.parametrize("region", ["us", "eu", "au"])
def test_every_region_has_its_host(region):
    assert region_of(api_address(REGION_HOSTS[region])) == region
    assert REGION_HOSTS[region] in hosts_in_words()


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://api.eu.intercom.io/", "https://api.eu.intercom.io"),
        (" https://api.intercom.io\n", "https://api.intercom.io"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("https://gateway.example/intercom/", "https://gateway.example/intercom"),
        ("http://[::1]:4010/", "http://[::1]:4010"),
    ],
)
def test_an_address_is_taken(given, taken):
    assert api_address(given) == taken
    assert region_of("https://gateway.example/intercom") is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "must begin with https"),
        ("api.intercom.io", "must begin with https"),
        ("ftp://api.intercom.io", "must begin with https"),
        ("https://", "name a host"),
        ("https://host:99999", "cannot be read"),
        ("https://[::1", "cannot be read"),
        ("https://user:s3cret@gateway.example", "user name or password"),
        ("https://gateway.example/?key=s3cret", "a query"),
        ("https://gateway.example/#s3cret", "a fragment"),
        ("http://api.eu.intercom.io", "in clear"),
    ],
)
def test_an_address_is_refused_with_a_sentence_that_does_not_repeat_it(given, words):
    with pytest.raises(AddressError, match=words) as caught:
        api_address(given)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


BADLY_COPIED = ["", " ", "dG9r s3cret", "dG9r\ns3cret", "dG9r\u00e9s3cret", "\u201cdG9rs3cret\u201d"]


@pytest.mark.parametrize("given", BADLY_COPIED)
def test_a_token_that_was_copied_badly_is_refused_and_not_repeated(given):
    with pytest.raises(AddressError) as caught:
        Intercom("https://api.intercom.io", given)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def test_blanks_around_a_token_are_left_out():
    assert access_token(" dG9rOmFiYw==\n") == "dG9rOmFiYw=="


@pytest.mark.parametrize("prefix", ["", "/intercom", "/a/b"])
def test_a_path_prefix_stays_before_every_path(run, prefix):
    seen = []

    def answer(request):
        seen.append(request.url.raw_path.decode())
        return httpx.Response(200, json={"id": "1", "data": [], "company_id": "k"})

    client = Intercom(f"https://gateway.example{prefix}/", "t", transport=httpx.MockTransport(answer))

    async def work():
        await client.me()
        await client.get_contact("a/b")
        await client.list_data_attributes("contact")

    run(work())
    assert seen == [f"{prefix}/me", f"{prefix}/contacts/a%2Fb", f"{prefix}/data_attributes?model=contact"]
