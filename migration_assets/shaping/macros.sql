-- Temporary macros: they live as long as the connection, and every shaping statement may use them.

-- The same as schemas.mapping.fold: trimmed, single-spaced, case-folded (ß and the final sigma are the two letters
-- of European alphabets for which lower() alone is not case folding).
CREATE OR REPLACE TEMP MACRO fold(x) AS
    replace(replace(lower(trim(regexp_replace(x, '[\s\p{Z}]+', ' ', 'g'))), 'ß', 'ss'), 'ς', 'σ');

-- Whole seconds, downwards: rounding up would put a message behind the next one.
CREATE OR REPLACE TEMP MACRO seconds(x) AS floor(epoch(x))::BIGINT;

CREATE OR REPLACE TEMP MACRO escaped(x) AS
    replace(replace(replace(replace(x, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;');

CREATE OR REPLACE TEMP MACRO paragraph(x) AS '<p>' || escaped(x) || '</p>';

-- What a carrier takes out of a record's custom values, as JSON text; NULL where the record has no value.
CREATE OR REPLACE TEMP MACRO carried(custom, carrier) AS
    CASE
        WHEN json_extract(custom, carrier.path) IS NULL THEN NULL
        WHEN carrier.option IS NOT NULL THEN
            to_json(list_contains(TRY_CAST(json_extract(custom, carrier.path) AS VARCHAR[]), carrier.option))::VARCHAR
        WHEN carrier.type = 'multi_select' THEN
            to_json(array_to_string(TRY_CAST(json_extract(custom, carrier.path) AS VARCHAR[]), '; '))::VARCHAR
        ELSE json_extract(custom, carrier.path)::VARCHAR
    END;

CREATE OR REPLACE TEMP MACRO custom_values(custom, carriers) AS
    coalesce(list_transform(carriers, lambda k: {'name': k.name, 'value': carried(custom, k)}), []);

-- A JSON object of the values that are there, keys sorted, so that the same values always give the same text.
CREATE OR REPLACE TEMP MACRO attributes_json(vals) AS
    ('{' || coalesce(array_to_string(
        list_transform(
            list_sort(list_filter(vals, lambda v: v.value IS NOT NULL)),
            lambda v: to_json(v.name)::VARCHAR || ':' || v.value),
        ','), '') || '}')::JSON;

-- Intercom takes 255 characters in a string attribute of a person or company.
CREATE OR REPLACE TEMP MACRO too_long(json_text) AS
    json_text IS NOT NULL AND starts_with(json_text, '"') AND length(json_text) > 257
    AND length(json_extract_string(json_text::JSON, '$')) > 255;

CREATE OR REPLACE TEMP MACRO cut_values(vals) AS
    list_transform(vals, lambda v: {'name': v.name, 'value':
        CASE WHEN too_long(v.value)
             THEN to_json(left(json_extract_string(v.value::JSON, '$'), 254) || '…')::VARCHAR
             ELSE v.value END});

-- What is found of the values that were cut; `records` names a table with `source_key` and `vals`.
CREATE OR REPLACE TEMP MACRO findings_of_cuts(object_name, records, whole_in) AS TABLE
    SELECT object_name, source_key, 'value_cut',
        'attribute ' || v.name || ' is longer than 255 characters and was cut; the whole value is in ' || whole_in
    FROM (SELECT source_key, unnest(vals) AS v FROM query_table(records))
    WHERE too_long(v.value);

-- Ids joined by ", " in at most 255 characters: whole ids only, the rest as a number. The running length of the
-- first n ids is computed once per list; 240 leaves room for ", +1234567 more".
CREATE OR REPLACE TEMP MACRO joined_ids(ids) AS
    CASE
        WHEN ids IS NULL OR len(ids) = 0 THEN NULL
        WHEN length(array_to_string(ids, ', ')) <= 255 THEN array_to_string(ids, ', ')
        ELSE array_to_string(list_filter(ids, lambda x, i: length(array_to_string(ids[1:i], ', ')) <= 240), ', ')
            || ', +'
            || len(list_filter(ids, lambda x, i: length(array_to_string(ids[1:i], ', ')) > 240))
            || ' more'
    END;

-- No nulls at any depth. Keys keep the order in which the statement names them, which is alphabetical everywhere.
CREATE OR REPLACE TEMP MACRO payload_of(fields) AS json_merge_patch('{}', to_json(fields));
