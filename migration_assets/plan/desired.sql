-- The writes of an object that is written by one call; a SELECT of plan.desired.
SELECT
    '{object}' AS object, t.source_key, {parent}::VARCHAR AS parent_key, '{operation}' AS operation, 0 AS step,
    t.fingerprint, '{record_object}' AS record_object, t.{record_column} AS record_key
FROM {records} t
SEMI JOIN (FROM plan.scope WHERE object = '{scope_object}') s ON s.source_key = t.{scope_column}
WHERE {where}
