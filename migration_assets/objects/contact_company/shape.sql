-- One row per contact and company that belong together; a merged contact belongs to every company of its sources.
CREATE OR REPLACE TABLE target.contact_companies AS
WITH pairs AS (
    SELECT DISTINCT s.contact_key || '|' || c.company_key AS source_key, s.contact_key, c.company_key
    FROM clean.customers u
    JOIN target.contact_sources s ON s.customer_id = u.customer_id AND s.role <> 'placeholder'
    JOIN target.company_sources c ON c.company_id = u.company_id
),
with_payload AS (SELECT *, {payload} AS payload FROM pairs)
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;
