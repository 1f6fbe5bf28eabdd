"""The articles of the old help centre: collections and sub-collections, drafts, translations, links between them."""

_HELP = "https://help.nordlicht-commerce.example"

# (id, title, body, collection, parent collection, author, state, locale, path, created, updated)
_ARTICLES = (
    ("1", "Getting started", "<h2>Welcome</h2><p>Connect your shop, invite your colleagues, print your first label."
     "</p><ol><li>Settings &gt; Shops</li><li>Settings &gt; Users</li><li>Orders &gt; Labels</li></ol>",
     "First steps", "", "101", "published", "en", "/en/articles/getting-started", "2023-10-05", "2025-02-11"),
    ("2", "Roles and seats", "<p>Owners, admins and agents use a seat; viewers are free.</p>"
     '<p>See also <a href="/en/articles/getting-started">Getting started</a>.</p>',
     "Users", "Account", "103", "published", "en", "/en/articles/roles", "2023-10-09", "2026-03-20"),
    ("3", "Two-factor authentication", "<p>Profile &gt; Security &gt; Two-factor. Keep the recovery codes in a safe "
     "place.</p>", "Security", "Account", "104", "published", "en", "/en/articles/2fa", "2023-11-14", "2024-08-01"),
    ("4", "Read your invoice", "<p>Every invoice lists plan, seats and usage.</p><table><tr><th>Line</th>"
     "<th>Meaning</th></tr><tr><td>Plan</td><td>The monthly base fee</td></tr></table>",
     "Invoices", "Billing", "105", "published", "en", "/en/articles/invoice", "2023-12-02", "2025-10-30"),
    ("5", "Exports", "<p>Exports run in the background; you get a link by e-mail.</p><p>Format <b>CSV for Excel</b> "
     "writes UTF-8 with a byte order mark.</p>", "Exports", "Data", "106", "published", "en",
     "/en/articles/exports", "2024-01-18", "2026-05-07"),
    ("6", "Webhooks", "<p>Answer with 200 within 10 seconds. An event can arrive more than once: compare "
     "<code>event_id</code>.</p><pre>{\"event\": \"order.updated\"}</pre>", "Webhooks", "API", "108", "published",
     "en", "/en/articles/webhooks", "2024-02-27", "2026-01-15"),
    ("7", "Rate limits", "<p>300 calls per minute and account. Use webhooks instead of polling.</p>", "Limits", "API",
     "108", "published", "en", "/en/articles/limits", "2024-03-03", "2026-01-15"),
    ("8", "Carriers and labels", "<p>Settings &gt; Carriers &gt; Add. A rule decides which carrier is used.</p>",
     "Labels", "Shipping", "107", "published", "en", "/en/articles/carriers", "2024-04-22", "2025-06-19"),
    ("9", "Rücksendungen", "<p>Ein Rücksendeetikett lässt sich auch als Code auf dem Telefon zeigen.</p>",
     "Returns", "Shipping", "101", "published", "de", "/de/articles/ruecksendungen", "2024-05-30", "2025-06-19"),
    ("10", "Premiers pas", "<p>Reliez votre boutique, invitez votre équipe, imprimez votre première étiquette.</p>",
     "First steps", "", "103", "published", "fr", "/fr/articles/premiers-pas", "2024-06-12", "2025-02-12"),
    ("11", "Facturas", "<p>Cada factura muestra el plan, los usuarios y el consumo.</p>", "Invoices", "Billing",
     "107", "published", "es", "/es/articles/facturas", "2024-09-10", "2025-11-02"),
    ("12", "Packing slips by language", "<p>One template per language; a rule on the country of delivery.</p>",
     "Labels", "Shipping", "107", "draft", "en", "", "2026-07-08", "2026-07-08"),
)  # fmt: skip


def article_rows() -> list[list[str]]:
    """Return the rows of articles.csv, in the order of its columns."""
    return [
        [*row[:8], _HELP + row[8] if row[8] else "", f"{row[9]}T08:00:00Z", f"{row[10]}T08:00:00Z"] for row in _ARTICLES
    ]
