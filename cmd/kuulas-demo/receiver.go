package main

import (
	"fmt"
	"io"
	"net/http"
	"os"

	"kuulas.example/internal/config"
	"kuulas.example/internal/declaration"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/standin"
)

const (
	receiverPath = "/demo/vastaanotto"
	// receiverToken is no secret: the receiver and its client are one process on loopback.
	receiverToken = "kuulas-demo-delivers-on-loopback"
)

// receiverDefaults lead to the demo's own receiver, where there is something that can be sent:
// what is made under definitions of the portal's own writing never is. With another receiver's
// address there are none.
func receiverDefaults(given config.Source, base string) map[string]string {
	own := base + receiverPath
	address, named := given("KUULAS_DECLARATIONS_URL")
	if named && address != own {
		return nil
	}
	if folder, _ := given("KUULAS_DEFINITIONS"); !named && officialPair(folder) == nil {
		return nil
	}
	return map[string]string{"KUULAS_DECLARATIONS_URL": own, "KUULAS_DECLARATIONS_TOKEN": receiverToken}
}

// officialPair gives the definitions of a folder that holds both official declarations; nil else.
func officialPair(folder string) *sosmeta.Set {
	if folder == "" {
		return nil
	}
	set, _, err := sosmeta.Load(os.DirFS(folder))
	if err != nil {
		return nil // the start tells why
	}
	for _, kind := range []declaration.Kind{declaration.KindProhibitions, declaration.KindPermit} {
		if d, _ := declaration.Choose(set, kind); !declaration.Sendable(d) {
			return nil
		}
	}
	return set
}

func ownReceiver(c *config.Config) bool { return c.Declarations.URL == c.Origin()+receiverPath }

// mountReceiver gives the stand-in of the receiver of declarations, unless another one is
// configured or none.
func (o offer) mountReceiver(c *config.Config) (string, http.Handler, error) {
	if !ownReceiver(c) {
		return "", nil, nil
	}
	receiver, err := standin.NewReceiver(standin.ReceiverConfig{
		BaseURL: c.Declarations.URL, Token: c.Declarations.Token, Definitions: officialPair(c.Definitions),
	})
	if err != nil {
		return "", nil, err
	}
	return receiverPath, receiver, nil
}

// greetReceiver tells what becomes of permits and prohibitions.
func greetReceiver(w io.Writer, c *config.Config) {
	switch {
	case ownReceiver(c):
		_, _ = fmt.Fprintf(w, "Permits and prohibitions are sent to the demo's own receiver. To see them there, to delay or to refuse them: %s\n", c.Declarations.URL+standin.ControlPath)
	case c.Declarations.On():
	case c.Definitions == "":
		_, _ = fmt.Fprintf(w, "Permits and prohibitions wait in the outbox: what is made under the demo's own definitions is never sent.\n"+
			"To see them sent, start with KUULAS_DEFINITIONS=FOLDER, a folder with the official definitions.\n")
	default:
		_, _ = fmt.Fprintf(w, "Permits and prohibitions wait in the outbox: there is no receiver, or the official definitions of both are not in KUULAS_DEFINITIONS.\n")
	}
}
