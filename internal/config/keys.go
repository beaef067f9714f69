package config

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Names of key files made beside a database on a developer's machine.
const (
	dataKeyFile     = ".data-key"
	sessionKeyFile  = ".session-key"
	evidenceKeyFile = ".evidence-key.pem"
)

// secret reads a variable or the file that its _FILE variant names.
func (r *reader) secret(name string) string {
	value, file := r.text(name), r.text(name+"_FILE")
	switch {
	case file == "":
		return value
	case value != "":
		r.wrong(name, "is set together with "+name+"_FILE: give one of them")
		return ""
	}
	content, err := os.ReadFile(file)
	if err != nil {
		r.wrong(name+"_FILE", "the file cannot be read")
		return ""
	}
	if strings.TrimSpace(string(content)) == "" {
		r.wrong(name+"_FILE", "the file is empty")
	}
	return strings.TrimSpace(string(content))
}

func (r *reader) keys(c *Config) {
	mayMake := c.BaseURL != nil && !c.Public()
	absent := func(name string, need Need) {
		if r.need >= need && !mayMake {
			r.wrong(name, "is required (or "+name+"_FILE)")
		}
	}
	if v := r.secret("KUULAS_DATA_KEY"); v == "" {
		absent("KUULAS_DATA_KEY", ForData)
	} else if key, err := decodeKey(v); err != nil || len(key) != 32 {
		r.wrong("KUULAS_DATA_KEY", "must be 32 bytes in base64")
	} else {
		c.Keys.Data = key
	}
	if v := r.secret("KUULAS_SESSION_KEY"); v == "" {
		absent("KUULAS_SESSION_KEY", ForServing)
	} else if keys, err := decodeKeys(v); err != nil {
		r.wrong("KUULAS_SESSION_KEY", err.Error())
	} else {
		c.Keys.Session = keys
	}
	if v := r.secret("KUULAS_EVIDENCE_KEY"); v == "" {
		absent("KUULAS_EVIDENCE_KEY", ForServing)
	} else if key, err := decodeSigner(v); err != nil {
		r.wrong("KUULAS_EVIDENCE_KEY", err.Error())
	} else {
		c.Keys.Evidence = key
	}
}

// decodeKey reads base64 in the standard or the URL alphabet, with or without padding.
func decodeKey(s string) ([]byte, error) {
	s = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(strings.TrimSpace(s), "="))
	return base64.RawStdEncoding.DecodeString(s)
}

func decodeKeys(s string) ([][]byte, error) {
	var keys [][]byte
	for item := range strings.SplitSeq(s, ",") {
		key, err := decodeKey(item)
		if err != nil || len(key) < 32 {
			return nil, errors.New("must be 32 bytes or more in base64, several separated by commas")
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func decodeSigner(s string) (ed25519.PrivateKey, error) {
	bad := errors.New("must be an Ed25519 private key, PKCS#8 in PEM")
	// An environment file often holds the line breaks of a PEM as \n.
	block, _ := pem.Decode([]byte(strings.ReplaceAll(s, `\n`, "\n")))
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, bad
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, bad
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, bad
	}
	return key, nil
}

// MakeKeys reads or makes the keys that are absent on loopback, in files beside the database
// with mode 0600, and returns a warning for each that it made. Elsewhere it does nothing:
// Load has refused.
func (c *Config) MakeKeys(need Need) ([]Problem, error) {
	if c.Public() || c.Database == "" {
		return nil, nil
	}
	m := keyMaker{database: c.Database}
	if c.Keys.Data == nil {
		m.key("KUULAS_DATA_KEY", dataKeyFile, freshKey, func(text string) (err error) {
			if c.Keys.Data, err = decodeKey(text); err == nil && len(c.Keys.Data) != 32 {
				err = errors.New("must be 32 bytes in base64")
			}
			return err
		})
	}
	if c.Keys.Session == nil && need >= ForServing {
		m.key("KUULAS_SESSION_KEY", sessionKeyFile, freshKey, func(text string) (err error) {
			c.Keys.Session, err = decodeKeys(text)
			return err
		})
	}
	if c.Keys.Evidence == nil && need >= ForServing {
		m.key("KUULAS_EVIDENCE_KEY", evidenceKeyFile, freshSigner, func(text string) (err error) {
			c.Keys.Evidence, err = decodeSigner(text)
			return err
		})
	}
	return m.warnings, m.err
}

type keyMaker struct {
	database string
	warnings []Problem
	err      error
}

func (m *keyMaker) key(variable, suffix string, fresh func() ([]byte, error), read func(text string) error) {
	if m.err != nil {
		return
	}
	file := m.database + suffix
	content, made, err := readOrMake(file, fresh)
	if err == nil {
		err = read(string(content))
	}
	if err != nil {
		m.err = fmt.Errorf("%s: key in %s: %w", variable, file, err)
	}
	if made {
		m.warnings = append(m.warnings, Problem{variable, "not set: a key was made in " + file + "; keep it with the database"})
	}
}

func freshKey() ([]byte, error) {
	var key [32]byte
	_, _ = rand.Read(key[:]) // crypto/rand.Read never returns an error
	return []byte(base64.StdEncoding.EncodeToString(key[:]) + "\n"), nil
}

func freshSigner() ([]byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// readOrMake reads a key file or makes it, whole or not at all: a data key that was cut
// short by a crash would lose the database that was written under it.
func readOrMake(file string, fresh func() ([]byte, error)) (content []byte, made bool, err error) {
	content, err = os.ReadFile(file)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return content, false, err
	}
	if content, err = fresh(); err != nil {
		return nil, false, err
	}
	if err = os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, false, err
	}
	part, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // mode 0600
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = os.Remove(part.Name()) }()
	_, err = part.Write(content)
	err = errors.Join(err, part.Sync(), part.Close())
	if err != nil {
		return nil, false, err
	}
	// Link refuses to replace: of two programs that start at once, one makes the key.
	if err = os.Link(part.Name(), file); errors.Is(err, fs.ErrExist) {
		content, err = os.ReadFile(file)
		return content, false, err
	}
	return content, err == nil, err
}
