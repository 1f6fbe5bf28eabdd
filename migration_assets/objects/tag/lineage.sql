SELECT 'tags' AS object, _row AS row, tag AS key, 'tags' AS target_object, fold(tag) AS target_key,
    CASE WHEN first THEN 'load' ELSE 'merged' END AS disposition,
    CASE WHEN NOT first THEN 'differs from another tag only in case or spaces' END AS reason
FROM (SELECT _row, tag, row_number() OVER (PARTITION BY fold(tag) ORDER BY tag) = 1 AS first FROM clean.tags)
