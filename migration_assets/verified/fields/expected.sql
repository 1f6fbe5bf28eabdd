-- What the records of an object should show, by field. Put in are the object, its rows as `t`, the columns that
-- normalisations know beside the two values, and the pairs of its declared fields.
CREATE OR REPLACE TEMP VIEW expected_{object} AS
SELECT '{object}' AS object, t.source_key{context}, u.f.field, u.f.value
FROM {records} t CROSS JOIN unnest([
    {{'field': 'present', 'value': 'true'}}{fields}]) AS u(f)
WHERE ({where}) AND ({compared})
{attributes}
