-- +goose Up

-- What a client declared, as the rules read it at the moment of every decision (D13). Nothing
-- here is inferred from anything else: a notice that was read is no permit, and a prohibition
-- stands without one (D8). receipt is the number of the change that made the row, 0 where the
-- archive delivered it. sealed is who it was; it is bound to id, which is random and means
-- nothing. Times are unix milliseconds.

-- The newest acknowledgement of the information notice (D3).
CREATE TABLE notice (
    person_id TEXT    NOT NULL PRIMARY KEY REFERENCES person (id),
    id        TEXT    NOT NULL,
    version   TEXT    NOT NULL,
    language  TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    receipt   INTEGER NOT NULL,
    sealed    BLOB    NOT NULL
) STRICT;

-- The permit's newest yes or no (D2); without a row nobody ever said either.
CREATE TABLE permit (
    person_id TEXT    NOT NULL PRIMARY KEY REFERENCES person (id),
    id        TEXT    NOT NULL,
    given     INTEGER NOT NULL CHECK (given IN (0, 1)),
    since     INTEGER NOT NULL,
    receipt   INTEGER NOT NULL,
    sealed    BLOB    NOT NULL
) STRICT;

-- Prohibitions (D4): in force while ended is 0. A target that was not understood has no kind
-- and covers everything.
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
) STRICT;
CREATE INDEX prohibition_person ON prohibition (person_id, ended);
CREATE UNIQUE INDEX prohibition_in_force ON prohibition (person_id, kind, target) WHERE ended = 0;
CREATE INDEX prohibition_delivered ON prohibition (target) WHERE kind = 'document' AND ended = 0 AND receipt = 0;

-- One receipt for every change, numbered from 1 for each person without a gap.
CREATE TABLE receipt (
    person_id TEXT    NOT NULL REFERENCES person (id),
    number    INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    action    TEXT    NOT NULL,
    sealed    BLOB    NOT NULL,
    PRIMARY KEY (person_id, number)
) STRICT;

-- Effects that were shown to one login before a confirmation. receipt is 0 until the change was
-- made; after that a second confirmation finds the first one's receipt.
CREATE TABLE preview (
    hash      BLOB    NOT NULL PRIMARY KEY, -- of the preview's identity
    session   BLOB    NOT NULL,             -- session.hash of the login that it was shown to
    person_id TEXT    NOT NULL REFERENCES person (id),
    sealed    BLOB    NOT NULL,
    created   INTEGER NOT NULL,
    receipt   INTEGER NOT NULL
) STRICT;
CREATE INDEX preview_person ON preview (person_id);
CREATE INDEX preview_created ON preview (created);

-- The declaration document that speaks for a person, of each kind: the next version follows it
-- (D9, D17), whoever drew it up.
CREATE TABLE declared (
    person_id TEXT NOT NULL REFERENCES person (id),
    kind      TEXT NOT NULL CHECK (kind IN ('permit', 'prohibitions')),
    oid       TEXT NOT NULL REFERENCES declaration (oid),
    PRIMARY KEY (person_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX declared_oid ON declared (oid);

-- Declarations on their way to the receiver, in the order of position for each person.
CREATE TABLE outbox (
    oid             TEXT    NOT NULL PRIMARY KEY REFERENCES declaration (oid),
    person_id       TEXT    NOT NULL REFERENCES person (id),
    position        INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('waiting', 'sent', 'acknowledged', 'refused', 'held')),
    reason          TEXT    NOT NULL, -- of held: why
    name_unverified INTEGER NOT NULL CHECK (name_unverified IN (0, 1)),
    receipt         INTEGER NOT NULL, -- of the change that it tells of
    created         INTEGER NOT NULL,
    sent            INTEGER NOT NULL, -- first sent; 0: never
    answered        INTEGER NOT NULL, -- acknowledged or refused; 0: not yet
    tries           INTEGER NOT NULL,
    due             INTEGER NOT NULL, -- when to try next
    UNIQUE (person_id, position)
) STRICT;
CREATE INDEX outbox_due ON outbox (due) WHERE state IN ('waiting', 'sent');

-- +goose Down
SELECT 1;
