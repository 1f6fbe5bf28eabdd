-- The numbers that customers quote, and Intercom's ids. In: target.conversations, clean.tickets, plan.journal.
SELECT t.ticket_id, t.ticket_number, c.part_of AS piece, j.intercom_id AS conversation_id
FROM target.conversations c JOIN clean.tickets t USING (ticket_id)
LEFT JOIN plan.journal j ON j.object = 'conversation' AND j.operation = 'create' AND j.source_key = c.source_key
ORDER BY c.created_at, c.source_key
