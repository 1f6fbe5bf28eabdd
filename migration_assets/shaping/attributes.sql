-- One row per Intercom attribute that any payload may use: the migration's own and those that carry custom fields.
CREATE OR REPLACE TABLE target.attributes AS
WITH wanted AS (
    SELECT model, name, data_type, options, description FROM map.own_attributes
    UNION ALL
    SELECT CASE object WHEN 'customer' THEN 'contact' ELSE object END, name, data_type, options, description
    FROM map.carriers
),
paid AS (
    SELECT model || '.' || name AS source_key, model, name, data_type, options, description,
        payload_of({
            'data_type': data_type,
            'description': description,
            'model': model,
            'name': name,
            'options': CASE WHEN len(options) > 0 THEN options END}) AS payload
    FROM wanted
)
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM paid;

INSERT INTO target.findings
SELECT 'attributes', object || '.' || field, 'attribute_renamed',
    'the name in the mapping was taken (Intercom has one set of names for people and companies together); named ' || name
FROM map.carriers WHERE renamed;
