package standin

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
)

// ReceiverFaults make the stand-in misbehave. The zero value is one without faults.
type ReceiverFaults struct {
	Status int           // answers with this status
	Body   string        // answers 200 with this body
	Delay  time.Duration // waits so long first, or until the client goes away
	Broken bool          // closes the connection without an answer, and stores nothing
	Lost   bool          // stores, and closes the connection without an answer
	Refuse bool          // answers 422 to what it does not hold yet
}

// SetFaults changes how the stand-in misbehaves from now on.
func (v *Receiver) SetFaults(f ReceiverFaults) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.faults = f
}

func (v *Receiver) fault() ReceiverFaults {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.faults
}

// ReceiverCall is one call, as tests look at it.
type ReceiverCall struct {
	OID, Set, Definition record.OID
	Version              int
	Key                  string // Idempotency-Key
	At                   time.Time
	Status               int // 0: no answer was sent
}

// Calls gives the newest calls, oldest first, up to a bound.
func (v *Receiver) Calls() []ReceiverCall {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.calls)
}

// Stored counts the declarations that are held.
func (v *Receiver) Stored() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.held)
}

func (v *Receiver) remember(c ReceiverCall) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.calls = append(v.calls, c); len(v.calls) > maxReceived {
		v.calls = slices.Delete(v.calls, 0, 1)
	}
}

var (
	receiverTexts = mustPageTexts("declarations.json")
	receiverPage  = template.Must(template.ParseFS(chooseFiles, "declarations_panel.html", "panel.html"))
)

// disorders are the states that the page can bring about, by the word that a form sends. The delay
// is shorter than the patience of a client, and than that of a server that stops.
var disorders = []struct {
	word   string
	faults ReceiverFaults
}{
	{"none", ReceiverFaults{}},
	{"slow", ReceiverFaults{Delay: 8 * time.Second}},
	{"refuse", ReceiverFaults{Refuse: true}},
	{"error", ReceiverFaults{Status: http.StatusServiceUnavailable}},
	{"down", ReceiverFaults{Broken: true}},
	{"lost", ReceiverFaults{Lost: true}},
}

type receiverData struct {
	frame
	Done    bool
	Outages []panelOutage
	Unnamed bool // a fault that a test has set and the page has no word for
	Stored  int
	Calls   []shownCall // newest first
}

type shownCall struct {
	What, At, Moment, Answer string
	Version                  int
}

// showPanel handles "GET /control": how it answers, and what came. No person stands there.
func (v *Receiver) showPanel(w http.ResponseWriter, r *http.Request) {
	f := receiverTexts.frame(v.prefix, r.FormValue("lang"), ControlPath, nil)
	data := receiverData{frame: f, Done: r.FormValue("done") != "", Stored: v.Stored(), Unnamed: true}
	for _, d := range disorders {
		set := d.faults == v.fault()
		data.Unnamed = data.Unnamed && !set
		data.Outages = append(data.Outages, panelOutage{Word: d.word, Label: f.Text[d.word], Set: set})
	}
	for _, c := range v.Calls() {
		at := c.At.In(record.Helsinki)
		data.Calls = append(data.Calls, shownCall{
			What: kindOfCall(f.Text, c), Version: c.Version, At: at.Format("2.1.2006 15.04.05"), Moment: at.Format(time.RFC3339), Answer: answerOfCall(f.Text, c),
		})
	}
	slices.Reverse(data.Calls)
	render(w, receiverPage, data, "")
}

func kindOfCall(text map[string]string, c ReceiverCall) string {
	if kind, ok := declaration.KindOf(c.Definition); ok {
		return text[string(kind)]
	}
	return text["unknown"]
}

func answerOfCall(text map[string]string, c ReceiverCall) string {
	switch c.Status {
	case 0:
		return text["unanswered"]
	case http.StatusCreated:
		return text["taken"]
	case http.StatusConflict:
		return text["known"]
	case http.StatusUnprocessableEntity:
		return text["refused"]
	}
	return text["status"] + " " + strconv.Itoa(c.Status)
}

// changePanel handles "POST /control": action is outage with one of its words.
func (v *Receiver) changePanel(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<14)
	for _, d := range disorders {
		if r.PostFormValue("action") == "outage" && r.PostFormValue("outage") == d.word {
			v.SetFaults(d.faults)
			back := url.Values{"lang": {r.PostFormValue("lang")}, "done": {"1"}}
			http.Redirect(w, r, v.prefix+ControlPath+"?"+back.Encode(), http.StatusSeeOther)
			return
		}
	}
	http.Error(w, "unknown action or outage", http.StatusBadRequest)
}
