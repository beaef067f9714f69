-- +goose Up

-- Since when the declarations of two persons stand in one place (T10). A professional who drew one
-- up before that had those of one of them before him.
CREATE TABLE merged (
    person_id TEXT    NOT NULL PRIMARY KEY REFERENCES person (id),
    at        INTEGER NOT NULL
) STRICT;

-- +goose Down
SELECT 1;
