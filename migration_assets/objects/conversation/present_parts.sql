-- Which of our conversations and parts Intercom shows. In: observed.tickets, observed.ticket_parts, plan.journal.
-- Out: observed.conversations(source_key, intercom_id), observed.parts(source_key, intercom_id, files).

CREATE OR REPLACE TABLE observed.conversations AS
SELECT c.source_key, t.intercom_id
FROM observed.tickets t
JOIN target.conversations c ON c.source_key = t.source_id
-- A copy must not hide that ours is gone: the sweep deals with copies.
JOIN plan.journal own ON own.object = 'conversation' AND own.operation = 'create'
    AND own.source_key = c.source_key AND own.intercom_id = t.intercom_id;

-- Of a ticket with more than 500 parts only the newest are given; the older ones are taken as journalled.
CREATE OR REPLACE TABLE observed.parts AS
SELECT j.source_key, j.intercom_id, p.files
FROM plan.journal j
-- Where the part was written, which in a very long thread need not be where the target has it now.
JOIN plan.journal own ON own.object = 'conversation' AND own.operation = 'create' AND own.source_key = j.parent_key
JOIN observed.tickets t ON t.intercom_id = own.intercom_id
LEFT JOIN observed.ticket_parts p ON p.ticket_id = t.intercom_id AND p.part_id = j.intercom_id
WHERE j.object = 'part' AND j.intercom_id IS NOT NULL
    AND (p.part_id IS NOT NULL OR t.parts_total > t.parts_given);
