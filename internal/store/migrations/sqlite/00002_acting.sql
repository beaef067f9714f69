-- +goose Up

-- Choices of a person for whom to act that are under way at the register: bound to one login,
-- taken once. Rows outlive their session until the sweep closes them at the register too.
CREATE TABLE pending_choice (
    state   BLOB    NOT NULL PRIMARY KEY, -- hash
    session BLOB    NOT NULL,             -- session.hash of the login that began it
    sealed  BLOB    NOT NULL,
    created INTEGER NOT NULL
) STRICT;

-- For whom a login may act, with what it takes to ask the register again. handle is a hash of
-- the subject in the login's addresses (A6), so that a row means nothing without its session.
CREATE TABLE acting (
    session BLOB    NOT NULL, -- session.hash
    handle  BLOB    NOT NULL,
    sealed  BLOB    NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (session, handle)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1;
