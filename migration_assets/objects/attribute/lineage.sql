-- Several attributes may carry one field (a boolean per option); the first stands for them.
WITH carried AS (
    SELECT object, field, CASE object WHEN 'customer' THEN 'contact' ELSE object END || '.' || min(name) AS target_key
    FROM map.carriers GROUP BY object, field
)
SELECT 'custom_fields' AS object, f._row AS row, f.object || '.' || f.field AS key,
    CASE WHEN c.field IS NOT NULL THEN 'attributes' END AS target_object, c.target_key,
    CASE WHEN c.field IS NULL THEN 'skipped' ELSE 'load' END AS disposition,
    CASE WHEN c.field IS NULL THEN 'not carried by the mapping: the field is in ignored_fields, or in no file' END
        AS reason
FROM clean.custom_fields f
LEFT JOIN carried c ON c.object = fold(f.object) AND c.field = 'cf_' || regexp_replace(
    regexp_replace(fold(f.field), '^cf_', ''), '[^a-z0-9]+', '_', 'g')
