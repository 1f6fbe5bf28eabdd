"""What a sceptical look at the shaping of contacts found."""

import pytest

from tests.support.clean_tables import at, customer, mapping


def test_an_external_id_that_a_merged_customer_loses_is_told(shaped):
    shaped.run(mapping(same_email={"a@x.org": "merge"}), customers=[
        customer("C1", email="a@x.org", external_id="x1", updated_at=at("2024-01-01")),
        customer("C2", email="a@x.org", external_id="x2", updated_at=at("2024-02-01")),
        customer("C3", email="b@x.org", external_id="x3"),
    ])  # fmt: skip
    assert {contact["external_id"] for contact in shaped.by_key("contacts").values()} == {"x2", "x3"}
    (finding,) = shaped.rows("SELECT * FROM target.findings WHERE code <> 'merged_value_left'")
    assert (finding["code"], finding["key"]) == ("external_id_left", "C1")
    assert "x1" in finding["message"]


@pytest.mark.parametrize(
    ("given", "other", "external_id"),
    [
        ({}, {}, "itco:C1"),
        ({"external_id": "x1"}, {}, "itco:C1"),
        ({"external_id": "x1"}, {"external_id": "x2"}, "itco:C1"),
    ],
)
@pytest.mark.parametrize("choice", ["separate", "separate_without_email"])
def test_who_is_to_be_one_of_their_own_gets_an_id_that_is_not_the_one_taken(shaped, choice, given, other, external_id):
    people = [customer("C1", email="a@x.org", **given), customer("C2", email="b@x.org", **other)]
    held = shaped.run(customers=people).by_key("contacts")["C1"]["external_id"]
    shaped.run(mapping(same_record={"contact C1": choice}), customers=people)
    contact = shaped.by_key("contacts")["C1"]
    assert contact["external_id"] == external_id != held
    assert contact["email"] == ("a@x.org" if choice == "separate" else None)


def test_who_was_called_the_same_keeps_their_id(shaped):
    shaped.run(mapping(same_record={"contact C1": "adopt"}), customers=[customer("C1")])
    assert shaped.by_key("contacts")["C1"]["external_id"] == "itco-C1"
