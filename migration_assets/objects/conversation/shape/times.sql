-- Times that cannot be as they stand: doubts, each row by its file and line. What is shown is in order all the same.
INSERT INTO doubt.rows
SELECT 'target/parts', 'tickets', 'closed_before_created', 'closed_at', ticket_id, _file, _line,
    'opened ' || created_at || ', closed ' || closed_at, 1
FROM target.live_tickets WHERE seconds(closed_at) < seconds(created_at);

INSERT INTO doubt.rows
SELECT 'target/parts', 'messages', 'message_before_ticket', 'created_at', message_id, m._file, m._line,
    'written ' || m.created_at || ', ' || (t.ticket_at - t.written_at) || ' s before its ticket ' || t.ticket_id
    || CASE WHEN t.opened_at < t.ticket_at THEN '; the ticket is shown as opened with its earliest message'
        ELSE '; shown right after the question that the ticket was opened with' END, 1
FROM target.thread t JOIN clean.messages m USING (message_id)
WHERE t.written_at < t.ticket_at;
