package command

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"runtime/debug"

	"kuulas.example/internal/config"
	"kuulas.example/internal/sosmeta"
)

type versionCommand struct{}

// Run prints the versions of the program, Go, SQLite and the set of definitions.
func (versionCommand) Run(c *call) error {
	cfg, _ := config.Load(c.program.Environment, config.ForNothing, c.look)
	cfg.Definitions, _ = c.look("KUULAS_DEFINITIONS")
	c.printf("%s %s\n", c.program.Name, buildVersion())
	c.printf("Go %s\n", runtime.Version())
	sqlite, err := sqliteVersion(c.ctx)
	if err != nil {
		return err
	}
	c.printf("SQLite %s\n", sqlite)
	origin := "embedded"
	if cfg.Definitions != "" {
		origin = cfg.Definitions
	}
	set, _, err := sosmeta.Load(definitionsOf(cfg))
	if err != nil {
		return fmt.Errorf("load definitions (%s): %w", origin, err)
	}
	c.printf("definitions %d (%s)\n", len(set.All()), origin)
	return nil
}

func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 && (version == "" || version == "(devel)") {
			version = s.Value[:12]
		}
	}
	if version == "" {
		version = "(devel)"
	}
	return version
}

func sqliteVersion(ctx context.Context) (version string, err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return "", fmt.Errorf("SQLite: %w", err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return "", fmt.Errorf("SQLite: %w", err)
	}
	return version, nil
}
