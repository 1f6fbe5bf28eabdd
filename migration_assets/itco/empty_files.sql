-- Files with a header and no record, where nobody has stated that there is none. In: raw.files, the parameter: the object.
SELECT
    file,
    file || ' has a header and no rows' || coalesce(', where ' || stated_rows || ' are stated', '') || '.' AS found,
    1 AS rows
FROM raw.files
WHERE object = ? AND records = 0 AND stated_rows IS DISTINCT FROM 0
