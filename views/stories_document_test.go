package views

import (
	"fmt"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
)

func entry(label string, values ...string) Node {
	n := Node{Kind: Entry, Label: Foreign{Text: label}}
	for _, v := range values {
		n.Values = append(n.Values, Text{Text: v})
	}
	return n
}

func group(label string, children ...Node) Node {
	return Node{Kind: Group, Label: Foreign{Text: label}, Children: children}
}

func repeated(label string, children ...Node) Node {
	n := group(label, children...)
	n.Repeated = true
	return n
}

// planOf is a client plan with every kind of piece in it.
func planOf(p *i18n.Printer) []Node {
	view := say(p, "Asiakas kokee selviytyvänsä arjesta pääosin itsenäisesti. Hän tarvitsee apua kodin ulkopuolella liikkumiseen ja toivoo, että kuljetuspalvelumatkoja voi käyttää myös harrastuksiin.",
		"Klienten upplever att hen huvudsakligen klarar vardagen självständigt. Hen behöver hjälp med att röra sig utanför hemmet och önskar att färdtjänstresorna också får användas för hobbyer.")
	return []Node{
		group(say(p, "Asiakkaan tiedot", "Klientens uppgifter"),
			entry(say(p, "Nimi", "Namn"), "Elsa Esimerkki"), entry(say(p, "Kutsumanimi", "Tilltalsnamn"), "Elsa"),
			entry(say(p, "Sähköpostiosoite", "E-postadress"), "elsa@esimerkki.example"),
			entry(say(p, "Puhelinnumero", "Telefonnummer"), "029 000 0002", "029 000 0003")),
		group(say(p, "Palvelutarve", "Servicebehov"),
			entry(say(p, "Asiakkaan näkemys palvelutarpeestaan", "Klientens syn på sitt servicebehov"), view+"\n\n"+view),
			entry(say(p, "Ammattihenkilön arvio", "Den yrkesutbildade personens bedömning"), long(view, 2)),
			entry(say(p, "Seuraava arviointi", "Nästa bedömning"), "12/2026")),
		group(say(p, "Palvelut ja tukitoimet", "Tjänster och stödåtgärder"),
			group(say(p, "Sosiaalipalvelu", "Socialservice"),
				entry(say(p, "Palvelu", "Tjänst"), say(p, "Henkilökohtainen apu", "Personlig assistans")),
				entry(say(p, "Määrä", "Omfattning"), say(p, "30 tuntia kuukaudessa", "30 timmar i månaden")),
				entry(say(p, "Voimassa", "Giltighetstid"), "1.12.2026–31.12.2027")),
			repeated("",
				entry(say(p, "Palvelu", "Tjänst"), say(p, "Liikkumisen tuki", "Stöd för rörlighet")),
				entry(say(p, "Määrä", "Omfattning"), say(p, "18 yhdensuuntaista matkaa kuukaudessa", "18 enkelresor i månaden")),
				entry(say(p, "Perustelut", "Motivering"), view)),
			group(say(p, "Sovellettavat lainkohdat", "Tillämpade lagrum"),
				Node{Kind: Heading, Label: Foreign{Text: say(p, "Vammaispalvelulaki (675/2023)", "Lagen om funktionshinderservice (675/2023)")}},
				Node{Kind: Heading, Label: Foreign{Text: say(p, "Sosiaalihuoltolaki (1301/2014)", "Socialvårdslagen (1301/2014)")}})),
		group(say(p, "Tavoitteet", "Mål"),
			entry(say(p, "Asiakkaan omat tavoitteet", "Klientens egna mål"), say(p, "Itsenäinen liikkuminen kuljetuspalvelulla", "Att röra sig självständigt med färdtjänst"), view),
			entry("", say(p, "Suunnitelma tarkistetaan vuoden kuluttua tai kun palvelutarve muuttuu.", "Planen ses över om ett år eller när servicebehovet ändras."))),
		entry(say(p, "Laatija", "Upprättad av"), "Liisa Koivunen"), entry(say(p, "Laatimispäivä", "Datum"), "20.11.2026"),
	}
}

