package record

// ServiceTask is one of the seven service tasks (palvelutehtävä, serviceuppgift).
type ServiceTask string

// The seven service tasks.
const (
	Elderly         ServiceTask = "elderly"
	Families        ServiceTask = "families"
	ChildProtection ServiceTask = "child-protection"
	FamilyLaw       ServiceTask = "family-law"
	Substance       ServiceTask = "substance"
	WorkingAge      ServiceTask = "working-age"
	Disability      ServiceTask = "disability"
)

// ServiceTasks lists the seven in the order of display.
var ServiceTasks = [...]ServiceTask{Elderly, Families, ChildProtection, FamilyLaw, Substance, WorkingAge, Disability}

// ServiceTaskCodes are the confirmed codes of the national list 1.2.246.537.6.1221; the
// operator's file adds the other four when they are confirmed (O3).
var ServiceTaskCodes = map[string]ServiceTask{"10": ChildProtection, "15": Substance, "20": Disability}

// ServiceTaskList is the code system of service tasks.
const ServiceTaskList OID = "1.2.246.537.6.1221"

// Known reports whether t is one of the seven.
func (t ServiceTask) Known() bool {
	for _, known := range ServiceTasks {
		if t == known {
			return true
		}
	}
	return false
}
