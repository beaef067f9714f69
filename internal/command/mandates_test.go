package command_test

import (
	"bytes"
	"strings"
	"testing"

	"kuulas.example/internal/command"
	"kuulas.example/internal/config"
)

var (
	production = command.Program{Name: "kuulas", Environment: config.Production}
	demo       = command.Program{Name: "kuulas-demo", Environment: config.Demo}
)

const theme = "http://valtuusrekisteri.suomi.fi/kokeilun_sosiaaliasiat"

// withRegister is a deployment in which one can act for another person, and changes to it.
func withRegister(t *testing.T, changes ...string) *deployment {
	t.Helper()
	d := newDeployment(t)
	d.environ = append(d.environ, "KUULAS_MANDATES_URL=http://127.0.0.1:1/register/", "KUULAS_MANDATES_CLIENT_ID=a1b2c3d4",
		"KUULAS_MANDATES_API_KEY=s3cret-key", "KUULAS_MANDATES_OAUTH_PASSWORD=s3cret-password",
		"KUULAS_MANDATES_REST_KEY=s3cret-rest", "KUULAS_MANDATES_THEME="+theme)
	d.environ = append(d.environ, changes...)
	return d
}

// as runs one of the three programs and holds that no secret of the register is told.
func (d *deployment) as(p command.Program, args ...string) (status int, out, errors string) {
	d.t.Helper()
	var stdout, stderr bytes.Buffer
	status = command.Main(d.t.Context(), p, args, command.System{Environ: d.environ, Stdout: &stdout, Stderr: &stderr})
	if strings.Contains(stdout.String()+stderr.String(), "s3cret") {
		d.t.Errorf("%s %v tells a secret", p.Name, args)
	}
	return status, stdout.String(), stderr.String()
}

func TestCheckTellsByWhichRightsOneCanActForAnother(t *testing.T) {
	const on = "acting on behalf is on, by the register at http://127.0.0.1:1/register\n"
	for _, tt := range []struct{ name, change, told, untold, warning string }{
		{"mandates", "INFO_ROLE=", on + "  for a child: guardians\n  for an adult: holders of a mandate of the theme " + theme + "\n", "informed", ""},
		{"a right to information", "INFO_ROLE=INFORMED", "guardians, and persons informed by the role INFORMED\n", "nobody", ""},
		{"no theme", "THEME=", "for an adult: nobody\n", "of the theme", "KUULAS_MANDATES_THEME: is empty"},
		{"no system-level query", "REST_KEY=", on, "switched off", "KUULAS_MANDATES_REST_KEY: is empty: ten minutes after"},
		{"no register", "URL=", "acting on behalf is switched off", "is on", "KUULAS_MANDATES_API_KEY: is not used"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := withRegister(t, "KUULAS_MANDATES_"+tt.change)
			for _, p := range []command.Program{production, staging, demo} {
				status, out, errors := d.as(p, "check")
				if status != 0 || !strings.Contains(out, tt.told) || strings.Contains(out, tt.untold) {
					t.Errorf("%s: status %d, want %q without %q in\n%s", p.Name, status, tt.told, tt.untold, out)
				}
				if !strings.Contains(errors, tt.warning) || tt.warning == "" && strings.Contains(errors, "MANDATES") {
					t.Errorf("%s: want the warning %q in\n%s", p.Name, tt.warning, errors)
				}
			}
		})
	}
}

func TestADeploymentWithoutARegisterIsToldNoMoreThanThat(t *testing.T) {
	status, out, errors := newDeployment(t).as(staging, "check")
	if status != 0 || !strings.Contains(out, "acting on behalf is switched off") || strings.Contains(errors, "MANDATES") {
		t.Errorf("status %d\n%s%s", status, out, errors)
	}
}

// Why it exists: a register beside a public production portal is a stand-in that says yes to
// anybody; for the other programs it is how things are meant.
func TestOnlyPublicProductionRefusesARegisterOnTheMachine(t *testing.T) {
	const public = "KUULAS_BASE_URL=https://kuulas.example"
	for _, tt := range []struct {
		name    string
		program command.Program
		changes []string
		refused bool
	}{
		{"production in public", production, []string{public}, true},
		{"production in public, by https", production, []string{public, "KUULAS_MANDATES_URL=https://localhost"}, true},
		{"production in public, the register elsewhere", production, []string{public, "KUULAS_MANDATES_URL=https://mandates.example"}, false},
		{"production on the machine", production, nil, false},
		{"staging in public", staging, []string{public}, false},
		{"demo", demo, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, out, errors := withRegister(t, tt.changes...).as(tt.program, "check")
			if got := strings.Contains(errors, "KUULAS_MANDATES_URL: is on loopback"); got != tt.refused {
				t.Errorf("refused: %v, want %v (status %d)\n%s", got, tt.refused, status, errors)
			}
			if got := strings.Contains(out, "acting on behalf is on"); got == tt.refused {
				t.Errorf("said to be on: %v\n%s", got, out)
			}
		})
	}
}

func TestNoProgramStartsWithAnAgreementThatIsNotWhole(t *testing.T) {
	for _, p := range []command.Program{production, staging, demo} {
		for change, want := range map[string]string{
			"CLIENT_ID=":                  "KUULAS_MANDATES_CLIENT_ID: is required",
			"API_KEY=":                    "KUULAS_MANDATES_API_KEY: is required",
			"OAUTH_PASSWORD=":             "KUULAS_MANDATES_OAUTH_PASSWORD: is required",
			"URL=http://mandates.example": "KUULAS_MANDATES_URL: must be https",
			"THEME=http://valtuusrekisteri.suomi.fi/terveydenhuollon_asioiden_hoito": "KUULAS_MANDATES_THEME: is the theme of health care",
			"INFO_ROLE=ALL": "KUULAS_MANDATES_INFO_ROLE: must not be",
		} {
			d := withRegister(t, "KUULAS_MANDATES_"+change)
			for _, command := range []string{"serve", "check"} {
				status, out, errors := d.as(p, command)
				if status != 1 || !strings.Contains(errors, want) || strings.Contains(out, "acting on behalf") {
					t.Errorf("%s %s with %s: status %d\n%s%s", p.Name, command, change, status, errors, out)
				}
			}
		}
	}
}

func TestAnImportNeedsNoAgreementWithTheRegister(t *testing.T) {
	d := newDeployment(t)
	d.environ = append(d.environ, "KUULAS_MANDATES_URL=https://mandates.example", "KUULAS_MANDATES_API_KEY_FILE="+d.file("key", "s3cret"))
	if status, _, errors := d.as(production, "import", d.file("koivuranta.yaml", organisation)); status != 0 || strings.Contains(errors, "MANDATES") {
		t.Errorf("status %d\n%s", status, errors)
	}
}

// Why it exists: check is there to find what a start would refuse, not only what it looks at itself.
func TestCheckFindsWhatTheClientOfTheRegisterRefuses(t *testing.T) {
	d := withRegister(t, "KUULAS_MANDATES_CLIENT_ID="+strings.Repeat("a", 5000))
	status, out, errors := d.as(staging, "check")
	if status != 1 || !strings.Contains(errors, "mandates: the client identity") || strings.Contains(out, "acting on behalf is on") {
		t.Errorf("status %d\n%s%s", status, errors, out)
	}
}