func documentOf(p *i18n.Printer) DocumentPage {
	home := Link{p.T("layout.overview"), paths.Overview(p.Code(), paths.Self)}
	return DocumentPage{
		Shell: shellOf(p, "", home, Link{taskNames(p)[6], paths.Task(p.Code(), paths.Self, "disability")}),
		Task:  taskNames(p)[6], Date: "20.11.2026", ISO: "2026-11-20", Title: Foreign{Text: say(p, "Asiakassuunnitelma", "Klientplan")},
		Kind: say(p, "Suunnitelma", "Plan"), Controller: countyOf(p), ControllerURL: paths.Organisation(p.Code(), "1.2.3"),
		Body: planOf(p), PrintURL: paths.Print(p.Code(), paths.Self, "x"), ListURL: paths.Task(p.Code(), paths.Self, "disability"),
		Corrections: Corrections{
			Text:    Foreign{Text: say(p, "Virheestä voi kertoa omatyöntekijälle tai kirjaamoon. Kerro, mikä kohta on väärin ja miten sen pitäisi olla.", "Berätta om felet för din egen kontaktperson eller för registratorskontoret. Säg vad som är fel och hur det ska vara.")},
			Office:  Contact{Name: say(p, "Koivurannan hyvinvointialueen kirjaamo", "Björkstrands välfärdsområdes registratorskontor"), Phone: "029 000 0000", Email: "kirjaamo@koivuranta.example", Address: []string{"PL 1", "99999 Koivuranta"}},
			Officer: Contact{Name: "Tuomas Tietola", Phone: "029 000 0009", Email: "tietosuoja@koivuranta.example"},
		},
	}
}

// inOther marks every value of a tree as written in a language.
func inOther(nodes []Node, lang string) []Node {
	out := make([]Node, len(nodes))
	for i, n := range nodes {
		n.Values = append([]Text(nil), n.Values...)
		for j := range n.Values {
			n.Values[j].Lang = lang
		}
		n.Children = inOther(n.Children, lang)
		out[i] = n
	}
	return out
}

func documentStories(p *i18n.Printer) []story {
	plain := documentOf(p)
	corrected := plain
	corrected.Corrected, corrected.Producer = "21.11.2026", Foreign{Text: "Hoivakoti Käenkaali Oy", Lang: say(p, "", "fi")}
	other := plain
	other.TextLang, other.Body = p.Other(), inOther(planOf(p), p.Other())
	other.Title = Foreign{Text: say(p, "Klientplan", "Asiakassuunnitelma"), Lang: p.Other()}
	short := plain
	short.Body = []Node{entry(say(p, "Päätös", "Beslut"), say(p, "Myönnetään", "Beviljas")), entry("", say(p, "Päätös on voimassa toistaiseksi.", "Beslutet gäller tills vidare."))}
	huge := plain
	huge.Body = nil
	for i := range 12 {
		huge.Body = append(huge.Body, group(fmt.Sprintf("%s %d", say(p, "Arvioinnin osa-alue", "Delområde i bedömningen"), i+1), planOf(p)...))
	}
	deep := plain
	deep.Body = []Node{entry(say(p, "Syvin", "Djupast"), "20")}
	for i := range 20 {
		deep.Body = []Node{group(fmt.Sprintf("%s %d", say(p, "Taso", "Nivå"), 20-i), deep.Body...)}
	}
	covered, open := plain, plain
	covered.Coverage = &Coverage{Rows: prohibitionRowsOf(p, paths.Self)[:3], URL: below(p, paths.Self, "/prohibitions/new?type=document&target=x")}
	open.Coverage = &Coverage{URL: covered.Coverage.URL}
	return []story{
		{"document", Document(plain)},
		{"document-covered", Document(covered)},
		{"document-open", Document(open)},
		{"document-corrected", Document(corrected)},
		{"document-other", Document(other)},
		{"document-short", Document(short)},
		{"document-long", Document(huge)},
		{"document-deep", Document(deep)},
		{"print", Print(PrintPage{DocumentPage: corrected, Subject: "Elsa Esimerkki", Printed: "21.11.2026"})},
	}
}
