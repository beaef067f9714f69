package portal

import (
	"sync"

	"kuulas.example/internal/sosmeta"
)

// ownDefinitions are those that the program carries, read once.
var ownDefinitions = sync.OnceValue(func() *sosmeta.Set {
	set, _, err := sosmeta.Load(sosmeta.Embedded())
	if err != nil {
		panic(err) // they are embedded: only a broken build gets here
	}
	return set
})
