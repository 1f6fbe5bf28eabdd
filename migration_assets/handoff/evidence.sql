-- What the report shows beside the six numbers, one temporary view per table of the report. Only keys, names of
-- rules, places and counts; the only free text is Intercom's own answer to a write that failed.
-- Inputs: the views of inputs.py, verdict.source_rows, intercom_objects, the registry (objects/tables.py), and the
-- temporary tables that outcomes.sql leaves behind.

CREATE OR REPLACE TEMP VIEW see_files AS
SELECT
    object, file, bytes, sha256, encoding, encoding_evidence, delimiter, delimiter_evidence, records, landed,
    quarantined, stated_rows, stated_sha256,
    -- A header that stands again, and a line of totals, are rows of the file, but nothing that the source counts.
    records - coalesce(repeated_headers, 0) - coalesce(totals_rows, 0) AS counted,
    -- The only number that is stated may be that of all parts together: the source's screen shows no parts.
    coalesce(counted < stated_rows
        AND NOT (count(stated_rows) OVER of_object = 1 AND stated_rows = sum(counted) OVER of_object), FALSE) AS short
FROM in_raw_files WINDOW of_object AS (PARTITION BY object) ORDER BY object, part, file;

CREATE OR REPLACE TEMP VIEW see_quarantine AS
SELECT
    object, rule, "column", severity,
    any_value(expected) AS expected, any_value(action) AS action,
    count(DISTINCT coalesce("row", line)) AS rows,
    list_slice(list_sort(list(DISTINCT file || ':' || line)), 1, 3) AS places
FROM in_quarantine_faults
GROUP BY object, rule, "column", severity
ORDER BY severity, rows DESC, object, rule, "column";

CREATE OR REPLACE TEMP VIEW see_fates AS
SELECT object, fate, coalesce(reason, '') AS reason, code, skipped_by, count(*) AS rows
FROM verdict.source_rows
WHERE fate IN ('merged', 'superseded', 'skipped', 'unaccounted')
GROUP BY ALL ORDER BY fate, rows DESC, object, reason;

-- Attachments whose file is missing or cannot be used, each by its own name.
CREATE OR REPLACE TEMP VIEW see_left_out AS
SELECT key AS attachment_id, reason FROM verdict.source_rows WHERE code = 'file_left_out' ORDER BY key;

-- Files of the folder attachments that no row names.
CREATE OR REPLACE TEMP VIEW see_unnamed_files AS
SELECT path FROM in_target_files WHERE attachment_id IS NULL AND path IS NOT NULL ORDER BY path;

-- Failed writes by Intercom's own words, so that one cause is one line however many records it hit.
CREATE OR REPLACE TEMP VIEW see_failures AS
WITH failed AS (
    SELECT
        s.object, s.operation, s.state, s.source_key,
        coalesce(loss.code, j.error_code, '') AS code,
        coalesce(loss.words, j.error_message, '') AS message, j.request_id
    FROM write_states s
    LEFT JOIN loss_words loss ON loss.said_of = s.object AND loss.code = s.error_code
    LEFT JOIN in_plan_journal j
        ON j.object = s.object AND j.source_key = s.source_key AND j.operation = s.operation
    WHERE s.state IN ('rejected', 'ambiguous')
)
SELECT
    object, operation, state, code, message, count(*) AS records,
    if(state = 'rejected' AND code = 'unsendable', code, state) AS kind,
    list_slice(list_sort(list(source_key)), 1, 5) AS keys,
    -- Intercom's support finds a call by it; that of one record stands for all.
    arg_min(request_id, source_key) FILTER (request_id IS NOT NULL) AS request_id
FROM failed
GROUP BY object, operation, state, code, message
ORDER BY state, records DESC, object, operation, code, message;

-- Failed rows that no write of their own explains: their conversation failed, or the run ended before them.
CREATE OR REPLACE TEMP VIEW see_failed_rows AS
SELECT object, coalesce(reason, '') AS reason, code, count(*) AS rows
FROM verdict.source_rows WHERE fate = 'failed'
GROUP BY ALL ORDER BY rows DESC, object, reason;

CREATE OR REPLACE TEMP VIEW see_deleted_in_intercom AS
SELECT s.object, count(DISTINCT s.source_key) AS rows
FROM write_states s JOIN loss_words l ON l.said_of = s.object AND l.code = s.error_code
WHERE s.state = 'rejected' GROUP BY s.object ORDER BY s.object;

