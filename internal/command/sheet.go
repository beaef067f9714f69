package command

import (
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/config"
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/record"
	"kuulas.example/locales"
	"kuulas.example/web"
)

type sheetCommand struct {
	Organisation string          `arg:"" help:"Identifier (OID) of an organisation whose file is loaded."`
	Language     record.Language `name:"lang" default:"fi" enum:"fi,sv" help:"Language of the sheet: fi or sv."`
}

// Run writes the staff's sheet of one organisation to standard output (O1).
func (s *sheetCommand) Run(c *call) (err error) {
	oid, err := record.ParseOID(s.Organisation)
	if err != nil {
		return fmt.Errorf("organisation: %w", err)
	}
	h, err := c.open(config.ForData)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	organisations, err := h.db.Organisations(c.ctx)
	if err != nil {
		return fmt.Errorf("read organisations: %w", err)
	}
	organisation := organisations[oid]
	if organisation == nil {
		return fmt.Errorf("organisation %s: its file is not loaded", oid)
	}
	texts, err := i18n.Load(locales.Files)
	if err != nil {
		return err
	}
	address := ""
	if h.config.BaseURL != nil {
		address = h.config.BaseURL.Host
	}
	return web.WriteSheet(c.ctx, c.Stdout, texts.In(s.Language), organisation, h.webOperator(), address, time.Now())
}
