-- One row per tag; spellings that differ only in case or spaces are one. The source's own list gives the spelling,
-- else the commonest one does.
CREATE OR REPLACE TABLE target.tags AS
WITH spelled AS (
    SELECT fold(tag) AS source_key, trim(tag) AS name, 1 AS listed, 0 AS uses FROM clean.tags
    UNION ALL
    SELECT fold(u.tag), trim(u.tag), 0, count(*)
    FROM (SELECT unnest(tags) AS tag FROM target.live_tickets) u GROUP BY ALL
),
-- The best spelling: listed before unlisted, then the most used, then by alphabet, so that it is always the same one.
chosen AS (
    SELECT source_key, name FROM spelled WHERE coalesce(source_key, '') <> ''
    QUALIFY row_number() OVER (PARTITION BY source_key ORDER BY listed DESC, uses DESC, name) = 1
),
with_payload AS (SELECT *, {payload} AS payload FROM chosen)
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;
