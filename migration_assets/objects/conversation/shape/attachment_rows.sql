-- One row per attachment that is loaded, now that it is known what is in its file: `target.contents`.
INSERT INTO target.left_out (attachment_id, rule, words)
SELECT attachment_id, 'unreadable', 'it cannot be read'
FROM target.attachable WHERE path IN (SELECT path FROM target.contents WHERE sha256 IS NULL);

CREATE OR REPLACE TABLE target.attachments AS
WITH named AS (
    -- Nothing in a name may change the direction of reading, break a line, or look like a folder.
    SELECT *, regexp_replace(regexp_replace(nfc_normalize(trim(file_name)), '[\p{Cc}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}\x{FEFF}]', '', 'g'), '[/\\]', '_', 'g') AS clean_name
    FROM target.attachable
),
cut AS (
    SELECT *, coalesce(nullif(CASE
            WHEN length(clean_name) <= 120 THEN clean_name
            ELSE left(clean_name, 120 - length(regexp_extract(clean_name, '\.\w{1,10}$'))) || regexp_extract(clean_name, '\.\w{1,10}$')
        END, ''), 'file') AS name
    FROM named
),
shaped AS (
    SELECT c.attachment_id AS source_key, c._row AS position, c.ticket_id, c.message_id, c.path, c.name,
        CASE WHEN regexp_full_match(lower(trim(c.content_type)), '[a-z0-9][\w.+-]*/[a-z0-9][\w.+-]*')
             THEN lower(trim(c.content_type)) ELSE o.guessed_type END AS content_type,
        c.bytes AS size, o.sha256,
        -- Which content of which attachment it is, in short; nothing that is only a matter of words is part of it.
        left(sha256(c.attachment_id || ':' || o.sha256), 16) AS mark
    FROM cut c JOIN target.contents o ON o.path = c.path AND o.sha256 IS NOT NULL
),
with_payload AS (SELECT *, {payload} AS payload FROM shaped)
SELECT *, 0::BIGINT AS call, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;

DROP TABLE target.attachable;
DROP TABLE target.contents;

INSERT INTO target.findings
SELECT 'attachments', NULL, 'file_not_listed',
    count(*) || ' files of the folder attachments are named by no row of attachments: lists/files_of_no_row.csv'
FROM target.files WHERE attachment_id IS NULL HAVING count(*) > 0;
