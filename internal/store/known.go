package store

import (
	"container/list"
	"sync"

	"kuulas.example/internal/record"
)

// known is what was read of one person at one revision. It is never changed once it is kept.
type known struct {
	person        record.PersonID
	revision      int64
	documents     []record.Document
	relationships []record.Relationship
	whole         bool // relationships were read too
}

// size counts rows; a person without any still takes a place.
func (k *known) size() int {
	return 1 + len(k.documents) + 2*len(k.relationships)
}

// knownCache keeps what was read of the persons who were asked for last, up to a number of
// rows. What it gives is only as good as the revision that the caller read beforehand: it
// holds no decision and no page.
type knownCache struct {
	mu      sync.Mutex
	limit   int
	rows    int
	persons map[record.PersonID]*list.Element
	order   list.List // *known, the last used first
}

func newKnownCache(limit int) *knownCache {
	return &knownCache{limit: limit, persons: map[record.PersonID]*list.Element{}}
}

// get gives what is held of a person if it is of exactly this revision.
func (c *knownCache) get(p record.PersonID, revision int64) *known {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.persons[p]
	if !ok || e.Value.(*known).revision != revision {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*known)
}

// put keeps k in place of what was held of the person, unless that is newer.
func (c *knownCache) put(p record.PersonID, k *known) {
	k.person = p
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.persons[p]; ok {
		if held := e.Value.(*known); held.revision > k.revision || held.revision == k.revision && held.whole {
			return
		}
		c.remove(e)
	}
	if k.revision == 0 || k.size() > c.limit {
		return
	}
	c.persons[p] = c.order.PushFront(k)
	c.rows += k.size()
	for c.rows > c.limit {
		c.remove(c.order.Back())
	}
}

func (c *knownCache) remove(e *list.Element) {
	k := c.order.Remove(e).(*known)
	delete(c.persons, k.person)
	c.rows -= k.size()
}
