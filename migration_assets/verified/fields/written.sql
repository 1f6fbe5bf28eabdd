-- What the journal knows of the writes that carry the fields of one object. Put in are the objects of those writes.
-- In: plan.journal, plan.writes. Out: the temporary table written, a row per kind of write that the plan wants of a
-- record, where `record_key` is the record's own key, or that of the record that a part hangs on: written, when all of
-- its writes of that kind were confirmed; found_again, when the answer to the write was lost, and none that came later
-- tells how its fields were taken.
CREATE OR REPLACE TEMP TABLE written AS
WITH known AS (
    SELECT object, source_key, operation, confirmed_at_write IS NOT NULL AS confirmed,
        state = 'confirmed' AND error_code = 'found_again'
            AND NOT bool_or(operation = 'update' AND confirmed_at_write IS NOT NULL) OVER (PARTITION BY object, source_key)
            AS found_again
    FROM plan.journal WHERE list_contains({objects}, object)
),
wanted AS (
    SELECT w.object, w.operation, unnest(list_distinct([w.source_key, coalesce(w.parent_key, w.source_key)])) AS record_key,
        coalesce(k.confirmed, FALSE) AS confirmed, coalesce(k.found_again, FALSE) AS found_again
    FROM plan.writes w LEFT JOIN known k USING (object, source_key, operation)
    WHERE list_contains({objects}, w.object)
)
SELECT object, record_key, operation, bool_and(confirmed) AS written, bool_or(found_again) AS found_again
FROM wanted GROUP BY ALL;

