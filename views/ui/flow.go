package ui

import (
	"strconv"
	"strings"
)

// Flow is the kind of a FlowMark.
type Flow string

// The kinds of marks: something may go on, stays, partly goes on, or is not there.
const (
	FlowOpen   Flow = "open"
	FlowClosed Flow = "closed"
	FlowPart   Flow = "part"
	FlowNone   Flow = "none"
)

func flowClass(flow Flow) string {
	switch flow {
	case FlowOpen:
		return "flow flow-open"
	case FlowClosed:
		return "flow flow-closed"
	case FlowPart:
		return "flow flow-part"
	}
	return "flow flow-none"
}

// RadioGroup is a question with its choices.
type RadioGroup struct {
	ID, Name, Legend, Hint, Error string
	Choices                       []Radio
}

// Radio is one choice. Its text may be in another language than the page.
type Radio struct {
	Value, Text, Lang string
	Hints             []string
	Selected          bool
}

// choiceID names a choice; the first has the group's own name.
func (r RadioGroup) choiceID(i int) string {
	if i == 0 {
		return r.ID
	}
	return r.ID + "-" + strconv.Itoa(i+1)
}

func (r RadioGroup) describedBy() string {
	var ids []string
	if r.Hint != "" {
		ids = append(ids, r.ID+"-hint")
	}
	if r.Error != "" {
		ids = append(ids, r.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// StepState is how far a step is.
type StepState uint8

// The states of a step.
const (
	StepToCome StepState = iota
	StepHere
	StepDone
)

// Step is one of a row. Note says its state in words; URL may be empty.
type Step struct {
	Text, URL, Note string
	State           StepState
}

func stepClass(state StepState) string {
	switch state {
	case StepHere:
		return "step step-here"
	case StepDone:
		return "step step-done"
	}
	return "step"
}
