-- What is compared: the rows that want a file, and the files that are there. Nothing of a name is ever opened.

-- Case, blanks, the form of accents, and what Windows or a browser puts in place of forbidden characters do not count.
CREATE OR REPLACE TEMP MACRO loose(x) AS
    regexp_replace(fold(nfc_normalize(x)), '[<>:"/\\|?*_\s\p{Z}\x00-\x1f-]|\.+$', '', 'g');

CREATE OR REPLACE TEMP TABLE wanting AS
SELECT a.attachment_id, a.message_id, a.ticket_id, a.size_bytes AS bytes,
    nfc_normalize(trim(a.file_name)) AS exact, loose(a.file_name) AS loose, loose(a.file_name) AS copy
FROM clean.attachments a;

CREATE OR REPLACE TEMP TABLE offered AS
WITH ids AS (
    SELECT ticket_id AS id FROM clean.tickets
    UNION ALL SELECT message_id FROM clean.messages
    UNION ALL SELECT attachment_id FROM clean.attachments
),
-- In a folder that is named after some ticket, message or attachment, perhaps one that is not in the extract any more:
-- three digits or more that are no year. Such a file is never taken for one of another ticket.
somebodys AS (
    SELECT DISTINCT path FROM (SELECT path, unnest(folders) AS folder FROM target.files)
    WHERE folder IN (SELECT id FROM ids)
       OR len(list_filter(regexp_extract_all(folder, '\d{3,}'), lambda x: NOT regexp_full_match(x, '(19|20)\d\d'))) > 0
)
SELECT f.path, list_distinct(f.folders) AS folders, f.bytes, nfc_normalize(trim(f.name)) AS exact, loose(f.name) AS loose,
    -- A browser that downloads a second file of the same name calls it "invoice (1).pdf".
    loose(regexp_replace(f.name, '\s?\(\d+\)(\.[^.]*)?$', '\1')) AS copy,
    s.path IS NULL AS anywhere
FROM target.files f LEFT JOIN somebodys s ON s.path = f.path;

CREATE OR REPLACE TEMP TABLE matched (attachment_id VARCHAR, path VARCHAR);
