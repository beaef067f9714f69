package testkit

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Browser is one tab of a real browser. Its methods fail the test on any error.
type Browser struct {
	t   *testing.T
	ctx context.Context
	axe string
}

// browserPatience is how long one step in the browser may take on a busy machine.
const browserPatience = 60 * time.Second

// StartBrowser opens Chromium without a window; the test ends it. A missing browser or checker
// fails the test and says how to install it.
func StartBrowser(t *testing.T) *Browser {
	t.Helper()
	axe, err := os.ReadFile(filepath.Join(Root(t), ".ci", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal("the accessibility checker is missing: run `make setup`")
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(),
		chromedp.ExecPath(chromium(t)), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-extensions", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 900),
		// Nothing that a page links to outside the machine is ever asked for.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"))
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	// The first use starts the browser; a deadline on it would stop the browser when it passes.
	if err := chromedp.Do(tab, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return &Browser{t: t, ctx: tab, axe: string(axe)}
}

// Root is the top of the checkout.
func Root(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		t.Fatalf("find the top of the checkout: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("KUULAS_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no browser: run `make setup`, or name one in KUULAS_CHROMIUM")
	return ""
}

// For gives the same tab to a subtest.
func (b *Browser) For(t *testing.T) *Browser { return &Browser{t: t, ctx: b.ctx, axe: b.axe} }

func (b *Browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// Open goes to an address.
func (b *Browser) Open(address string) {
	b.t.Helper()
	b.do("open "+address, chromedp.Navigate(address))
}

// Back presses the browser's back button and waits until another address is there. A page that
// comes back from the browser's own memory sends no load event, so the address is asked for.
func (b *Browser) Back() {
	b.t.Helper()
	before := b.Address()
	_ = Ask[bool](b, "setTimeout(() => history.back(), 0), true")
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	b.until(ctx, `document.readyState === "complete" && location.href !== `+strconv.Quote(before))
}

// Until waits until an expression is true in the page.
func (b *Browser) Until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	b.until(ctx, expression)
}

// until asks again and again, also across pages: a page that goes away makes an answer fail.
func (b *Browser) until(ctx context.Context, expression string) {
	b.t.Helper()
	ticks := time.NewTicker(20 * time.Millisecond)
	defer ticks.Stop()
	for {
		if yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil && yes {
			return
		}
		select {
		case <-ctx.Done():
			b.t.Fatalf("never came true: %s", expression)
		case <-ticks.C:
		}
	}
}

// Click presses the element that a CSS selector finds and waits for the page that follows.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.t.Fatalf("click %s: %v", selector, err)
	}
}

// Fill types into a field.
func (b *Browser) Fill(selector, text string) {
	b.t.Helper()
	b.do("fill "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Press presses keys one after the other; PressAndLoad waits for the page that follows.
func (b *Browser) Press(keys string) {
	b.t.Helper()
	b.do("press keys", chromedp.KeyEvent(keys))
}

// PressAndLoad presses keys and waits for the page that follows.
func (b *Browser) PressAndLoad(keys string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(keys)); err != nil {
		b.t.Fatalf("press keys: %v", err)
	}
}

// PressAndLeave presses keys that lead to another host, which no test reaches, and sees that the
// browser asked for it.
func (b *Browser) PressAndLeave(keys, host string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	asked := make(chan struct{})
	var once sync.Once
	if err := chromedp.Listen(ctx, func(ev any) {
		if e, ok := ev.(*network.EventRequestWillBeSent); ok && strings.Contains(e.Request.URL, host) {
			once.Do(func() { close(asked) })
		}
	}); err != nil {
		b.t.Fatal(err)
	}
	b.do("press keys", chromedp.KeyEvent(keys))
	select {
	case <-asked:
	case <-ctx.Done():
		b.t.Fatalf("the browser never asked for %s", host)
	}
}

// Keys that tests press.
const (
	Tab    = kb.Tab
	Enter  = kb.Enter
	Escape = kb.Escape
)

// Ask evaluates an expression in the page.
func Ask[T any](b *Browser, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("ask the page: %v", err)
	}
	return answer
}

// Text is the visible text of the page.
func (b *Browser) Text() string {
	b.t.Helper()
	return Ask[string](b, "document.body.innerText")
}

// Address is where the browser is.
func (b *Browser) Address() string {
	b.t.Helper()
	return Ask[string](b, "location.href")
}

// Width sets the width of the window in CSS pixels.
func (b *Browser) Width(pixels int64) {
	b.t.Helper()
	b.do("set the width", chromedp.EmulateViewport(pixels, 900))
}

// Prefer sets media features, such as prefers-color-scheme: dark or forced-colors: active. The
// colours that change are the new ones when it returns: a check half-way through a transition
// would see a mixture.
func (b *Browser) Prefer(features map[string]string) {
	b.t.Helper()
	b.do("set preferences", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		var media emulation.SetEmulatedMediaParams
		for name, value := range features {
			media.Features = append(media.Features, &emulation.MediaFeature{Name: name, Value: value})
		}
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media)
		return err
	}))
	Ask[bool](b, "document.getAnimations().forEach(a => a.finish()) === undefined")
}

// Scripts switches scripts on pages on or off.
func (b *Browser) Scripts(on bool) {
	b.t.Helper()
	b.do("switch scripts", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// HTML is the page's source as the browser holds it.
func (b *Browser) HTML() string {
	b.t.Helper()
	return Ask[string](b, "new XMLSerializer().serializeToString(document)")
}

// Forget clears the browser's cookies.
func (b *Browser) Forget() {
	b.t.Helper()
	b.do("clear cookies", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
}

// Shot saves a picture of the whole page when KUULAS_SHOTS names a folder.
func (b *Browser) Shot(name string) {
	b.t.Helper()
	folder := os.Getenv("KUULAS_SHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600)
	}
	if err != nil {
		b.t.Fatalf("take a picture: %v", err)
	}
}
