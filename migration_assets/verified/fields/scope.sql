-- Which records are compared. In: verified.applied_writes; the temporary tables chosen_sample(object, records), NULL for all,
-- and chosen_with(object, drawn), NULL for what comes in whole lists; the variable seed. Put in: the records that are in
-- any sample. Out: verified.ugly, verified.chosen.

-- What goes wrong if anything does: always in the sample.
CREATE OR REPLACE TABLE verified.ugly AS
{always};

CREATE OR REPLACE TABLE verified.chosen AS
WITH drawn AS (
    SELECT k.object, k.source_key
    FROM verified.applied_writes k JOIN chosen_sample n USING (object)
    WHERE n.records IS NULL
    UNION
    SELECT object, source_key FROM (
        SELECT k.object, k.source_key, n.records,
            row_number() OVER (PARTITION BY k.object ORDER BY md5(getvariable('seed') || k.source_key), k.source_key) AS nth
        FROM verified.applied_writes k JOIN chosen_sample n USING (object)
        WHERE n.records IS NOT NULL
    ) WHERE nth <= records
    UNION
    SELECT object, source_key FROM verified.ugly
)
SELECT object, source_key FROM drawn
UNION ALL
-- What is read with a chosen record is compared with it; what comes in whole lists always is.
SELECT k.object, k.source_key FROM verified.applied_writes k JOIN chosen_with w USING (object)
SEMI JOIN drawn d ON d.object = w.drawn AND d.source_key = coalesce(k.home, k.parent_key)
UNION ALL
SELECT k.object, k.source_key FROM verified.applied_writes k JOIN chosen_with w USING (object) WHERE w.drawn IS NULL;
