-- +goose Up

-- A version that was made here and never came to the archive gives its place in the set to
-- whatever did (D9): of one set and version there is one that counts, and any number dropped.
CREATE TABLE declaration_now (
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
INSERT INTO declaration_now SELECT oid, set_oid, version, based_on, definition, person_id, created, valid, digest, body, 0 FROM declaration;

CREATE TABLE declared_now (
    person_id TEXT NOT NULL REFERENCES person (id),
    kind      TEXT NOT NULL CHECK (kind IN ('permit', 'prohibitions')),
    oid       TEXT NOT NULL REFERENCES declaration_now (oid),
    PRIMARY KEY (person_id, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO declared_now SELECT person_id, kind, oid FROM declared;

-- What is superseded is never sent, or not again: a later version holds the full set.
CREATE TABLE outbox_now (
    oid             TEXT    NOT NULL PRIMARY KEY REFERENCES declaration_now (oid),
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
INSERT INTO outbox_now SELECT o.oid, o.person_id, CASE WHEN d.definition LIKE '%1505.8.%' THEN 'permit' ELSE 'prohibitions' END,
    o.position, o.state, o.reason, 0, '', o.name_unverified, o.receipt, o.created, o.sent, o.answered, o.tries, o.due
FROM outbox o JOIN declaration d ON d.oid = o.oid;

DROP TABLE outbox;
DROP TABLE declared;
DROP TABLE declaration;
ALTER TABLE declaration_now RENAME TO declaration;
ALTER TABLE declared_now RENAME TO declared;
ALTER TABLE outbox_now RENAME TO outbox;

CREATE UNIQUE INDEX declaration_place ON declaration (set_oid, version) WHERE dropped = 0;
CREATE INDEX declaration_set ON declaration (set_oid, version);
CREATE INDEX declaration_person ON declaration (person_id);
CREATE INDEX declared_oid ON declared (oid);
CREATE INDEX outbox_due ON outbox (due) WHERE state IN ('waiting', 'sent');
CREATE INDEX outbox_open ON outbox (state, reason, oid) WHERE state NOT IN ('acknowledged', 'superseded');

-- When the archive came to know of a prohibition, as far as is known here, and in which set: what
-- a professional could not know, a declaration of his does not end. 0: nobody knows that it does;
-- -1: likewise, and only an acknowledgement tells, for it came by a change of identity.
ALTER TABLE prohibition ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
ALTER TABLE prohibition ADD COLUMN known_set TEXT NOT NULL DEFAULT '';
UPDATE prohibition SET known = since WHERE receipt = 0;

-- What is in force of a kind and no declaration says: a new version must be made (D17).
CREATE TABLE undeclared (
    person_id TEXT NOT NULL REFERENCES person (id),
    kind      TEXT NOT NULL CHECK (kind IN ('permit', 'prohibitions')),
    PRIMARY KEY (person_id, kind)
) STRICT, WITHOUT ROWID;

-- The name of a person's own last login, kept while a declaration waits and gone with it.
CREATE TABLE login_name (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
    id        TEXT NOT NULL,
    sealed    BLOB NOT NULL
) STRICT;

-- +goose Down
SELECT 1;
