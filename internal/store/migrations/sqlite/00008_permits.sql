-- +goose Up

-- Answers about the permit that a professional recorded and that another one took the place of. What
-- was answered here has a receipt.
CREATE TABLE past_permit (
    id        TEXT    NOT NULL PRIMARY KEY,
    person_id TEXT    NOT NULL REFERENCES person (id),
    given     INTEGER NOT NULL CHECK (given IN (0, 1)),
    since     INTEGER NOT NULL,
    sealed    BLOB    NOT NULL
) STRICT;

CREATE INDEX past_permit_person ON past_permit (person_id);

-- +goose Down
SELECT 1;
