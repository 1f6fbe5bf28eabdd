-- The one ticket type, which has no target table: the mapping names it.
CREATE OR REPLACE VIEW plan.ticket_types AS
SELECT ticket_type AS source_key, ticket_type AS name, sha256(ticket_type) AS fingerprint FROM plan.options;
