-- What became of everything that was there twice, and what the sweep came to in numbers.
-- The plan empties verdict.strays and verdict.sweep (accounting/sweep_tables.py), the sweep writes them, the check and
-- the report read them: without a row in verdict.sweep there was no sweep in this run.
-- In: verdict.strays and verdict.others, plan.journal as it is after the sweep.

UPDATE verdict.strays s SET
    outcome = if(j.state = 'confirmed', 'healed', 'left'),
    reason = CASE j.state
        WHEN 'confirmed' THEN NULL
        WHEN 'rejected' THEN 'Intercom refused to take it back: ' || coalesce(j.error_message, j.error_code, '')
        ELSE 'Intercom gave no clear answer; the next run tries again' END
FROM plan.journal j
WHERE s.kind = 'twice' AND s.outcome IS NULL AND j.object = 'duplicate' AND j.source_key = s.key;

-- What is missing was asked for by its id: a load with RESTORE=deleted writes it again.
INSERT INTO observed.deleted_in_intercom BY NAME
SELECT object, source_key, intercom_id, 'deleted_in_intercom' AS code FROM verdict.strays WHERE kind = 'missing';

CREATE OR REPLACE TABLE verdict.sweep AS
SELECT s.*, o.* FROM (
    SELECT
        count(*) FILTER (kind = 'missing') AS missing,
        count(*) FILTER (kind = 'orphaned') AS orphaned,
        count(*) FILTER (kind = 'twice') AS twice,
        count(*) FILTER (kind = 'twice' AND outcome = 'healed') AS healed,
        count(*) FILTER (kind = 'twice' AND outcome IS DISTINCT FROM 'healed') AS "left"
    FROM verdict.strays
) s, (SELECT sum(COLUMNS('(.*)'))::BIGINT AS '\1' FROM verdict.others) o;
