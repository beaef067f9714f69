// Package command holds what the three programs share: the subcommands and the wiring of
// the house. A program is its name, its environment and the modules that it links besides;
// nothing here imports a module, so that production cannot reach a stand-in.
//
// Every subcommand reads the configuration first and tells all its problems at once. Exit
// status: 0 done, 1 the work failed, 2 usage. Errors go to standard error.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"kuulas.example/internal/config"
)

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Program is one of the three programs.
type Program struct {
	Name        string
	About       string
	Environment config.Environment
	Default     string // the subcommand that runs without arguments; empty: none does
	// Defaults gives values to variables that the environment leaves unset; nil gives none.
	Defaults func(config.Source) map[string]string
	Modules  []Module
}

// Module is a part that only some programs link, such as the demo's stand-ins. A nil
// function means that the module has nothing to do there.
type Module struct {
	Name string
	// Mount gives a handler and the path prefix below which it answers.
	Mount func(*config.Config) (prefix string, h http.Handler, err error)
	// Data is imported whenever the portal starts; importing it again changes nothing.
	Data fs.FS
	// Greet tells a person at the terminal what to try once the portal answers.
	Greet func(io.Writer, *config.Config)
}

// System is what a program gets from the operating system.
type System struct {
	Environ        []string // as os.Environ gives it
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Terminal       bool // standard error is a terminal
}

// Run runs a program with the operating system's own environment and gives its exit status.
func Run(p Program, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	info, err := os.Stderr.Stat()
	return Main(ctx, p, args, System{
		Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Terminal: err == nil && info.Mode()&os.ModeCharDevice != 0,
	})
}

// commands is the command line.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve the portal."`
	Import  importCommand  `cmd:"" help:"Load bundles (.jsonl, .jsonl.gz) and organisation files (.yaml)."`
	Decide  decideCommand  `cmd:"" help:"Decide about a request for documents, with the rule of each."`
	Check   checkCommand   `cmd:"" help:"List every problem of the configuration, the operator's file and the definitions."`
	Sheet   sheetCommand   `cmd:"" help:"Print the staff's sheet of an organisation as an HTML page for paper."`
	Version versionCommand `cmd:"" help:"Print versions."`
}

// call is one run of a program, as a subcommand gets it.
type call struct {
	System
	ctx     context.Context
	program Program
	look    config.Source
}

// Main runs a program until it is done or ctx ends, and gives its exit status.
func Main(ctx context.Context, p Program, args []string, system System) int {
	if len(args) == 0 && p.Default != "" {
		args = []string{p.Default}
	}
	var line commands
	parsed, status := parse(p, &line, args, system)
	if parsed == nil {
		return status
	}
	c := &call{System: system, ctx: ctx, program: p, look: lookup(p, system.Environ)}
	if err := parsed.Run(c); err != nil {
		c.report(err)
		return exitFailed
	}
	return exitDone
}

// leave carries an exit status out of the parser, which would end the process by itself.
type leave int

func parse(p Program, line *commands, args []string, system System) (parsed *kong.Context, status int) {
	defer func() {
		if code, ok := recover().(leave); ok {
			parsed, status = nil, int(code)
		}
	}()
	parser, err := kong.New(line, kong.Name(p.Name), kong.Description(p.About),
		kong.Writers(system.Stdout, system.Stderr), kong.Exit(func(code int) { panic(leave(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		_, _ = fmt.Fprintf(system.Stderr, "%s: %v\n", p.Name, err)
		return nil, exitFailed
	}
	parsed, err = parser.Parse(args)
	if err != nil {
		_, _ = fmt.Fprintf(system.Stderr, "%s: %v\nTry: %s --help\n", p.Name, err, p.Name)
		return nil, exitUsage
	}
	return parsed, exitDone
}

// errTold ends a subcommand that has told its problems already.
var errTold = errors.New("told")

// report writes an error for a person: each problem of a configuration on a line of its own.
func (c *call) report(err error) {
	var problems config.Problems
	switch {
	case errors.Is(err, errTold):
	case errors.As(err, &problems):
		for _, p := range problems {
			_, _ = fmt.Fprintf(c.Stderr, "%s: %s\n", c.program.Name, p)
		}
	default:
		_, _ = fmt.Fprintf(c.Stderr, "%s: %v\n", c.program.Name, err)
	}
}

func (c *call) printf(format string, values ...any) {
	_, _ = fmt.Fprintf(c.Stdout, format, values...) // a closed pipe ends the program by its signal
}

func (c *call) warn(warnings []config.Problem) {
	for _, w := range warnings {
		_, _ = fmt.Fprintf(c.Stderr, "%s: warning: %s\n", c.program.Name, w)
	}
}

// lookup looks variables up in an environment, and then among the program's defaults.
func lookup(p Program, environ []string) config.Source {
	set := map[string]string{}
	for _, entry := range environ {
		for i := range entry {
			if entry[i] == '=' {
				set[entry[:i]] = entry[i+1:]
				break
			}
		}
	}
	given := func(name string) (string, bool) { v, ok := set[name]; return v, ok && v != "" }
	if p.Defaults == nil {
		return given
	}
	// Here a variable that is set to nothing is told from one that is not set: the demo can be
	// without a register as any deployment.
	defaults := p.Defaults(func(name string) (string, bool) { v, ok := set[name]; return v, ok })
	return func(name string) (string, bool) {
		if v, ok := given(name); ok {
			return v, ok
		}
		// A default secret must not meet a _FILE variant that was given.
		if _, ok := given(name + "_FILE"); ok {
			return "", false
		}
		v, ok := defaults[name]
		return v, ok
	}
}
