-- One fate for every source row. Inputs: the views of inputs.py, the words of words.sql, in_run(limited),
-- intercom_objects, the registry (objects/tables.py), in_parts and in_matched (inputs.py).
-- Outputs: verdict.source_rows (one row per source row), verdict.source (the six numbers per object).

-- How each write stands after the load: the plan says what was wanted, the journal what became of it.
CREATE OR REPLACE TEMP TABLE write_states AS
SELECT
    coalesce(w.object, j.object) AS object,
    coalesce(w.source_key, j.source_key) AS source_key,
    coalesce(w.operation, j.operation) AS operation,
    w.parent_key,
    w.reason AS held_for,
    coalesce(loss.code, j.error_code) AS error_code,
    CASE
        WHEN loss.code IS NOT NULL THEN 'rejected'
        WHEN j.state IN ('ambiguous', 'intent') THEN 'ambiguous'
        WHEN j.state = 'rejected' THEN 'rejected'
        WHEN j.state = 'confirmed' AND (
            w.verdict IS NULL OR w.verdict IN ('done', 'immutable_changed')
            OR j.fingerprint IS NULL OR j.fingerprint = w.fingerprint
        ) THEN 'confirmed'
        WHEN w.verdict = 'held' THEN 'held'
        WHEN w.verdict IS NOT NULL AND j.state = 'undone' THEN 'unsent'
        WHEN w.verdict = 'unresolved' THEN 'ambiguous'
        WHEN w.verdict = 'failed_before' THEN 'rejected'
        WHEN w.verdict IS NULL THEN j.state
        ELSE 'unsent'
    END AS state
FROM in_plan_writes w
FULL JOIN (
    -- What the sweep took back was no record's: it is told of by itself.
    SELECT * FROM in_plan_journal WHERE object <> 'duplicate'
) j
    ON j.object = w.object AND j.source_key = w.source_key AND j.operation = w.operation
LEFT JOIN loss_words loss ON w.verdict = 'failed_before' AND loss.said_of = w.object AND loss.code = w.reason
-- Once the plan finds a record as it should be, an old refusal of some other content of it means nothing.
ANTI JOIN in_plan_writes settled
    ON w.object IS NULL AND j.operation = 'update' AND j.state = 'rejected'
    AND settled.object = j.object AND settled.source_key = j.source_key
    AND settled.operation = 'create' AND settled.verdict = 'done'
-- Nor does an old refusal of an extra, or of a tag or its removal, once that is no longer wanted.
WHERE NOT (w.object IS NULL AND (is_extra(j.object, j.operation) OR j.operation IN ('attach', 'take_off')));

