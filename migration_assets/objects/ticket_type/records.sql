-- The one ticket type, which has no target table: the mapping names it.
CREATE OR REPLACE VIEW plan.ticket_types AS
SELECT ticket_type AS source_key, sha256(ticket_type) AS fingerprint FROM plan.options;
