package mandate

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

// about answers with a status where a path names a person, and lets the stand-in answer else.
func (w *world) about(person string, o Operation, status int) {
	w.answers(o, func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/"+person) {
			rw.WriteHeader(status)
			return
		}
		w.fake.ServeHTTP(rw, r)
	})
}

// everybody chooses all persons of the agent: the child, the adult and the sibling.
func (w *world) everybody() (Chosen, error) {
	w.t.Helper()
	w.fake.SetFaults(standin.AuthorizationsFaults{Everybody: true})
	choice, address := w.begin(w.user(theAgent))
	return w.client.Finish(w.t.Context(), w.user(theAgent), choice, w.pick(address, 0))
}

// Why it exists: a session that ended is over for those too who were asked about before.
func TestASessionThatEndsBetweenTwoPersonsGrantsNothing(t *testing.T) {
	for _, o := range []Operation{AuthorizationList, Authorization} {
		w := newWorld(t)
		w.about(theSibling, o, http.StatusUnauthorized)
		w.fake.Revoke(code(t, theAgent), code(t, theAdult))
		chosen, err := w.everybody()
		refuses(t, string(o), chosen, err, ErrChooseAgain)
		if len(chosen.Refused) != 1 || chosen.Refused[0].Principal != code(t, theAdult) {
			t.Errorf("%s: of %d persons a no was heard", o, len(chosen.Refused))
		}
	}
}

func TestWhoCannotBeAskedAboutStandsInNobodysWay(t *testing.T) {
	for _, o := range []Operation{AuthorizationList, Authorization} {
		w := newWorld(t)
		w.about(theAdult, o, http.StatusServiceUnavailable)
		chosen, err := w.everybody()
		if err != nil || len(chosen.Grants) != 2 || len(chosen.Refused) != 0 {
			t.Errorf("%s: %d grants, %d refused, %v", o, len(chosen.Grants), len(chosen.Refused), err)
		}
		w.fake.Revoke(code(t, theAgent), code(t, theChild))
		w.fake.Revoke(code(t, theAgent), code(t, theSibling))
		chosen, err = w.everybody()
		refuses(t, string(o), chosen, err, ErrUncheckable)
		if len(chosen.Refused) != 2 {
			t.Errorf("%s: of %d persons a no was heard", o, len(chosen.Refused))
		}
	}
}

func TestOfSeveralRolesTheAgeChooses(t *testing.T) {
	w := newWorld(t)
	roles := []string{"x", infoRole, testTheme, healthCare, all}
	for i, want := range []record.Role{record.Guardian, record.Mandate, record.Guardian} {
		person := []string{theChild, theAdult, theSibling}[i]
		w.fake.SetRoles(code(t, theAgent), code(t, person), roles...)
		if g := w.grant(w.user(theAgent), i); g.Role != want {
			t.Errorf("%s: role %q", person, g.Role)
		}
	}
}

func TestGrantsOfOneChoiceAreTold(t *testing.T) {
	w := newWorld(t)
	chosen, err := w.everybody()
	if err != nil || len(chosen.Grants) != 3 {
		t.Fatalf("%d grants, %v", len(chosen.Grants), err)
	}
	w.fake.SetFaults(standin.AuthorizationsFaults{})
	if other := w.grant(w.user(theAgent), 0); !chosen.Grants[0].SameChoice(chosen.Grants[2]) || other.SameChoice(chosen.Grants[0]) || (Grant{}).SameChoice(Grant{}) {
		t.Error("choices are mixed up")
	}
}

// Why it exists: many persons at a slow register must not outlast the portal's own answer.
func TestACallbackWithManyPersonsEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var people []string
		for number := 900; len(people) < maxDelegates; number++ {
			for _, check := range "0123456789ABCDEFHJKLMNPRSTUVWXY" {
				if c, err := record.ParseIdentityCode(fmt.Sprintf("060615A%d%c", number, check)); err == nil {
					people = append(people, `{"personId":"`+c.Reveal()+`"}`)
				}
			}
		}
		answers := canned{
			Register: `{"sessionId":"s","userId":"u"}`, Token: `{"access_token":"t"}`, Delegates: "[" + strings.Join(people, ",") + "]",
			AuthorizationList: `{"roles":["ALL"]}`, Authorization: yes,
		}
		client := answers.client(t)
		client.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(callTime - time.Millisecond):
				return answers.RoundTrip(r)
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		})
		u := User{Code: code(t, theAgent), Login: "l"}
		choice, _, err := client.Begin(t.Context(), u, record.Finnish)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		chosen, err := client.Finish(t.Context(), u, choice, url.Values{"code": {"c"}, "state": {choice.State}})
		if took := time.Since(begun); err != nil || took != finishTime || len(chosen.Grants) != 6 || len(chosen.Refused) != 0 {
			t.Errorf("%d grants, %d refused, %v after %s", len(chosen.Grants), len(chosen.Refused), err, took)
		}
	})
}

// Why it exists: a code in other letters or with spaces is another text, and guessing whom it
// means could open another person's data.
func TestAChosenPersonIsReadExactlyOrNotAtAll(t *testing.T) {
	for name, c := range map[string]struct {
		id   string
		want error
	}{
		"as registers write it": {theChild, nil}, "in lower case": {strings.ToLower(theChild), ErrUncheckable}, "with a space before": {" " + theChild, ErrUncheckable},
		"with a space after": {theChild + " ", ErrUncheckable}, "with another sign": {"060615Z9131", ErrUncheckable}, "with a wrong check": {"060615A9132", ErrUncheckable},
		"escaped": {strings.ReplaceAll(theChild, "A", `\u0041`), nil}, "in full-width digits": {"０60615A9131", ErrUncheckable}, "of no day": {"310615A9131", ErrUncheckable},
		"empty": {"", ErrUncheckable}, "with a path": {theChild + "/..", ErrUncheckable},
	} {
		w := newWorld(t)
		chosen, err := w.attempt(standin.AuthorizationsFaults{On: "delegate", Body: `[{"personId":"` + c.id + `","name":"N"}]`})
		if c.want != nil {
			refuses(t, name, chosen, err, c.want)
		} else if err != nil || len(chosen.Grants) != 1 || chosen.Grants[0].Principal != code(t, theChild) {
			t.Errorf("%s: %d grants, %v", name, len(chosen.Grants), err)
		}
	}
}

// Why it exists: the register says for whom; a name that nobody chose gets no right for it.
func TestAPersonWhomTheUserDidNotChooseIsRefused(t *testing.T) {
	w := newWorld(t)
	chosen, err := w.attempt(standin.AuthorizationsFaults{On: "delegate", Body: `[{"personId":"` + theOld + `"}]`})
	refuses(t, "not chosen", chosen, err, ErrNoRight)
	if len(chosen.Refused) != 1 || errors.Is(err, ErrUncheckable) {
		t.Errorf("%d refused", len(chosen.Refused))
	}
}
