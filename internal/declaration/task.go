package declaration

import (
	"slices"
	"strings"

	"kuulas.example/internal/record"
)

// Codes are the national codes of service tasks that the operator confirmed, beyond those of
// record.ServiceTaskCodes (O3).
type Codes map[string]record.ServiceTask

// of is the confirmed code of a service task; of several the one that sorts first.
func (c Codes) of(task record.ServiceTask) (string, bool) {
	var found []string
	for _, list := range [...]map[string]record.ServiceTask{record.ServiceTaskCodes, c} {
		for code, t := range list {
			if t == task && code != "" {
				found = append(found, code)
			}
		}
		if len(found) > 0 {
			slices.Sort(found)
			return found[0], true
		}
	}
	return "", false
}

// tasks are the service tasks that a code and its text can mean. A confirmed code decides; a
// text that names another task adds that one, because a prohibition must not shrink by a slip.
// The portal's own key stands for a task whose code is not confirmed.
func (c Codes) tasks(code, text string) []record.ServiceTask {
	var all []record.ServiceTask
	code = strings.TrimSpace(code)
	if t, ok := record.ServiceTaskCodes[code]; ok {
		all = append(all, t)
	} else if t, ok := c[code]; ok {
		all = append(all, t)
	} else if t := record.ServiceTask(code); t.Known() {
		all = append(all, t)
	}
	if t, ok := taskNamed(text); ok && !slices.Contains(all, t) {
		all = append(all, t)
	}
	return all
}

// taskNames are the names of the service tasks: first the one that is written.
var taskNames = map[record.ServiceTask][]record.Text{
	record.Elderly: {{FI: "Iäkkäiden palvelut", SV: "Tjänster för äldre"}, {SV: "Äldreservice"}, {SV: "Service för äldre"}},
	record.Families: {
		{FI: "Lapsiperheiden palvelut", SV: "Tjänster för barnfamiljer"},
		{SV: "Service för barnfamiljer"},
	},
	record.ChildProtection: {{FI: "Lastensuojelu", SV: "Barnskydd"}},
	record.FamilyLaw: {
		{FI: "Perheoikeudelliset palvelut", SV: "Familjerättsliga tjänster"},
		{SV: "Familjerättslig service"},
	},
	record.Substance: {
		{FI: "Päihdehuolto", SV: "Missbrukarvård"},
		{FI: "Päihde- ja riippuvuustyön erityiset palvelut", SV: "Särskild service inom arbetet med missbruk och beroende"},
	},
	record.WorkingAge: {
		{FI: "Työikäisten palvelut", SV: "Tjänster för personer i arbetsför ålder"},
		{SV: "Service för personer i arbetsför ålder"},
	},
	record.Disability: {
		{FI: "Vammaispalvelut", SV: "Tjänster för personer med funktionsnedsättning"},
		{SV: "Service för personer med funktionsnedsättning"},
	},
}

// taskNamed is the service task of a name in either language.
func taskNamed(text string) (record.ServiceTask, bool) {
	for _, task := range record.ServiceTasks {
		for _, name := range taskNames[task] {
			if sameWords(text, name.FI) || sameWords(text, name.SV) {
				return task, true
			}
		}
	}
	return "", false
}

// sameWords compares two names without case and runs of spaces; nothing is like nothing.
func sameWords(a, b string) bool {
	a, b = record.OneLine(a), record.OneLine(b)
	return a != "" && strings.EqualFold(a, b)
}
