-- +goose Up

-- Tokens of machine clients are used once, as logout tokens are, and there are many more of them:
-- those that have expired are found without reading the others.
CREATE INDEX used_token_expires ON used_token (expires);

-- +goose Down
SELECT 1;
