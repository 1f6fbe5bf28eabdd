-- How many of our files Intercom shows, by part. In: plan.files, observed.parts.
-- Out: observed.files(part_key, planned, there).

-- A part may show more files than it was sent with: Intercom makes attachments of images in the text.
CREATE OR REPLACE TABLE observed.files AS
SELECT f.part_key, count(*) AS planned,
    CASE WHEN any_value(p.source_key) IS NULL THEN 0
         ELSE least(count(*) FILTER (f.sent), coalesce(any_value(p.files), count(*))) END AS there
FROM plan.files f
LEFT JOIN observed.parts p ON p.source_key = f.part_key
GROUP BY f.part_key;
