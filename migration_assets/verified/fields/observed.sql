-- What was read, under our keys: the latest reading of each record takes the place of what was known of it.
-- In: observed.shown, observed.readings, verified.applied_writes, verified.reread(object, source_key). Put in: the objects that
-- are known by the id that the journal has. Out: observed.fields; the temporary table latest.

CREATE OR REPLACE TEMP TABLE latest AS
SELECT s.object, s.owner, s.intercom_id, s.field, s.value
FROM observed.shown s
SEMI JOIN (SELECT source, owner, max(reading) AS reading FROM observed.readings GROUP BY ALL) r
    ON r.source = s.source AND r.owner = s.owner AND r.reading = s.reading;

DELETE FROM observed.fields f
WHERE EXISTS (SELECT 1 FROM verified.reread r WHERE r.object = f.object AND r.source_key = f.source_key);

INSERT INTO observed.fields
SELECT k.object, k.source_key, l.intercom_id, l.field, any_value(l.value)
FROM latest l
JOIN verified.applied_writes k ON k.object = l.object AND k.intercom_id = l.intercom_id
SEMI JOIN verified.reread r ON r.object = k.object AND r.source_key = k.source_key
WHERE list_contains({by_id}, l.object)
GROUP BY k.object, k.source_key, l.intercom_id, l.field;
