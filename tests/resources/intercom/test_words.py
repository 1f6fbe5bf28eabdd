"""Intercom's sentences without secrets and without what it was sent."""

import json

import pytest

from resources.intercom import endpoints
from resources.intercom.errors import RequestSent, error_for
from resources.intercom.outcomes import classify_response
from resources.intercom.words import anonymous

CUSTOMER = {
    "role": "user",
    "external_id": "4711",
    "email": "jane.doe@example.com",
    "name": "Jane Doe",
    "phone": "+15551234567",
    "custom_attributes": {"Preferred language": "Spanish", "VIP": True, "Seats": 12345},
}


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("jane.doe@example.com is not a valid email", "[email] is not a valid email"),
        ("'JANE.DOE@example.com' is taken", "'[email]' is taken"),
        ("jane%40example.com or j.d@mail.example.co.uk.", "[e-mail address] or [e-mail address]."),
        ("Name Jane Doe is too short", "Name [name] is too short"),
        ("Phone +15551234567 is invalid", "Phone [phone] is invalid"),
        ("no 'Spanish' in 'Preferred language'", "no '[Preferred language]' in 'Preferred language'"),
        ("A contact matching those details already exists with id=5ba682d23d7cf92bef87bfd4", None),
        ("User has been merged and is not restorable", None),
        ("contact 4711 is unknown", None),
        ("", None),
    ],
)
def test_what_was_sent_is_not_repeated(message, shown):
    assert anonymous(message, CUSTOMER) == (message if shown is None else shown)


def test_the_beginning_of_a_long_text_is_not_repeated():
    body = "Dear support, my card 4111 was charged twice on the third of May.\nRegards, Jane"
    said = f"body '{body[:40]}...' is too long"
    assert anonymous(said, {"body": body}) == "body '[body]...' is too long"
    assert anonymous(f"bad: {body}", {"message": [{"body": body}]}) == "bad: [body]"


def test_a_body_that_is_repeated_whole_is_not_repeated():
    sent = {"body": "Grüße,\nmy card\twas charged twice", "name": 'Zoë "Z" Doe', "type": "user"}
    for said in (json.dumps(sent), json.dumps(sent, ensure_ascii=False)):
        assert anonymous(f"bad request: {said}", sent) == (
            'bad request: {"body": "[body]", "name": "[name]", "type": "user"}'
        )


@pytest.mark.parametrize("number", ["+49 30 901827364", "+1 (555) 123-4567", "+493090182736"])
def test_a_telephone_number_in_another_form_is_not_repeated(number):
    assert anonymous(f"'{number}' is no phone, nor is 1700000000", {}) == (
        "'[telephone number]' is no phone, nor is 1700000000"
    )


def test_a_name_inside_a_text_is_masked_after_the_text():
    sent = {"name": "Jane Doe", "custom_attributes": {"Remark": "Jane Doe called"}}
    assert anonymous("'Jane Doe called' and Jane Doe", sent) == "'[Remark]' and [name]"


def test_without_a_body_addresses_and_tokens_go_all_the_same():
    said = "secret-token and dG9rOmFiY2RlZg== of jane@example.com"
    assert anonymous(said, None, "secret-token") == "[masked] and [masked] of [e-mail address]"


def failure(endpoint, message, body, **more):
    answer = {"type": "error.list", "request_id": "r", "errors": [{"code": "parameter_invalid", "message": message}]}
    found = classify_response(400, "application/json", json.dumps(answer | more).encode())
    return error_for(found, 400, RequestSent(endpoint, body, "secret-token"))


def test_words_about_the_workspace_itself_stay_as_they_are():
    body = {"name": "Order value", "data_type": "list", "list_items": "One, Two"}
    said = "Attribute 'Order value' exists already"
    assert failure(endpoints.CREATE_TICKET_TYPE_ATTRIBUTE, said, body).message == said
    assert failure(endpoints.UPSERT_COMPANY, said, body).message == "Attribute '[name]' exists already"


def test_a_token_in_code_or_request_id_is_left_out():
    more = {"request_id": "secret-token", "errors": [{"code": "secret-token", "message": "no: secret-token"}]}
    error = failure(endpoints.CREATE_CONTACT, "", {}, **more)
    assert (error.code, error.request_id, error.message) == ("http_400", None, "no: [masked]")


@pytest.mark.parametrize(
    "name",
    [name for name, value in vars(endpoints).items() if isinstance(value, endpoints.Endpoint) and not value.read],
)
def test_every_write_that_carries_a_customers_values_says_so(name):
    endpoint = getattr(endpoints, name)
    about_the_workspace = endpoint.path.split("/")[1] in ("tags", "ticket_types", "data_attributes")
    only_ids = endpoint.method == "DELETE" or endpoint.path.endswith(("/tags", "/archive", "/unarchive", "/redact"))
    assert endpoint.personal != (about_the_workspace or only_ids)
