-- One row per Intercom attribute that any payload may use: the migration's own and those that carry custom fields.
CREATE OR REPLACE TABLE target.attributes AS
WITH wanted AS (
    SELECT model, name, data_type, options, description FROM map.own_attributes
    UNION ALL
    SELECT CASE object WHEN 'customer' THEN 'contact' ELSE object END, name, data_type, options, description
    FROM map.carriers
),
with_payload AS (SELECT model || '.' || name AS source_key, *, {payload} AS payload FROM wanted)
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;

INSERT INTO target.findings
SELECT 'attributes', object || '.' || field, 'attribute_renamed',
    'the name in the mapping was taken (Intercom has one set of names for people and companies together); named ' || name
FROM map.carriers WHERE renamed;
