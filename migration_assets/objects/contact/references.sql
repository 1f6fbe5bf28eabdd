-- References that what is known otherwise contradicts. A column that is shifted by a row, or sorted by itself, joins
-- everywhere and is wrong everywhere; only what else the rows say tells. That one or the other does not agree is a matter
-- of course: people write for each other and move from company to company. Where many do not, it is a doubt.

-- Whom a contact belongs to: their companies and the domains of their addresses, but for what more than half share.
CREATE OR REPLACE TEMP TABLE circles AS
WITH told AS (
    SELECT s.contact_key, 'company ' || c.company_id AS circle
    FROM target.contact_sources s JOIN clean.customers c USING (customer_id) WHERE c.company_id IS NOT NULL
    UNION
    SELECT s.contact_key, split_part(c.email, '@', 2)
    FROM target.contact_sources s JOIN clean.customers c USING (customer_id) WHERE c.email IS NOT NULL
),
usual AS (
    SELECT circle FROM told GROUP BY circle
    HAVING count(*) * 2 > (SELECT count(DISTINCT contact_key) FROM target.contact_sources)
)
SELECT contact_key, list(circle) AS circles FROM told WHERE circle NOT IN (FROM usual) GROUP BY contact_key;

-- Tickets in which customers wrote, by whom: their own customer, somebody else, and the first who is a stranger to the
-- ticket's customer.
CREATE OR REPLACE TEMP TABLE written AS
SELECT a.ticket_id, any_value(t.contact_key) AS contact_key,
    bool_or(a.author_key = t.contact_key) AS by_own,
    arg_min(a.author_key, row(a.created_at, a._row)) FILTER (
        a.author_key <> t.contact_key AND NOT coalesce(list_has_any(w.circles, o.circles), FALSE)) AS stranger
FROM target.authored a
JOIN target.ticket_contacts t ON t.ticket_id = a.ticket_id AND NOT t.unknown
LEFT JOIN circles w ON w.contact_key = a.author_key
LEFT JOIN circles o ON o.contact_key = t.contact_key
WHERE a.author_kind = 'contact' AND a.author_key IS NOT NULL AND a.stand_in IS NULL
GROUP BY a.ticket_id;

-- Three tickets and one of twenty in which only strangers wrote; or more than half in which one did at all.
INSERT INTO doubt.rows
WITH counted AS (
    SELECT count(*) FILTER (stranger IS NOT NULL AND NOT by_own) AS alone, count(stranger) AS beside, count(*) AS written
    FROM written
)
SELECT 'target/contacts', 'tickets', 'reference_contradicts', 'customer_id', t.ticket_id, t._file, t._line,
    'of customer ' || concat_ws(', ', t.customer_id, o.name) || if(w.by_own, '', ', who writes nothing in it')
        || '; written by customer ' || concat_ws(', ', w.stranger, s.name), 1
FROM written w CROSS JOIN counted n
JOIN target.live_tickets t ON t.ticket_id = w.ticket_id
LEFT JOIN clean.customers o ON o.customer_id = t.customer_id
LEFT JOIN clean.customers s ON s.customer_id = w.stranger
WHERE w.stranger IS NOT NULL AND (
    NOT w.by_own AND n.alone >= 3 AND n.alone * 20 >= n.written OR n.beside >= 3 AND n.beside * 2 > n.written);

-- Customers whose address belongs to another company than their own, by its domain or by its name.
CREATE OR REPLACE TEMP TABLE employed AS
WITH companies AS (
    SELECT company_id, lower(domain) AS domain, regexp_replace(strip_accents(lower(name)), '[^a-z0-9]', '', 'g') AS word
    FROM clean.companies
),
customers AS (
    SELECT c.customer_id, c.company_id, split_part(c.email, '@', 2) AS domain, split_part(split_part(c.email, '@', 2), '.', 1) AS label
    FROM target.live_customers c WHERE c.company_id IS NOT NULL AND c.email IS NOT NULL
),
addressed AS (
    SELECT DISTINCT c.domain, k.company_id FROM (SELECT DISTINCT domain, label FROM customers) c
    JOIN companies k ON k.domain = c.domain OR length(c.label) >= 4 AND starts_with(k.word, replace(c.label, '-', ''))
    WHERE c.domain NOT IN (SELECT domain FROM map.free_mail)
)
SELECT c.customer_id, min(a.company_id) AS company_id, bool_or(a.company_id = c.company_id) AS agrees
FROM customers c JOIN addressed a ON a.domain = c.domain
GROUP BY c.customer_id;

-- Three customers and one of three whose companies are known in both ways.
INSERT INTO doubt.rows
SELECT 'target/contacts', 'customers', 'reference_contradicts', 'company_id', c.customer_id, c._file, c._line,
    'of company ' || concat_ws(', ', c.company_id, o.name) || '; the address ' || c.email || ' is of company '
        || concat_ws(', ', e.company_id, s.name), 1
FROM employed e
CROSS JOIN (SELECT count(*) FILTER (NOT agrees) AS unlike, count(*) AS known FROM employed) n
JOIN clean.customers c ON c.customer_id = e.customer_id
LEFT JOIN clean.companies o ON o.company_id = c.company_id
LEFT JOIN clean.companies s ON s.company_id = e.company_id
WHERE NOT e.agrees AND n.unlike >= 3 AND n.unlike * 3 >= n.known;

-- Tickets on behalf of another company than their customer's: three, and one of three of those that have both.
INSERT INTO doubt.rows
WITH on_behalf AS (
    SELECT t.ticket_id, t.company_id, t.customer_id, c.company_id AS own, t._file, t._line
    FROM target.live_tickets t JOIN clean.customers c ON c.customer_id = t.customer_id
    WHERE t.company_id IS NOT NULL AND c.company_id IS NOT NULL
)
SELECT 'target/contacts', 'tickets', 'reference_contradicts', 'company_id', ticket_id, _file, _line,
    'on behalf of company ' || company_id || '; customer ' || customer_id || ' is of company ' || own, 1
FROM on_behalf CROSS JOIN (SELECT count(*) FILTER (company_id <> own) AS unlike, count(*) AS known FROM on_behalf) n
WHERE company_id <> own AND n.unlike >= 3 AND n.unlike * 3 >= n.known;

DROP TABLE circles;
DROP TABLE written;
DROP TABLE employed;
