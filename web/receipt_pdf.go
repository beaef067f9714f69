package web

import "kuulas.example/views"

// sendReceipt handles GET /{lang}/p/{s}/receipts/{number}/pdf: one receipt as a file.
func (s *Server) sendReceipt(r *request) error {
	page, err := s.openReceipt(r, s.Portal.ReceiptFile)
	if err != nil {
		return err
	}
	return s.send(r, r.site.text.F("file.name.receipt", "number", page.Receipt.Number), views.ReceiptFile(page, s.day()))
}
