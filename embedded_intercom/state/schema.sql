-- The workspace's tables. Ids are the ones the API shows; documents with many optional keys are JSON.
CREATE TABLE IF NOT EXISTS sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS admins (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, admin_ids TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ticket_states (
    id INTEGER PRIMARY KEY, category TEXT NOT NULL, internal_label TEXT NOT NULL, external_label TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS contacts (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, role TEXT NOT NULL, external_id TEXT, email TEXT, phone TEXT, name TEXT,
    owner_id TEXT, avatar TEXT, signed_up_at INTEGER, last_seen_at INTEGER, last_replied_at INTEGER,
    unsubscribed INTEGER NOT NULL DEFAULT 0, archived INTEGER NOT NULL DEFAULT 0, merged_into TEXT,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, indexed_at INTEGER NOT NULL, custom_attributes TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS contacts_external_id ON contacts (external_id);
CREATE INDEX IF NOT EXISTS contacts_email ON contacts (email);

CREATE TABLE IF NOT EXISTS companies (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, company_id TEXT NOT NULL UNIQUE, name TEXT, plan TEXT, size INTEGER,
    website TEXT, industry TEXT, monthly_spend INTEGER, remote_created_at INTEGER, last_request_at INTEGER,
    user_count INTEGER NOT NULL DEFAULT 0, archived INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, custom_attributes TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS contact_companies (
    contact_id TEXT NOT NULL, company_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (contact_id, company_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS contact_companies_company ON contact_companies (company_id, contact_id);
CREATE TABLE IF NOT EXISTS scrolls (param TEXT PRIMARY KEY, after INTEGER NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS data_attributes (
    id INTEGER PRIMARY KEY, model TEXT NOT NULL, name TEXT NOT NULL, data_type TEXT NOT NULL, options TEXT, description TEXT,
    messenger_writable INTEGER NOT NULL, archived INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS ticket_types (id INTEGER PRIMARY KEY, name TEXT NOT NULL, category TEXT NOT NULL,
    description TEXT NOT NULL, icon TEXT NOT NULL, is_internal INTEGER NOT NULL, archived INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS ticket_type_attributes (
    id INTEGER PRIMARY KEY, ticket_type_id INTEGER NOT NULL, name TEXT NOT NULL, archived INTEGER NOT NULL DEFAULT 0,
    doc TEXT NOT NULL
);

-- Conversations and tickets are one kind of thing with one sequence: a ticket is a thread with a ticket_type_id.
CREATE TABLE IF NOT EXISTS threads (
    id INTEGER PRIMARY KEY, ticket_type_id INTEGER, category TEXT, ticket_number INTEGER, ticket_state_id INTEGER,
    previous_ticket_state_id INTEGER, message_id INTEGER NOT NULL, contact_id TEXT NOT NULL, company_id TEXT, title TEXT,
    subject TEXT NOT NULL DEFAULT '', body TEXT NOT NULL, attachments TEXT NOT NULL DEFAULT '[]',
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, indexed_at INTEGER NOT NULL, waiting_since INTEGER,
    snoozed_until INTEGER, state TEXT NOT NULL DEFAULT 'open', read INTEGER NOT NULL DEFAULT 0,
    priority TEXT NOT NULL DEFAULT 'none', admin_assignee_id INTEGER NOT NULL DEFAULT 0,
    team_assignee_id INTEGER NOT NULL DEFAULT 0, is_shared INTEGER NOT NULL DEFAULT 1,
    ticket_attributes TEXT NOT NULL DEFAULT '{}',
    teammates TEXT NOT NULL DEFAULT '[]', statistics TEXT NOT NULL DEFAULT '{}', part_count INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS threads_contact ON threads (contact_id);
CREATE INDEX IF NOT EXISTS threads_company ON threads (company_id, created_at);
-- The inbox's list, newest first, with all that it filters by: no row is read before it is known to be shown.
CREATE INDEX IF NOT EXISTS threads_inbox ON threads (
    created_at, id, state, ticket_state_id, admin_assignee_id, team_assignee_id, title
);
CREATE INDEX IF NOT EXISTS threads_active ON threads (
    state, ticket_state_id, admin_assignee_id, team_assignee_id
) WHERE state<>'closed';
CREATE TABLE IF NOT EXISTS ticket_values (
    thread_id INTEGER NOT NULL, attribute_id INTEGER NOT NULL, value, PRIMARY KEY (thread_id, attribute_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ticket_values_value ON ticket_values (attribute_id, value);
CREATE TABLE IF NOT EXISTS links (thread_id INTEGER NOT NULL, linked_id INTEGER NOT NULL, PRIMARY KEY (thread_id, linked_id))
WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts (
    id INTEGER PRIMARY KEY, thread_id INTEGER NOT NULL, created_at INTEGER NOT NULL, doc TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS parts_thread ON parts (thread_id, created_at, id);
CREATE TABLE IF NOT EXISTS attachments (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, content_type TEXT NOT NULL, data BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS thread_tags (
    thread_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, applied_at INTEGER NOT NULL, applied_by TEXT NOT NULL,
    PRIMARY KEY (thread_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS thread_tags_tag ON thread_tags (tag_id, thread_id);
CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, resource_id INTEGER NOT NULL, due REAL NOT NULL);
CREATE TABLE IF NOT EXISTS articles (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notifications (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, audience TEXT NOT NULL, cause TEXT NOT NULL, basis TEXT NOT NULL,
    thread_id INTEGER NOT NULL, client TEXT NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS contact_tags (
    contact_id TEXT NOT NULL, tag_id INTEGER NOT NULL, applied_at INTEGER NOT NULL, applied_by TEXT NOT NULL,
    PRIMARY KEY (contact_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS contact_tags_tag ON contact_tags (tag_id, contact_id);
CREATE TABLE IF NOT EXISTS company_tags (company_id TEXT NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (company_id, tag_id))
WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY, contact_id TEXT, admin_id INTEGER NOT NULL, body TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS notes_contact ON notes (contact_id, id) WHERE contact_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS contact_merges (
    id INTEGER PRIMARY KEY, into_id TEXT NOT NULL, source_id TEXT NOT NULL, source_role TEXT NOT NULL, merged_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS contact_merges_into ON contact_merges (into_id, id);

-- Work that is begun and not done yet (later.py).
CREATE TABLE IF NOT EXISTS later (id INTEGER PRIMARY KEY, due REAL NOT NULL, kind TEXT NOT NULL, noted TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS later_due ON later (due, id);

CREATE TABLE IF NOT EXISTS help_centers (id INTEGER PRIMARY KEY, identifier TEXT NOT NULL UNIQUE, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS redirects (
    id INTEGER PRIMARY KEY, help_center_id INTEGER NOT NULL, from_url TEXT NOT NULL, locale TEXT NOT NULL,
    target_type TEXT NOT NULL, target_id TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    UNIQUE (help_center_id, from_url)
);
