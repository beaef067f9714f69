package sosmeta

import (
	"embed"
	"io/fs"
)

//go:embed definitions/*.json
var definitions embed.FS

// Embedded is the set of definitions that the program carries itself: documents of our own
// writing, in the form of the official ones and with their labels, for all seven service
// tasks. The demo runs on them; a deployment loads the official set (KUULAS_DEFINITIONS).
func Embedded() fs.FS {
	sub, err := fs.Sub(definitions, "definitions")
	if err != nil {
		panic(err) // the folder is part of the program: only a broken build gets here
	}
	return sub
}
