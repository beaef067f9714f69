// Command kuulas-demo is the portal with invented people, on the machine itself: it carries
// its data and stand-ins for the OpenID provider, for e-Authorizations and for the receiver of
// declarations, keeps its database in .demo below the working directory and needs no configuration.
// Without arguments it serves.
package main

import (
	"os"
	"time"

	"kuulas.example/internal/command"
	"kuulas.example/internal/config"
	"kuulas.example/internal/record"
)

func main() { os.Exit(command.Run(program(), os.Args[1:])) }

// program is the demo of today, as the tests run it too.
func program() command.Program { return programOn(record.Today(time.Now())) }

// programOn is the demo as it starts on a day.
func programOn(day record.Date) command.Program {
	return command.Program{
		Name: "kuulas-demo", Environment: config.Demo, Default: "serve", Defaults: defaults,
		About:   "Kuulas with invented people, to try it out. Without a command it serves on http://localhost:8080.",
		Modules: offer{day}.modules(),
	}
}
