package sosmeta

import (
	"slices"
	"strconv"
	"strings"
)

// The published definitions write every field out where it stands. A later one may share
// parts of a file ($ref) or leave a choice between groups (oneOf): both are plain JSON
// Schema, and a document under them must be read like any other.

const (
	sameRef   = 8     // how often one reference may stand inside itself
	mostNodes = 20000 // groups, fields and variants of one definition; the largest published one has some hundreds
)

// follow replaces a reference into the same file by what it refers to; what stands beside
// the reference wins. A reference that leads nowhere, out of the file or too often into
// itself stays as it is: documents are checked by it, and values shown by their JSON type.
func (b *builder) follow(node value) value {
	for {
		ref := node.get("$ref").text
		seen := 0
		for _, one := range b.following {
			if one == ref {
				seen++
			}
		}
		target := b.lookup(ref)
		if ref == "" || target.kind != '{' || seen >= sameRef || b.nodes > mostNodes {
			if ref != "" {
				b.slip("a $ref cannot be followed")
			}
			return node
		}
		b.following = append(b.following, ref)
		merged := value{kind: '{'}
		for i, key := range node.keys {
			if key != "$ref" {
				merged.keys, merged.kids = append(merged.keys, key), append(merged.kids, node.kids[i])
			}
		}
		for i, key := range target.keys {
			if !slices.Contains(merged.keys, key) {
				merged.keys, merged.kids = append(merged.keys, key), append(merged.kids, target.kids[i])
			}
		}
		node = merged
	}
}

// lookup finds the node that a pointer into the file names.
func (b *builder) lookup(ref string) value {
	path, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return value{}
	}
	at := b.top
	for _, token := range strings.Split(path, "/") {
		if n, err := strconv.Atoi(token); err == nil && at.kind == '[' && n >= 0 && n < len(at.kids) {
			at = at.kids[n]
			continue
		}
		at = at.get(strings.NewReplacer("~1", "/", "~0", "~").Replace(token))
	}
	return at
}

// member is one property of a group, as a file states it.
type member struct {
	key     string
	node    value
	variant bool // stated by one variant of the group: the variant checks it
}

// members lists the properties of a group: its own, then those of its variants.
func (b *builder) members(node value, depth int) []member {
	b.nodes++
	var all []member
	props := node.get("properties")
	if props.kind != '{' && props.kind != 0 {
		b.slip("properties is not an object")
		props = value{}
	}
	for i, key := range props.keys {
		all = append(all, member{key, props.kids[i], depth > 0})
	}
	if depth > 4 || b.nodes > mostNodes {
		return all
	}
	for _, word := range [...]string{"allOf", "oneOf", "anyOf", "then", "else"} {
		variants := node.get(word)
		kids := variants.kids
		if variants.kind == '{' {
			kids = []value{variants}
		}
		for _, kid := range kids {
			here := len(b.following)
			for _, m := range b.members(b.follow(kid), depth+1) {
				if !slices.ContainsFunc(all, func(known member) bool { return known.key == m.key }) {
					all = append(all, m)
				}
			}
			b.following = b.following[:here]
		}
	}
	return all
}
