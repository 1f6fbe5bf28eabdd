-- Which of our parts Intercom shows. In: observed.found(conversation_id, part_id, files), plan.journal.
-- Out: observed.parts(source_key, intercom_id, files).

-- Of a ticket with more than 500 parts only the newest are given (part_id '*'); the older ones are taken as journalled.
CREATE OR REPLACE TABLE observed.parts AS
SELECT j.source_key, j.intercom_id, max(f.files) FILTER (f.part_id <> '*') AS files
FROM plan.journal j
-- Where the part was written, which in a very long thread need not be where the target has it now.
JOIN plan.journal own ON own.object = 'conversation' AND own.operation = 'create' AND own.source_key = j.parent_key
JOIN observed.found f ON f.conversation_id = own.intercom_id AND f.part_id IN (j.intercom_id, '*')
WHERE j.object = 'part' AND j.intercom_id IS NOT NULL
GROUP BY j.source_key, j.intercom_id;
