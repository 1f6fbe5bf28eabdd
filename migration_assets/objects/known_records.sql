-- How our writes left each record, by the journal: its id, the marks of its fields, its parts, its tags, when we wrote.
-- In, put in: the writes that stand or may stand, each with the record that it belongs to and whether it makes it
-- (record_object, record_key, makes). A SELECT.
SELECT
    record_object AS object,
    record_key AS source_key,
    arg_max(intercom_id, write_id) FILTER (makes AND state = 'confirmed') AS intercom_id,
    any_value(parent_key) FILTER (makes AND parent_key IS NOT NULL) AS parent_key,
    bool_or(adopted AND object = record_object) AS adopted,
    list(last_written ORDER BY write_id) FILTER (last_written IS NOT NULL) AS last_written,
    list(intercom_id) FILTER (object <> record_object AND operation = 'append' AND intercom_id IS NOT NULL) AS appended,
    -- What was put on it and not taken off again later.
    list(intercom_id) FILTER (
        object <> record_object AND operation = 'attach' AND intercom_id IS NOT NULL
        AND write_id > coalesce(taken_off_at, 0)) AS worn,
    -- What had no answer may have been executed later than it was sent; the seconds are CLOCKS_DIFFER.
    list(struct_pack("first" := intent_at, "last" := coalesce("at", intent_at + 300)) ORDER BY intent_at) AS written,
    max("at") AS last_at
FROM (
    SELECT *, max(write_id) FILTER (operation = 'take_off' AND state = 'confirmed')
        OVER (PARTITION BY object, source_key) AS taken_off_at
    FROM {writes}
)
GROUP BY ALL
