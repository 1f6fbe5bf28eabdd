-- What was loaded and is in no row of the drop any more, and what is to become of it in Intercom by settings.gone.
-- In: plan.actions, intercom_objects, plan.journal, plan.options. Out: verdict.deleted_in_source, which the step intercom/deleted_in_source completes:
-- one row per record; fate is reported (Intercom keeps it), or planned until it is known what became of it.
CREATE OR REPLACE TABLE verdict.deleted_in_source AS
WITH deleted AS (
    SELECT a.object, a.source_key, b.record_object, b.keyed_by
    FROM plan.actions a JOIN intercom_objects b ON b.name = a.object
    WHERE a.action = 'unwanted' AND a.code = 'deleted_in_source' AND b.keyed_by IS NOT NULL
),
parts AS (
    SELECT DISTINCT j.object, b.record_object, b.keyed_by, j.source_key, j.parent_key
    FROM plan.journal j JOIN intercom_objects b ON b.name = j.object
    WHERE j.operation = 'append' AND j.intercom_id IS NOT NULL AND b.part_of IS NOT NULL AND b.keyed_by IS NOT NULL
),
-- A record whose parts are still delivered was hardly deleted: its own row is what is missing.
halved AS (
    SELECT p.record_object AS object, p.parent_key AS source_key, min(p.keyed_by) AS parts
    FROM parts p ANTI JOIN deleted v ON v.object = p.object AND v.source_key = p.source_key
    GROUP BY ALL
),
decided AS (
    SELECT
        v.object, v.source_key, p.parent_key AS record_key, v.keyed_by,
        o.delete_gone AND (v.record_object = v.object OR c.source_key IS NOT NULL) AS delete_it,
        h.parts, r.keyed_by AS whole
    FROM deleted v
    JOIN intercom_objects r ON r.name = v.record_object
    CROSS JOIN plan.options o
    LEFT JOIN parts p ON p.object = v.object AND p.source_key = v.source_key
    -- A part goes with its record only: Intercom cannot delete one by itself.
    LEFT JOIN deleted c ON c.object = p.record_object AND c.source_key = p.parent_key
    LEFT JOIN halved h ON h.object = v.record_object AND h.source_key = coalesce(p.parent_key, v.source_key)
)
SELECT
    object, source_key, record_key,
    if(delete_it AND parts IS NULL, 'planned', 'reported') AS fate,
    CASE
        WHEN delete_it AND parts IS NOT NULL THEN 'the extract still has ' || parts || ' of the ' || rtrim(whole, 's')
        WHEN (SELECT delete_gone FROM plan.options) AND NOT delete_it
            THEN 'Intercom cannot delete a single ' || rtrim(keyed_by, 's')
    END AS reason
FROM decided;
