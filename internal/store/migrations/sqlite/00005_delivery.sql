-- +goose Up

-- What was held and never sent may be left behind by a later version, which holds the full set.
CREATE TABLE outbox_now (
    oid             TEXT    NOT NULL PRIMARY KEY REFERENCES declaration (oid),
    person_id       TEXT    NOT NULL REFERENCES person (id),
    position        INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('waiting', 'sent', 'acknowledged', 'refused', 'held', 'superseded')),
    reason          TEXT    NOT NULL, -- of held and refused: why
    name_unverified INTEGER NOT NULL CHECK (name_unverified IN (0, 1)),
    receipt         INTEGER NOT NULL, -- of the change that it tells of
    created         INTEGER NOT NULL,
    sent            INTEGER NOT NULL, -- first sent; 0: never
    answered        INTEGER NOT NULL, -- acknowledged or refused; 0: not yet
    tries           INTEGER NOT NULL, -- begun; while the newest runs, due is in the future
    due             INTEGER NOT NULL, -- when to try next
    UNIQUE (person_id, position)
) STRICT;
INSERT INTO outbox_now SELECT oid, person_id, position, state, reason, name_unverified, receipt, created, sent, answered, tries, due FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_now RENAME TO outbox;

-- Few of all declarations have no end yet; who looks for them must not meet the others.
CREATE INDEX outbox_due ON outbox (due) WHERE state IN ('waiting', 'sent');
CREATE INDEX outbox_open ON outbox (state, reason, oid) WHERE state NOT IN ('acknowledged', 'superseded');

-- +goose Down
SELECT 1;