-- What a person must be told of writes that went well (journal.tables.write): a row per record and what became of which
-- of its fields. Only names of fields, never a value.
CREATE OR REPLACE TEMP VIEW see_edits AS
WITH remarks AS (
    SELECT object, source_key,
        -- How fields were answered may stand beside it: see_answers.
        unnest(list_intersect(json_keys(remark), ['kept', 'overwritten', 'taken_over'])) AS became,
        from_json(remark, '{"kept": ["VARCHAR"], "overwritten": ["VARCHAR"], "taken_over": ["VARCHAR"]}') AS said
    FROM in_plan_journal WHERE state = 'confirmed' AND error_code = 'edits'
),
named AS (
    SELECT object, source_key, became,
        unnest(CASE became WHEN 'kept' THEN said.kept WHEN 'overwritten' THEN said.overwritten ELSE said.taken_over END)
            AS name
    FROM remarks
)
SELECT object, source_key AS key, became, string_agg(name, ', ' ORDER BY name) AS fields
FROM named GROUP BY ALL ORDER BY became, object, key;

-- The fields that Intercom took and shows otherwise: how many records of this run carried one and differed, and of which
-- records of any run that is still so (open_answers: accounting/open_answers.py).
CREATE OR REPLACE TEMP VIEW see_answers AS
WITH still AS (
    SELECT object, field, count(*) AS "open", list_slice(list_sort(list(source_key)), 1, 3) AS keys
    FROM open_answers GROUP BY object, field
)
SELECT object, field, coalesce(a.carried, 0) AS carried, coalesce(a.otherwise, 0) AS otherwise,
    coalesce(still."open", 0) AS "open", coalesce(still.keys, []) AS keys
FROM in_verdict_answers a FULL JOIN still USING (object, field)
WHERE a.otherwise > 0 OR still."open" > 0
ORDER BY "open" DESC, otherwise DESC, object, field;

CREATE OR REPLACE TEMP VIEW see_merged AS
SELECT source_key AS key, intercom_id AS "into"
FROM in_plan_journal WHERE operation = 'create' AND state = 'confirmed' AND error_code = 'followed_merge'
ORDER BY key;

CREATE OR REPLACE TEMP VIEW see_queue AS
SELECT kind, source_key AS key, name, coalesce(email_or_path, '') AS finds, coalesce(reason, '') AS reason, tickets
FROM in_plan_reconciliation_queue WHERE tickets > 0
ORDER BY tickets DESC, kind, source_key;

-- The writes are judged anew until the end; the actions stay what was planned, before what was unknown was looked up.
CREATE OR REPLACE TEMP VIEW see_held AS
WITH held AS (
    SELECT record_object AS object, record_key AS source_key, min(reason) AS reason
    FROM in_plan_writes WHERE verdict = 'held' GROUP BY ALL
)
SELECT
    held.object, coalesce(w.words, held.reason, '') AS reason, count(*) AS records,
    list_slice(list_sort(list(source_key)), 1, 5) AS keys
FROM held LEFT JOIN hold_words w ON w.said_of = held.object AND w.code = held.reason
GROUP BY ALL ORDER BY records DESC, 1, 2;

CREATE OR REPLACE TEMP VIEW see_changed AS
SELECT object, count(*) AS records, list_slice(list_sort(list(source_key)), 1, 5) AS keys
FROM in_plan_writes WHERE verdict = 'immutable_changed'
GROUP BY object ORDER BY object;

-- What was loaded and has no row in this drop that would still bring it, what became of it in Intercom, and why.
CREATE OR REPLACE TEMP VIEW see_deleted_in_source AS
SELECT
    a.object, a.reason, coalesce(v.fate, 'reported') AS fate, coalesce(v.reason, '') AS why, count(*) AS records,
    -- Of what was to be deleted and stays, a person wants more than examples.
    list_slice(list_sort(list(a.source_key)), 1, if(bool_or(v.fate IN ('refused', 'failed')), 200, 5)) AS keys
FROM in_plan_actions a
LEFT JOIN in_verdict_deleted_in_source v ON v.object = a.object AND v.source_key = a.source_key
WHERE a.action = 'unwanted' AND a.object IN (SELECT name FROM intercom_objects WHERE told_when_deleted)
GROUP BY ALL ORDER BY a.object, a.reason, fate, why;

CREATE OR REPLACE TEMP VIEW see_unmapped AS
SELECT object, "column", value, rows, file, line FROM in_clean_unmapped ORDER BY rows DESC, object, "column", value;

CREATE OR REPLACE TEMP VIEW see_findings AS
SELECT object, severity, code, message, count(*) AS times,
    list_slice(list_sort(list(DISTINCT coalesce(file, '') || coalesce(':' || line, ''))), 1, 3) AS places
