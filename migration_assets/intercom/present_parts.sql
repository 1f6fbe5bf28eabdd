-- Which of our parts and files Intercom shows. In: observed.found(conversation_id, part_id, files), plan.journal,
-- plan.files. Out: observed.parts(source_key, intercom_id), observed.files(part_key, planned, there).

-- Of a ticket with more than 500 parts only the newest are given (part_id '*'); the older ones are taken as journalled.
CREATE OR REPLACE TABLE observed.parts AS
SELECT j.source_key, j.intercom_id, max(f.files) FILTER (f.part_id <> '*') AS files
FROM plan.journal j
-- Where the part was written, which in a very long thread need not be where the target has it now.
JOIN plan.journal own ON own.object = 'conversation' AND own.operation = 'create' AND own.source_key = j.parent_key
JOIN observed.found f ON f.conversation_id = own.intercom_id AND f.part_id IN (j.intercom_id, '*')
WHERE j.object = 'part' AND j.intercom_id IS NOT NULL
GROUP BY j.source_key, j.intercom_id;

-- A part may show more files than it was sent with: Intercom makes attachments of images in the text.
CREATE OR REPLACE TABLE observed.files AS
SELECT f.part_key, count(*) AS planned,
    CASE WHEN any_value(p.source_key) IS NULL THEN 0
         ELSE least(count(*) FILTER (f.sent), coalesce(any_value(p.files), count(*))) END AS there
FROM plan.files f
LEFT JOIN observed.parts p ON p.source_key = f.part_key
GROUP BY f.part_key;
