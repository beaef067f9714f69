CREATE TABLE acting (
    session BLOB    NOT NULL, -- session.hash
    handle  BLOB    NOT NULL,
    sealed  BLOB    NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (session, handle)
) STRICT, WITHOUT ROWID;

CREATE TABLE client_document (
    person_id   TEXT    NOT NULL REFERENCES person (id),
    id          TEXT    NOT NULL,
    oid         TEXT    NOT NULL,
    set_oid     TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    definition  TEXT    NOT NULL,
    phase       INTEGER NOT NULL,
    client      INTEGER NOT NULL CHECK (client IN (0, 1)),
    clients     INTEGER NOT NULL,
    controller  TEXT    NOT NULL,
    producer    TEXT    NOT NULL,
    production  TEXT    NOT NULL,
    task        TEXT    NOT NULL,
    shared_case INTEGER NOT NULL,
    language    TEXT    NOT NULL,
    case_oid    TEXT    NOT NULL,
    created     INTEGER NOT NULL, -- unix milliseconds
    archived    INTEGER NOT NULL,
    corrected   INTEGER NOT NULL, -- 0: never
    not_before  TEXT    NOT NULL, -- '' : not delayed
    special     INTEGER NOT NULL, -- marks: 0 unknown, 1 no, 2 yes
    withheld    INTEGER NOT NULL,
    released    INTEGER NOT NULL,
    verified    INTEGER NOT NULL CHECK (verified IN (0, 1)),
    valid       INTEGER NOT NULL CHECK (valid IN (0, 1)),
    PRIMARY KEY (person_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX client_document_invalid ON client_document (definition) WHERE valid = 0;

CREATE INDEX client_document_set ON client_document (set_oid);

CREATE INDEX client_document_unverified ON client_document (controller) WHERE verified = 0;

CREATE TABLE "declaration" (
    oid        TEXT    NOT NULL PRIMARY KEY,
    set_oid    TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    based_on   TEXT    NOT NULL, -- '' : the first
    definition TEXT    NOT NULL,
    person_id  TEXT    NOT NULL REFERENCES person (id),
    created    INTEGER NOT NULL,
    valid      INTEGER NOT NULL CHECK (valid IN (0, 1)), -- under its loaded definition
    digest     BLOB    NOT NULL,
    body       BLOB    NOT NULL,
    dropped    INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1)) -- superseded: has no place in its set
) STRICT;

CREATE INDEX declaration_person ON declaration (person_id);

CREATE UNIQUE INDEX declaration_place ON declaration (set_oid, version) WHERE dropped = 0;

CREATE INDEX declaration_set ON declaration (set_oid, version);

