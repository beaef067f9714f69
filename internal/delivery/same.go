package delivery

import (
	"reflect"

	"kuulas.example/internal/record"
)

// same reports whether what a receiver holds is what was sent: set, version, definition and every
// value of the body. The order of keys and white space do not count; a number counts as it is
// written. Further keys of the answer say nothing, save one that names another identity.
func same(oid record.OID, sent, held []byte) bool {
	ours, err := object(sent)
	if err != nil {
		return false
	}
	theirs, err := object(held)
	if err != nil {
		return false
	}
	if named, ok := theirs["oid"]; ok && named != string(oid) {
		return false
	}
	for key, value := range ours {
		if got, ok := theirs[key]; !ok || !reflect.DeepEqual(got, value) {
			return false
		}
	}
	return true
}
