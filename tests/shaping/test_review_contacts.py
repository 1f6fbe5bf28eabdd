"""What a sceptical look at the shaping of contacts found."""

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