CREATE TABLE "declared" (
    person_id TEXT NOT NULL REFERENCES person (id),
    kind      TEXT NOT NULL CHECK (kind IN ('permit', 'prohibitions')),
    oid       TEXT NOT NULL REFERENCES "declaration" (oid),
    PRIMARY KEY (person_id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX declared_oid ON declared (oid);

CREATE TABLE disclosure (
    id        TEXT    NOT NULL PRIMARY KEY,
    person_id TEXT    NOT NULL REFERENCES person (id),
    at        INTEGER NOT NULL,
    digest    BLOB    NOT NULL,
    sealed    BLOB    NOT NULL
) STRICT;

CREATE INDEX disclosure_person ON disclosure (person_id, at);

CREATE TABLE entry (
    oid        TEXT    NOT NULL PRIMARY KEY,
    set_oid    TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    definition TEXT    NOT NULL,
    digest     BLOB    NOT NULL,
    body       BLOB,
    UNIQUE (set_oid, version)
) STRICT;

CREATE TABLE event (
    node        TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    at          INTEGER NOT NULL, -- unix microseconds
    action      TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    result      TEXT    NOT NULL,
    rule        TEXT    NOT NULL,
    objects     BLOB    NOT NULL, -- keyed hashes, 32 bytes each
    commitments BLOB    NOT NULL, -- one a personal field, 32 bytes each
    leaf        BLOB    NOT NULL, -- hash of the row in its canonical encoding
    PRIMARY KEY (node, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_person (
    node    TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL, -- that of the event
    subject BLOB    NOT NULL, -- whose data; empty when nobody is known
    actor   BLOB    NOT NULL, -- who acted; likewise
    sealed  BLOB    NOT NULL, -- the fields with their salts
    PRIMARY KEY (node, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_change (
    id       TEXT NOT NULL PRIMARY KEY,
    old_hash BLOB NOT NULL REFERENCES identity_code (hash),
    new_hash BLOB NOT NULL REFERENCES identity_code (hash),
    digest   BLOB NOT NULL
) STRICT;

CREATE INDEX identity_change_new ON identity_change (new_hash);

CREATE INDEX identity_change_old ON identity_change (old_hash);

CREATE TABLE identity_code (
    hash      BLOB    NOT NULL PRIMARY KEY,
    person_id TEXT    NOT NULL REFERENCES person (id),
    sealed    BLOB    NOT NULL,
    current   INTEGER NOT NULL CHECK (current IN (0, 1))
) STRICT;

CREATE INDEX identity_code_person ON identity_code (person_id);

CREATE TABLE login_name (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
    id        TEXT NOT NULL,
    sealed    BLOB NOT NULL
) STRICT;

CREATE TABLE merged (
    person_id TEXT    NOT NULL PRIMARY KEY REFERENCES person (id),
    at        INTEGER NOT NULL
) STRICT;

CREATE TABLE notice (
    person_id TEXT    NOT NULL PRIMARY KEY REFERENCES person (id),
    id        TEXT    NOT NULL,
    version   TEXT    NOT NULL,
    language  TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    receipt   INTEGER NOT NULL,
    sealed    BLOB    NOT NULL
) STRICT;

CREATE TABLE organisation (
    oid    TEXT NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL,
    file   TEXT NOT NULL
) STRICT;

CREATE TABLE "outbox" (
    oid             TEXT    NOT NULL PRIMARY KEY REFERENCES "declaration" (oid),
    person_id       TEXT    NOT NULL REFERENCES person (id),
    kind            TEXT    NOT NULL CHECK (kind IN ('permit', 'prohibitions')),
    position        INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('waiting', 'sent', 'acknowledged', 'refused', 'held', 'superseded')),
    reason          TEXT    NOT NULL, -- of held and refused: why
    restricts       INTEGER NOT NULL CHECK (restricts IN (0, 1)), -- it only takes away: what is held of the other kind does not keep it back
    holds           TEXT    NOT NULL, -- identifiers of the prohibitions in it, a space between two
    name_unverified INTEGER NOT NULL CHECK (name_unverified IN (0, 1)),
    receipt         INTEGER NOT NULL, -- of the change that it tells of; 0: of none
    created         INTEGER NOT NULL,
    sent            INTEGER NOT NULL, -- first sent; 0: never
    answered        INTEGER NOT NULL, -- acknowledged or refused; 0: not yet
    tries           INTEGER NOT NULL, -- begun; while the newest runs, due is in the future
    due             INTEGER NOT NULL, -- when to try next
    UNIQUE (person_id, position)
) STRICT;

CREATE INDEX outbox_due ON outbox (due) WHERE state IN ('waiting', 'sent');

CREATE INDEX outbox_open ON outbox (state, reason, oid) WHERE state NOT IN ('acknowledged', 'superseded');

CREATE TABLE past_permit (
    id        TEXT    NOT NULL PRIMARY KEY,
    person_id TEXT    NOT NULL REFERENCES person (id),
    given     INTEGER NOT NULL CHECK (given IN (0, 1)),
    since     INTEGER NOT NULL,
    sealed    BLOB    NOT NULL
) STRICT;

CREATE INDEX past_permit_person ON past_permit (person_id);

CREATE TABLE pending_choice (
    state   BLOB    NOT NULL PRIMARY KEY, -- hash
    session BLOB    NOT NULL,             -- session.hash of the login that began it
    sealed  BLOB    NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE pending_login (
    state   BLOB    NOT NULL PRIMARY KEY, -- hash
    browser BLOB    NOT NULL,             -- hash
    sealed  BLOB    NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE permit (
    person_id TEXT    NOT NULL PRIMARY KEY REFERENCES person (id),
    id        TEXT    NOT NULL,
    given     INTEGER NOT NULL CHECK (given IN (0, 1)),
    since     INTEGER NOT NULL,
    receipt   INTEGER NOT NULL,
    sealed    BLOB    NOT NULL
) STRICT;

CREATE TABLE person (
    id          TEXT    NOT NULL PRIMARY KEY,
    revision    INTEGER NOT NULL DEFAULT 1,
    merged_into TEXT    REFERENCES person (id)
) STRICT;

CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE preview (
    hash      BLOB    NOT NULL PRIMARY KEY, -- of the preview's identity
    session   BLOB    NOT NULL,             -- session.hash of the login that it was shown to
    person_id TEXT    NOT NULL REFERENCES person (id),
    sealed    BLOB    NOT NULL,
    created   INTEGER NOT NULL,
    receipt   INTEGER NOT NULL
) STRICT;

CREATE INDEX preview_created ON preview (created);

CREATE INDEX preview_person ON preview (person_id);

CREATE TABLE prohibition (
    id            TEXT    NOT NULL PRIMARY KEY,
    person_id     TEXT    NOT NULL REFERENCES person (id),
    kind          TEXT    NOT NULL CHECK (kind IN ('', 'document', 'task', 'controller')),
    target        TEXT    NOT NULL,
    since         INTEGER NOT NULL,
    receipt       INTEGER NOT NULL,
    sealed        BLOB    NOT NULL,
    ended         INTEGER NOT NULL,
    ended_receipt INTEGER NOT NULL,
    ended_sealed  BLOB    NOT NULL -- empty while it is in force
, known INTEGER NOT NULL DEFAULT 0, known_set TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX prohibition_delivered ON prohibition (target) WHERE kind = 'document' AND ended = 0 AND receipt = 0;

CREATE UNIQUE INDEX prohibition_in_force ON prohibition (person_id, kind, target) WHERE ended = 0;

CREATE INDEX prohibition_person ON prohibition (person_id, ended);

CREATE TABLE protection (
    person_id TEXT    NOT NULL REFERENCES person (id),
    source    TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    mark      INTEGER NOT NULL,
    until     TEXT,
    PRIMARY KEY (person_id, source, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt (
    person_id TEXT    NOT NULL REFERENCES person (id),
    number    INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    action    TEXT    NOT NULL,
    sealed    BLOB    NOT NULL,
    PRIMARY KEY (person_id, number)
) STRICT;

CREATE TABLE register_use (
    id        TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    producer  TEXT    NOT NULL,
    organiser TEXT    NOT NULL,
    starts    TEXT    NOT NULL,
    ends      TEXT    NOT NULL, -- '' : open
    digest    BLOB    NOT NULL,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE relationship (
    person_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    facts     BLOB NOT NULL,
    PRIMARY KEY (person_id, id),
    FOREIGN KEY (person_id, id) REFERENCES client_document (person_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE revision (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    hash             BLOB    NOT NULL PRIMARY KEY,
    person_id        TEXT    NOT NULL REFERENCES person (id),
    provider_session BLOB    NOT NULL, -- keyed hash of the provider's sid; empty when it sent none
    provider_subject BLOB    NOT NULL, -- keyed hash of the provider's sub
    sealed           BLOB    NOT NULL,
    created          INTEGER NOT NULL,
    touched          INTEGER NOT NULL
) STRICT;

CREATE INDEX session_person ON session (person_id);

CREATE INDEX session_provider ON session (provider_session);

CREATE INDEX session_subject ON session (provider_subject);

CREATE INDEX session_touched ON session (touched);

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE undeclared (
    person_id TEXT NOT NULL REFERENCES person (id),
    kind      TEXT NOT NULL CHECK (kind IN ('permit', 'prohibitions')),
    PRIMARY KEY (person_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE used_token (
    hash    BLOB    NOT NULL PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT;

CREATE INDEX used_token_expires ON used_token (expires);
