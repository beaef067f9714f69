// Command kuulas-staging is the portal of a staging deployment: the same pages and the same
// rules as in production, for identity codes of the artificial series only, at import and at
// login (R1). It is the program that will carry the support view (R2 to R5), which this
// version does not have yet.
package main

import (
	"os"

	"kuulas.example/internal/command"
	"kuulas.example/internal/config"
)

func main() {
	os.Exit(command.Run(command.Program{
		Name: "kuulas-staging", Environment: config.Staging,
		About: "Kuulas for staging: the portal with artificial identity codes only.",
	}, os.Args[1:]))
}
