-- What became of every record of the plan. In: rollback.plan, rollback.outcomes(object, source_key, state, code, words, refusal),
-- rollback.still(object, source_key), intercom_objects (objects/tables.py). Out: rollback.fates: one row per record with its fate, its reason and its writes.
CREATE OR REPLACE TABLE rollback.fates AS
WITH told AS (
    SELECT
        p.object, p.source_key, p.parent_key, p.intercom_id, p.action, p.adopted, p.whole, p.writes,
        CASE
            WHEN p.action IN ('keep', 'unknown') THEN p.action
            WHEN o.state = 'confirmed' THEN CASE p.action
                WHEN 'delete' THEN 'deleted' WHEN 'archive' THEN 'archived' WHEN 'detach' THEN 'detached'
                WHEN 'restore' THEN CASE WHEN p.before_images IS NULL THEN 'kept' ELSE 'restored' END
            END
            WHEN o.state = 'rejected' THEN 'failed'
            WHEN o.state IN ('intent', 'ambiguous') OR o.code = 'repeatable' THEN 'failed'
            WHEN o.state = 'undone' THEN CASE WHEN o.code = 'declined' THEN 'refused' ELSE 'unreached' END
            WHEN p.action <> 'ride' THEN 'unreached'
        END AS fate,
        CASE
            WHEN p.reason IS NOT NULL THEN p.reason
            WHEN o.state = 'confirmed' AND p.action = 'restore' AND p.before_images IS NULL
                THEN 'it stood in Intercom before the migration, which changed nothing in it'
            WHEN o.state IN ('intent', 'ambiguous') OR o.code = 'repeatable' THEN 'Intercom gave no clear answer'
            WHEN o.state IN ('rejected', 'undone') THEN coalesce(o.words, o.code)
        END AS reason,
        o.code,
        o.refusal
    FROM rollback.plan p
    LEFT JOIN rollback.outcomes o USING (object, source_key)
)
SELECT
    t.* REPLACE (
        -- It shares the fate of the record that it was to go with.
        CASE
            WHEN t.action <> 'ride' THEN t.fate
            WHEN c.fate = 'deleted' THEN 'detached'
            ELSE c.fate
        END AS fate,
        CASE
            WHEN t.action <> 'ride' OR c.fate = 'deleted' THEN t.reason
            ELSE 'its ' || replace(c.object, '_', ' ') || ' stays'
        END AS reason
    ),
    s.source_key IS NOT NULL AS still_there
FROM told t
LEFT JOIN intercom_objects o ON t.action = 'ride' AND o.name = t.object
LEFT JOIN told c ON c.object = o.goes_with AND c.source_key = t.parent_key
LEFT JOIN rollback.still s ON s.object = t.object AND s.source_key = t.source_key;

-- What of ours is in Intercom after all. What stood there before us is not ours, and archived is as far as it goes.
CREATE OR REPLACE VIEW rollback.remaining AS
SELECT * FROM rollback.fates
WHERE still_there OR fate IN ('refused', 'failed', 'unreached', 'unknown', 'keep');