FROM in_raw_findings GROUP BY object, severity, code, message
UNION ALL
SELECT object, 'info', code, message, sum(rows)::BIGINT, [coalesce("column", '')]
FROM in_clean_findings GROUP BY object, code, message, "column"
UNION ALL
SELECT object, 'info', code, message, count(*), ['']
FROM in_target_findings WHERE object IN (SELECT target FROM intercom_objects WHERE carried_by IS NOT NULL)
GROUP BY object, code, message
UNION ALL
-- The values themselves are customers' own, so they stand in the folder of rejects alone.
SELECT object, 'info', code, 'of merged records, values gave way to others: rejects/merged_values.csv has both', count(*), ['']
FROM in_target_findings WHERE code = 'merged_value_left' GROUP BY object, code
ORDER BY severity DESC, object, code, message;

CREATE OR REPLACE TEMP VIEW see_actions AS
SELECT object, action, count(*) AS records, coalesce(sum(calls), 0)::BIGINT AS calls
FROM in_plan_actions GROUP BY object, action ORDER BY object, action;

CREATE OR REPLACE TEMP VIEW see_loads AS
SELECT object, planned, created, updated, adopted, unchanged, failed, present FROM in_verdict_loads;

CREATE OR REPLACE TEMP VIEW see_sweep AS SELECT * FROM in_verdict_sweep;

CREATE OR REPLACE TEMP VIEW see_strays AS
SELECT kind, object, source_key, intercom_id, conversation_id, ours_id, outcome, reason
FROM in_verdict_strays
ORDER BY (outcome IS NOT DISTINCT FROM 'healed'), kind, object, source_key, intercom_id;

-- Objects that were to be written, but whose load step left no numbers behind.
CREATE OR REPLACE TEMP VIEW see_unfinished AS
SELECT DISTINCT a.object
FROM in_plan_actions a ANTI JOIN in_verdict_loads l USING (object)
WHERE a.action IN ('create', 'update', 'append', 'adopt');

CREATE OR REPLACE TEMP VIEW see_months AS
SELECT
    strftime(date_trunc('month', t.created_at), '%Y-%m') AS month,
    count(*) AS tickets,
    count(*) FILTER (r.fate = 'loaded') AS loaded
FROM in_clean_tickets t JOIN verdict.source_rows r ON r.object = 'tickets' AND r."row" = t._row
WHERE t.created_at IS NOT NULL
GROUP BY ALL ORDER BY month;

CREATE OR REPLACE TEMP VIEW see_waiting AS
SELECT code AS wait, object, count(*) AS rows
FROM verdict.source_rows WHERE fate = 'skipped' GROUP BY ALL;

-- What stands in for what is not there.
CREATE OR REPLACE TEMP VIEW see_fallbacks AS
SELECT * FROM (
    SELECT 1 AS position, kind || 's who are not in Intercom' AS what, 'settings.fallback_admin stands in' AS value,
        count(*) AS rows
    FROM in_matched WHERE via = 'fallback' GROUP BY kind
    UNION ALL
    SELECT 2, 'people who are not in the extract', 'a placeholder contact that says so', count(*) FROM in_target_placeholders
) WHERE rows > 0 ORDER BY position;

CREATE OR REPLACE TEMP VIEW see_fields AS SELECT * FROM in_verdict_fields ORDER BY object, field;

-- What an earlier run found says nothing where this one verified nothing.
CREATE OR REPLACE TEMP VIEW see_explained AS
SELECT * FROM in_verdict_explained WHERE EXISTS (FROM in_verdict_fields) ORDER BY object, field, normalisation;

CREATE OR REPLACE TEMP VIEW see_verification AS
SELECT * FROM in_verdict_verification WHERE EXISTS (FROM in_verdict_fields) ORDER BY object;

-- What people have done since, of what this run has read back; in words below. since_the_migration.csv has it by key.
CREATE OR REPLACE TEMP VIEW see_touches AS
SELECT object, code, count(DISTINCT source_key) AS records, count(*) AS touches FROM in_observed_touches t
WHERE EXISTS (FROM in_verdict_fields f WHERE f.object = t.object) GROUP BY object, code ORDER BY object, code;

-- A page shows the first of them; differences.csv has them all.
CREATE OR REPLACE TEMP VIEW see_differences AS
SELECT * FROM in_verdict_differences WHERE EXISTS (FROM in_verdict_fields)
ORDER BY object, source_key, field LIMIT 100;

-- What the workspace was seen to do; empty where it was never asked.
CREATE OR REPLACE TEMP VIEW see_profile AS
SELECT question, asks, answer, assumed, does, seen, differs FROM in_observed_profile
WHERE EXISTS (FROM in_observed_profile WHERE answer IS NOT NULL) ORDER BY position;