-- How each record stands. `carried` looks only at the writes that carry the record's text; `state` at all of
-- them, so a ticket whose tag or final state was refused is not called loaded, but its first message is.
CREATE OR REPLACE TEMP TABLE record_states AS
WITH owned AS (
    SELECT
        -- What has no rows of its own, as the tag of a ticket, stands or falls with what it is part of.
        coalesce(o.part_of, w.object) AS object,
        if(o.part_of IS NULL, w.source_key, coalesce(w.parent_key, w.source_key)) AS source_key,
        state,
        error_code,
        held_for,
        o.part_of IS NULL AND NOT is_extra(w.object, w.operation) AND NOT settles(w.object, w.operation) AS carries,
        -- The worst state speaks for the record.
        list_position(['ambiguous', 'rejected', 'unsent', 'held', 'confirmed', 'undone'], state) AS rank
    FROM write_states w LEFT JOIN intercom_objects o ON o.name = w.object AND NOT o.has_rows
    -- Where Intercom refuses an extra, the record is loaded, and the refusal is told by itself.
    WHERE NOT (is_extra(w.object, operation) AND state = 'rejected')
)
SELECT
    object,
    source_key,
    arg_min(state, rank) AS state,
    arg_min(state, rank) FILTER (carries) AS carried,
    min(held_for) FILTER (state = 'held') AS held_for,
    string_agg(DISTINCT error_code, ', ' ORDER BY error_code) FILTER (state IN ('rejected', 'ambiguous')) AS codes,
    -- Beside what it says of itself, a person is told of it (the journal's remarks on writes that went well).
    coalesce(bool_or(state = 'confirmed' AND error_code = 'edits'), FALSE) AS edited
FROM owned
GROUP BY ALL;

-- The files that stand in Intercom: the fingerprint of what carries them names those it was sent with
-- (objects/conversation/wanted_parts.sql).
CREATE OR REPLACE TEMP TABLE files_there AS
SELECT DISTINCT unnest(string_split(confirmed_fingerprint, '|')[2:]) AS mark
FROM in_plan_journal WHERE object IN (SELECT carried_by FROM intercom_objects) AND operation = 'append';

-- Every row that is meant for Intercom, with the state of the record that carries it.
CREATE OR REPLACE TEMP TABLE carried_rows AS
WITH joined AS (
    SELECT
        l.object, l."row", l.key, l.target_object, l.reason AS stated,
        CASE
            WHEN l.object = o.keyed_by THEN own.state
            WHEN o.carried_by IS NULL THEN own.carried
            WHEN there.mark IS NOT NULL THEN 'confirmed'
            -- The part that is to carry the file stands, but without it.
            WHEN own.carried = 'confirmed' THEN 'unsent'
            ELSE own.carried
        END AS state,
        own.codes,
        own.edited,
        act.action,
        act.reason AS action_reason,
        o.part_of,
        whole.carried AS whole_state,
        whole_act.action AS whole_action,
        CASE
            WHEN own.held_for IS NOT NULL THEN own.held_for
            WHEN act.action = 'blocked' THEN coalesce(act.reason, 'held')
            WHEN whole_act.action = 'blocked' THEN coalesce(whole_act.reason, 'held')
        END AS held_code,
        o.name AS target_name,
        o.found_by,
        found.source_key IS NOT NULL AS matched
    FROM in_target_lineage l
    LEFT JOIN (SELECT * REPLACE (unnest(key_begins) AS key_begins) FROM intercom_objects) o
        ON o.target = l.target_object AND starts_with(l.target_key, o.key_begins)
    -- A file stands and falls with the part that carries it.
    LEFT JOIN in_plan_files f ON o.carried_by IS NOT NULL AND f.attachment_key = l.target_key
    LEFT JOIN files_there there ON there.mark = f.mark
    LEFT JOIN record_states own
        ON own.object = coalesce(o.carried_by, o.name) AND own.source_key = if(o.carried_by IS NULL, l.target_key, f.part_key)
    LEFT JOIN in_plan_actions act ON act.object = o.name AND act.source_key = l.target_key
    LEFT JOIN in_parts p ON p.object = o.name AND p.source_key = l.target_key
    LEFT JOIN record_states whole
        ON whole.object = o.part_of AND whole.source_key = coalesce(p.whole_key, f.conversation_key)
    LEFT JOIN in_plan_actions whole_act
        ON whole_act.object = o.part_of AND whole_act.source_key = coalesce(p.whole_key, f.conversation_key)
    -- Where another one stands in, what is looked up is still not there.
    LEFT JOIN in_matched found
        ON found.object = o.name AND found.source_key = l.target_key AND found.via IS DISTINCT FROM 'fallback'
    WHERE l.disposition = 'load'
)
SELECT joined.*, coalesce(held.words, held_code) AS held_words, coalesce(held.waits, FALSE) AS waits, held.row_code
FROM joined LEFT JOIN hold_words held ON held.said_of = target_name AND held.code = held_code;

-- What each step says became of a row. A row with no claim, or two, is unaccounted below.
CREATE OR REPLACE TEMP TABLE claims AS
SELECT
    object, "row", min(key) AS key, 'quarantined' AS fate, string_agg(DISTINCT rule, ', ' ORDER BY rule) AS reason,
    NULL::VARCHAR AS code, NULL::VARCHAR AS skipped_by
FROM in_quarantine_faults WHERE severity = 'row' GROUP BY object, "row"
UNION ALL
SELECT DISTINCT ON (object, "row") object, "row", key, 'superseded', reason, NULL, NULL FROM in_clean_superseded
UNION ALL
-- What was held back while landing and has been corrected since was never a row of the clean table.
SELECT object, "row", key, 'superseded', reason, NULL, NULL FROM in_raw_corrected WHERE held
UNION ALL
SELECT
    l.object, l."row", l.key, l.disposition, l.reason,
    -- What cannot be used is told from what is left out on purpose.
    CASE WHEN f.rule NOT IN ('ticket_skipped', 'message_skipped', 'name_only', 'empty') THEN 'file_left_out' END,
    l.skipped_by
FROM in_target_lineage l
LEFT JOIN in_target_left_out f ON l.object = 'attachments' AND f.attachment_id = l.key
WHERE l.disposition IN ('merged', 'skipped')
UNION ALL
SELECT
    object, "row", key,
    CASE
        WHEN found_by IS NOT NULL THEN if(matched, 'loaded', 'skipped')
        WHEN state IN ('rejected', 'ambiguous') THEN 'failed'
        WHEN state = 'confirmed' THEN 'loaded'
        WHEN held_words IS NOT NULL THEN if(waits, 'skipped', 'failed')
        WHEN action = 'failed' OR whole_action = 'failed' OR whole_state IN ('rejected', 'ambiguous') THEN 'failed'
        WHEN state IS NULL AND action IN ('unchanged', 'adopt') THEN 'loaded'
        WHEN state = 'undone' THEN 'skipped'
        WHEN limited AND state IS NULL AND action IS NULL AND whole_action IS NULL THEN 'skipped'
        ELSE 'failed'
    END AS fate,
    CASE
        WHEN found_by IS NOT NULL AND matched
            THEN stated
        WHEN found_by IS NOT NULL
            THEN 'no ' || target_name || ' of that ' || found_by || ' in Intercom: reconciliation queue'
        WHEN state = 'rejected' AND loss.words IS NOT NULL THEN loss.words
        WHEN state = 'rejected' AND codes = 'unsendable' THEN 'refused before it was sent'
        WHEN state = 'rejected' THEN 'rejected by Intercom' || coalesce(': ' || codes, '')
        WHEN state = 'ambiguous' THEN 'ambiguous: it is not known whether Intercom executed the write'
        WHEN state = 'confirmed'
            THEN coalesce(stated, if(edited, 'loaded, but for values in Intercom that were not the migration''s', NULL))
        WHEN held_words IS NOT NULL THEN if(waits, 'blocked: ', 'held: ') || held_words
        WHEN action = 'failed' THEN coalesce(action_reason, 'the plan holds it back as failed')
        WHEN whole_action = 'failed' OR whole_state IN ('rejected', 'ambiguous')
            THEN 'its ' || replace(part_of, '_', ' ') || ' failed'
        WHEN state IS NULL AND action IN ('unchanged', 'adopt') THEN stated
        WHEN state = 'undone' THEN 'undone: the migration took it back out of Intercom'
        WHEN limited AND state IS NULL AND action IS NULL AND whole_action IS NULL THEN 'beyond the run''s limit'
        WHEN state = 'unsent' OR action IS NOT NULL OR whole_action IS NOT NULL
            THEN 'not sent before the run ended'
        ELSE 'nothing was planned for it'
    END AS reason,
    -- The same cases: which of the reasons it is, where more than a person asks for it (codes.py).
    CASE
        WHEN found_by IS NOT NULL THEN NULL
        WHEN state IN ('rejected', 'ambiguous', 'confirmed') THEN NULL
        WHEN held_words IS NOT NULL THEN row_code
        WHEN action = 'failed' OR whole_action = 'failed' OR whole_state IN ('rejected', 'ambiguous') THEN NULL
        WHEN state IS NULL AND action IN ('unchanged', 'adopt') THEN NULL
        WHEN state = 'undone' THEN 'undone'
        WHEN limited AND state IS NULL AND action IS NULL AND whole_action IS NULL THEN 'beyond_limit'
        WHEN state = 'unsent' OR action IS NOT NULL OR whole_action IS NOT NULL THEN 'not_sent'
    END AS code,
    NULL AS skipped_by
FROM carried_rows
LEFT JOIN loss_words loss ON loss.said_of = target_name AND loss.code = carried_rows.codes
CROSS JOIN in_run;

CREATE OR REPLACE TABLE verdict.source_rows AS
WITH counted AS (
    SELECT object, sum(records)::BIGINT AS records FROM in_raw_files GROUP BY object
),
numbered AS (
    SELECT object, unnest(range(1, records + 1)) AS "row" FROM counted
),
claimed AS (
    SELECT
        object, "row", min(key) AS key, count(*) AS times, min(fate) AS fate, min(reason) AS reason,
        min(code) AS code, min(skipped_by) AS skipped_by,
        min(fate) || ', ' || max(fate) AS fates
    FROM claims GROUP BY object, "row"
)
SELECT
    coalesce(n.object, c.object) AS object,
    coalesce(n."row", c."row") AS "row",
    c.key,
    CASE
        WHEN n."row" IS NULL OR c.times IS DISTINCT FROM 1 THEN 'unaccounted'
        WHEN c.fate IN ('loaded', 'merged', 'superseded', 'skipped', 'quarantined', 'failed') THEN c.fate
        ELSE 'unaccounted'
    END AS fate,
    CASE
        WHEN n."row" IS NULL THEN 'not among the rows counted in the files'
        WHEN c.times IS NULL THEN 'no step says what became of it'
        WHEN c.times > 1 THEN 'more than one fate: ' || c.fates
        ELSE c.reason
    END AS reason,
    if(n."row" IS NOT NULL AND c.times = 1, c.code, NULL) AS code,
    if(n."row" IS NOT NULL AND c.times = 1, c.skipped_by, NULL) AS skipped_by
FROM numbered n FULL JOIN claimed c ON c.object = n.object AND c."row" = n."row";

CREATE OR REPLACE TABLE verdict.source AS
SELECT
    o.object,
    coalesce((SELECT sum(f.records) FROM in_raw_files f WHERE f.object = o.object), 0)::BIGINT AS rows,
    count(*) FILTER (r.fate = 'loaded') AS loaded,
    count(*) FILTER (r.fate = 'merged') AS merged,
    count(*) FILTER (r.fate = 'superseded') AS superseded,
    count(*) FILTER (r.fate = 'skipped') AS skipped,
    count(*) FILTER (r.fate = 'quarantined') AS quarantined,
    count(*) FILTER (r.fate = 'failed') AS failed
FROM in_objects o LEFT JOIN verdict.source_rows r ON r.object = o.object
GROUP BY o.object, o.position
ORDER BY o.position;
