-- How every record of an object stood before its load. The object is bound as $object. Out: plan.load_start.
CREATE OR REPLACE TABLE plan.load_start AS
SELECT
    record_key,
    CASE
        WHEN NOT bool_or(present AND object = record_object) THEN 'create'
        WHEN bool_or(verdict IN ('send', 'unresolved')) THEN 'update'
        ELSE 'unchanged'
    END AS action
FROM plan.writes WHERE record_object = $object GROUP BY ALL;
