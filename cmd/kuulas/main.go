// Command kuulas is the portal in production. It links no stand-in and no support code, and
// knows only the environment "production".
package main

import (
	"os"

	"kuulas.example/internal/command"
	"kuulas.example/internal/config"
)

func main() {
	os.Exit(command.Run(command.Program{
		Name: "kuulas", Environment: config.Production,
		About: "Kuulas shows people the documents that social services wrote about them.",
	}, os.Args[1:]))
}
