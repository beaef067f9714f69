package standin

import (
	"testing"

	"kuulas.example/internal/testkit"
)

// Why it exists: the demo leads people through these two pages, so that what holds of the
// portal's own pages (WCAG 2.2 AA, no scrolling sideways on a phone) holds of them too.
func TestTheRegistersPagesAreAccessible(t *testing.T) {
	w := newActingWorld(t)
	b := testkit.StartBrowser(t)
	for _, lang := range chooseLanguages {
		_, address := w.registered("lang", lang)
		for name, page := range map[string]string{"choice": address, "control": w.base + ControlPath + "?done=1&lang=" + lang} {
			b.Open(page)
			for _, look := range []struct {
				name   string
				width  int64
				scheme string
			}{{"light-1280", 1280, "light"}, {"dark-1280", 1280, "dark"}, {"light-320", 320, "light"}} {
				b.Width(look.width)
				b.Prefer(map[string]string{"prefers-color-scheme": look.scheme})
				b.Shot("register-" + name + "-" + lang + "-" + look.name)
				for _, v := range b.Violations() {
					t.Errorf("%s in %s, %s: %s", name, lang, look.name, v)
				}
				if over := b.Overflow(); over > 0 {
					t.Errorf("%s in %s, %s: %d pixels too wide", name, lang, look.name, over)
				}
			}
		}
	}
}
