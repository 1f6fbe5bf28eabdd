-- What has to be done to undo the writes that stand.
-- In: rollback.applied_writes, rollback.named(object, source_key), rollback.scope: one row (run, object, key, named);
-- intercom_objects, the registry (objects/tables.py). Put in: what is known of the records (objects/known_records.sql).
-- Out: rollback.plan: one row per record, with its action and how many confirmed writes it answers for.

-- The record that a write belongs to: what is part of one is gone with it.
CREATE OR REPLACE TABLE rollback.writes AS
WITH belonging AS (
    SELECT
        s.*,
        coalesce(o.part_of, s.object) AS record_object,
        if(o.part_of IS NULL, s.source_key, s.parent_key) AS record_key,
        o.part_of IS NULL AND s.operation IN ('create', 'upsert', 'attach') AS makes
    FROM rollback.applied_writes s LEFT JOIN intercom_objects o ON o.name = s.object
)
SELECT
    b.*,
    -- Which run made the record; of an adopted one, which found it.
    arg_min(run_id, write_id) FILTER (makes AND state = 'confirmed') OVER record AS made_by
FROM belonging b
WINDOW record AS (PARTITION BY record_object, record_key);

-- A record that the run made is taken back whole, whatever later runs wrote to it; of another one, that run's writes.
CREATE OR REPLACE TABLE rollback.scoped AS
SELECT w.*, s.run IS NULL OR made_by IS NOT DISTINCT FROM s.run AS whole
FROM rollback.writes w CROSS JOIN rollback.scope s
WHERE (s.run IS NULL OR w.run_id = s.run OR made_by IS NOT DISTINCT FROM s.run)
    AND (s.object IS NULL OR w.record_object = s.object)
    AND (s.key IS NULL OR w.record_key = s.key)
    AND (NOT s.named OR EXISTS (
        SELECT 1 FROM rollback.named n WHERE n.object = w.record_object AND n.source_key = w.record_key));

CREATE OR REPLACE TABLE rollback.plan AS
WITH known AS (
    {known}
),
asked AS (
    SELECT
        record_object AS object,
        record_key AS source_key,
        bool_and(whole) AS whole,
        list(before_image ORDER BY write_id) FILTER (before_image IS NOT NULL) AS before_images,
        count(*) FILTER (state = 'confirmed') AS writes,
        count(*) FILTER (state <> 'confirmed') AS open_writes
    FROM rollback.scoped GROUP BY ALL
),
decided AS (
    SELECT
        k.*, a.* EXCLUDE (object, source_key), o.goes_with, o.has_parts,
        CASE
            WHEN k.intercom_id IS NULL THEN 'unknown'
            WHEN k.adopted OR NOT a.whole THEN
                -- What was added to a record that has parts cannot be told from what others did to it since.
                CASE WHEN a.whole OR (a.before_images IS NOT NULL AND NOT o.has_parts) THEN 'restore' ELSE 'keep' END
            ELSE o.removal
        END AS action
    FROM asked a JOIN known k USING (object, source_key) LEFT JOIN intercom_objects o ON o.name = k.object
)
SELECT
    -- What is to be detached goes with the record that it hangs on where that is deleted.
    d.* EXCLUDE (goes_with, has_parts) REPLACE (
        if(d.action = 'detach' AND c.action = 'delete', 'ride', d.action) AS action
    ),
    CASE d.action
        WHEN 'unknown' THEN 'it is not known whether Intercom has it; `make migrate` looks it up, then roll back again'
        WHEN 'keep' THEN CASE
            WHEN d.has_parts THEN 'an earlier run made the ' || replace(d.object, '_', ' ')
                || ', and what was added to it later cannot be taken out of it'
            ELSE 'an earlier run made it, and what that run had left there is not known'
        END
    END AS reason,
    row_number() OVER (PARTITION BY d.object ORDER BY d.source_key) - 1 AS position
FROM decided d
LEFT JOIN decided c ON c.object = d.goes_with AND c.source_key = d.parent_key;
