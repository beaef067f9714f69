package archive

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"kuulas.example/internal/record"
)

// maxOrganisationFile bounds an organisation file in bytes.
const maxOrganisationFile = 1 << 20

// mapping is one YAML mapping: its keys with their values, each key once.
type mapping struct {
	node   *yaml.Node
	values map[string]*yaml.Node
	path   string
}

// yamlDocument reads the one YAML document of a file.
func yamlDocument(text []byte) (*yaml.Node, error) {
	if len(text) > maxOrganisationFile {
		return nil, refuse("", "the file is larger than %d bytes", maxOrganisationFile)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var document, more yaml.Node
	if err := d.Decode(&document); errors.Is(err, io.EOF) {
		return nil, refuse("", "the file is empty")
	} else if err != nil {
		return nil, notYAML(err)
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, refuse("", "several YAML documents in one file")
	}
	return document.Content[0], nil
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// notYAML keeps the line of a syntax error and nothing of its text.
func notYAML(err error) error {
	r := &Refused{Reason: "not valid YAML"}
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		r.Line, _ = strconv.Atoi(m[1])
	}
	return r
}

// wrong refuses a node by its line.
func wrong(n *yaml.Node, path, reason string) error {
	return &Refused{Line: n.Line, Key: path, Reason: reason}
}

// mappingOf takes a mapping apart and refuses every key that is not listed.
func mappingOf(n *yaml.Node, path string, keys ...string) (*mapping, error) {
	if n.Kind != yaml.MappingNode {
		return nil, wrong(n, path, "must be a mapping of keys to values")
	}
	m := &mapping{node: n, values: map[string]*yaml.Node{}, path: path}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := m.at(safeKey(key.Value))
		switch {
		case key.Kind != yaml.ScalarNode, !contains(keys, key.Value):
			return nil, wrong(key, at, reasonUnknown)
		case m.values[key.Value] != nil:
			return nil, wrong(key, at, "a key stands twice")
		case value.Kind == yaml.AliasNode || value.Anchor != "":
			return nil, wrong(value, at, "anchors and aliases are not used here")
		}
		m.values[key.Value] = value
	}
	return m, nil
}

func contains(keys []string, key string) bool {
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

func (m *mapping) at(key string) string {
	switch {
	case m.path == "":
		return key
	case key == "":
		return m.path
	}
	return m.path + "." + key
}

// value is the node of a key; nil when it is absent or null.
func (m *mapping) value(key string) *yaml.Node {
	n := m.values[key]
	if n == nil || n.Tag == "!!null" {
		return nil
	}
	return n
}

func (m *mapping) need(key string) (*yaml.Node, error) {
	if n := m.value(key); n != nil {
		return n, nil
	}
	return nil, wrong(m.node, m.at(key), reasonMissing)
}

// scalar is the text of a key as written; empty when the key is absent.
func (m *mapping) scalar(key string) (string, error) {
	n := m.value(key)
	if n == nil {
		return "", nil
	}
	if n.Kind != yaml.ScalarNode {
		return "", wrong(n, m.at(key), "must be a single value")
	}
	return n.Value, nil
}

func (m *mapping) text(key string) (string, error) {
	s, err := m.scalar(key)
	if err != nil || s == "" {
		return "", err
	}
	return s, m.refused(key, checkYAMLText(s))
}

func (m *mapping) refused(key string, reason string) error {
	if reason == "" {
		return nil
	}
	return wrong(m.values[key], m.at(key), reason)
}

func checkYAMLText(s string) string {
	if len(s) > longestText {
		return "longer than " + strconv.Itoa(longestText) + " bytes"
	}
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' {
			return "must not hold control characters"
		}
	}
	return ""
}

func (m *mapping) date(key string) (record.Date, error) {
	s, err := m.scalar(key)
	if err != nil || s == "" {
		return record.Date{}, err
	}
	d, err := record.ParseDate(s)
	if err != nil || d.Year < 1 {
		return record.Date{}, m.refused(key, "not a date (yyyy-mm-dd)")
	}
	return d, nil
}

func (m *mapping) bool(key string) (record.Mark, error) {
	n := m.value(key)
	switch {
	case n == nil:
		return record.Unknown, nil
	case n.Kind == yaml.ScalarNode && n.Tag == "!!bool":
		return record.MarkOf(n.Value == "true" || n.Value == "True" || n.Value == "TRUE"), nil
	}
	return record.Unknown, m.refused(key, "must be true or false")
}

// both reads a text in two languages; an absent one is empty.
func (m *mapping) both(key string) (record.Text, error) {
	n := m.value(key)
	if n == nil {
		return record.Text{}, nil
	}
	sub, err := mappingOf(n, m.at(key), "fi", "sv")
	if err != nil {
		return record.Text{}, err
	}
	var t record.Text
	if t.FI, err = sub.text("fi"); err != nil {
		return t, err
	}
	t.SV, err = sub.text("sv")
	return t, err
}

// contact reads how to reach an organisation or a person at work.
func (m *mapping) contact(key string, keys ...string) (record.Contact, error) {
	var c record.Contact
	n := m.value(key)
	if n == nil {
		return c, nil
	}
	sub, err := mappingOf(n, m.at(key), keys...)
	if err != nil {
		return c, err
	}
	for _, part := range []struct {
		key  string
		into *string
	}{{"name", &c.Name}, {"phone", &c.Phone}, {"email", &c.Email}, {"address", &c.Address}} {
		if *part.into, err = sub.text(part.key); err != nil {
			return c, err
		}
	}
	return c, nil
}
