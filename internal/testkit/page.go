package testkit

import (
	"encoding/json"
	"fmt"
)

// Violations runs the accessibility checker on the page and lists what it finds, by WCAG 2.2 AA
// and its best practices. It waits for colours that are still on their way to another scheme's.
func (b *Browser) Violations() []string {
	b.t.Helper()
	_ = Ask[bool](b, b.axe+";true")
	found := Ask[string](b, `Promise.all(document.getAnimations().map(a => a instanceof CSSTransition && a.finished.catch(() => {}))).then(() =>
		axe.run(document, {resultTypes: ["violations"]})).then(r => JSON.stringify(r.violations.map(v =>
		v.id + ": " + v.help + " — " + v.nodes.slice(0, 3).map(n => n.target.join(" ")).join(", "))))`)
	var violations []string
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.t.Fatal(err)
	}
	return violations
}

// Overflow reports by how many CSS pixels the page is wider than the window.
func (b *Browser) Overflow() int {
	b.t.Helper()
	return Ask[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth")
}

// Focused describes the element that has the keyboard.
func (b *Browser) Focused() string {
	b.t.Helper()
	return Ask[string](b, `(e => e.tagName.toLowerCase() + " " + (e.getAttribute("href") || e.getAttribute("name") || e.innerText || "").trim())(document.activeElement)`)
}

// String says which page the browser shows, for failures.
func (b *Browser) String() string { return fmt.Sprintf("browser at %s", b.Address()) }
