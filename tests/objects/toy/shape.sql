CREATE OR REPLACE TABLE target.toys AS
WITH with_payload AS (
    SELECT source_key, name, {payload} AS payload
    FROM (SELECT DISTINCT title AS source_key, title AS name FROM clean.articles))
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;
