-- One row per part as Intercom should hold it, in the strict order of writing inside its conversation.
CREATE OR REPLACE TABLE target.parts AS
WITH placed AS (
    SELECT d.source_key,
        d.ticket_id || CASE WHEN d.part_of > 1 THEN '#' || d.part_of ELSE '' END AS conversation_key,
        row_number() OVER (PARTITION BY d.ticket_id, d.part_of ORDER BY d.n) AS seq,
        d.author_kind, d.author_key, d.kind, d.body,
        coalesce(t.moved, d.sent_at) AS created_at, coalesce(h.written_at, d.sent_at) AS original_created_at, d.generated, d.attachments,
        d.files_of, d.said, d.files_alone, d.call
    FROM target.drafts d
    LEFT JOIN target.thread h ON h.message_id = d.source_key
    LEFT JOIN twins t ON t.source_key = d.source_key AND t.moved <> d.sent_at
),
-- A note that only carries files is known by whose they are: its words name the files that there are today.
with_payload AS (SELECT * EXCLUDE (said, call), {payload} AS payload FROM placed)
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;

INSERT INTO target.findings
SELECT 'parts', p.source_key, 'time_moved',
    'moved by ' || (p.created_at - p.original_created_at) || ' s, because ' || CASE
        WHEN t.sent_at > t.written_at THEN 'it would stand before the question that its ticket was opened with'
        ELSE 'Intercom could not tell it from another part' END
FROM target.parts p LEFT JOIN target.thread t ON t.message_id = p.source_key
WHERE p.created_at <> p.original_created_at;

INSERT INTO target.findings
SELECT 'parts', message_id, 'line_ends_kept', 'HTML around lines of plain text: its line ends are shown as breaks'
FROM target.bodies WHERE lines;

-- Per conversation what its own row needs to know of its parts.
CREATE OR REPLACE TABLE target.pieces AS
SELECT d.ticket_id, d.part_of, max(d.pieces) AS pieces, count(*) AS part_count, min(d.sent_at) AS first_at
FROM target.drafts d GROUP BY d.ticket_id, d.part_of;

DROP TABLE twins;
DROP TABLE target.drafts;
