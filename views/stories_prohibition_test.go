package views

import (
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
)

// kindPageOf is the choice of a kind, with examples of the person's own.
func kindPageOf(p *i18n.Printer, s Shell) KindPage {
	subject := s.Session.Subject
	return KindPage{
		Shell: s, Action: below(p, subject, "/prohibitions/new"), StopURL: below(p, subject, "/disclosure"),
		Examples: ProhibitionEx{Document: say(p, "Palvelutarpeen arvio, 17.9.2026", "Bedömning av servicebehovet, 17.9.2026"), Task: taskNames(p)[6], Controller: countyOf(p).Text},
	}
}

func targetPageOf(p *i18n.Printer, s Shell, kind string) TargetPage {
	subject := s.Session.Subject
	page := TargetPage{
		Shell: s, Kind: kind, Action: below(p, subject, "/prohibitions"),
		KindURL: below(p, subject, "/prohibitions/new"), StopURL: below(p, subject, "/disclosure"),
	}
	for i, row := range prohibitionRowsOf(p, subject) {
		if row.Target.Kind == kind && i < 3 {
			page.Already = append(page.Already, row)
		}
	}
	switch kind {
	case "document":
		for _, r := range rowsOf(p, 6, true) {
			page.Options = append(page.Options, TargetOption{Value: r.URL[len(r.URL)-26:], Name: Foreign{Text: r.Title}, Details: []string{r.Date, r.Task, r.Controller}})
		}
		page.Options[1].Name.Lang = p.Other()
	case "task":
		for i, name := range taskNames(p) {
			page.Options = append(page.Options, TargetOption{Value: "t", Name: Foreign{Text: name}, Selected: i == 2})
		}
	case "controller":
		for _, c := range flowOf(p, subject, 4, true).Controllers {
			page.Options = append(page.Options, TargetOption{Value: "1.2.3", Name: c.Name})
		}
	}
	return page
}

func effectOf(p *i18n.Printer, target int) Effect {
	return Effect{
		Target: targetsOf(p)[target], Permit: true, Changes: 3, Shared: 1, Log: true,
		Classes: []EffectClass{{"others", 14, 11}, {"own", 19, 19}, {"statutory", 19, 19}},
		Others: []Covering{
			{Target: targetsOf(p)[2], Documents: 1, URL: below(p, paths.Self, "/prohibitions/c")},
			{Target: targetsOf(p)[1], Documents: 2},
		},
		Disclosed: disclosuresOf(p).Rows[:1],
	}
}

func effectPageOf(p *i18n.Printer, s Shell, target int) EffectPage {
	subject := s.Session.Subject
	return EffectPage{
		Shell: s, Effect: effectOf(p, target), NextURL: below(p, subject, "/prohibitions/new?step=confirm&preview=x"),
		TargetURL: below(p, subject, "/prohibitions/new?type=task"), StopURL: below(p, subject, "/disclosure"),
	}
}

func confirmPageOf(p *i18n.Printer, s Shell, target int) ConfirmPage {
	effect := effectPageOf(p, s, target)
	return ConfirmPage{
		Shell: s, Target: effect.Effect.Target, Permit: true, Action: below(p, s.Session.Subject, "/prohibitions"), Value: "substance", Preview: "cHJldmlldw",
		EffectURL: effect.NextURL, TargetURL: effect.TargetURL, StopURL: effect.StopURL,
	}
}

func prohibitionPageOf(p *i18n.Printer, s Shell, target int) ProhibitionPage {
	subject := s.Session.Subject
	return ProhibitionPage{
		Shell: s, Target: targetsOf(p)[target], By: bySelf, Permit: true, Documents: 3, Others: effectOf(p, target).Others,
		Clocks:   Clocks{Recorded: "3.4.2026 " + say(p, "klo\u00a014.30", "kl.\u00a014.30"), Wait: "turn"},
		Withdraw: below(p, subject, "/prohibitions/a/withdraw"), ReceiptURL: below(p, subject, "/receipts/3"), BackURL: below(p, subject, "/disclosure"),
	}
}

// endedPageOf is a prohibition that a professional's declaration ended.
func endedPageOf(p *i18n.Printer, s Shell) ProhibitionPage {
	page := prohibitionPageOf(p, s, 2)
	page.Ended, page.Withdraw, page.Clocks = &byWorker, "", Clocks{}
	return page
}

func withdrawPageOf(p *i18n.Printer, s Shell, target int) WithdrawPage {
	effect := effectOf(p, target)
	effect.Stay, effect.Classes[0] = 2, EffectClass{"others", 11, 14}
	return WithdrawPage{Shell: s, Effect: effect, Action: below(p, s.Session.Subject, "/prohibitions/a/withdraw"), Preview: "cHJldmlldw", BackURL: below(p, s.Session.Subject, "/prohibitions/a")}
}

func prohibitionStories(p *i18n.Printer) []story {
	s := shellOf(p, "disclosure", Link{p.T("layout.overview"), paths.Overview(p.Code(), paths.Self)}, Link{p.T("disclosure.title"), below(p, paths.Self, "/disclosure")})
	s.Disclosure = below(p, paths.Self, "/disclosure")
	wrong := s
	wrong.Invalid = true
	kind, kindWrong := kindPageOf(p, s), kindPageOf(p, wrong)
	kindWrong.Wrong, kindWrong.Examples = true, ProhibitionEx{}
	targetWrong, found := targetPageOf(p, wrong, "document"), targetPageOf(p, s, "document")
	targetWrong.Wrong = true
	found.Search = &TargetSearch{Action: kind.Action, Query: "arvio", Count: say(p, "128 asiakirjaa", "128 handlingar")}
	found.Pages = &Pagination{Here: say(p, "Sivu 2 / 3", "Sida 2 / 3"), Spoken: say(p, "Sivu 2 kautta 3", "Sida 2 av 3"), Previous: kind.Action, Next: kind.Action}
	none := targetPageOf(p, s, "document")
	none.Options = nil
	noneFound := none
	noneFound.Search = &TargetSearch{Action: none.Action, Query: "x", Count: p.T("documents.none")}
	changed, waits, nothing := effectPageOf(p, s, 0), effectPageOf(p, s, 1), effectPageOf(p, s, 2)
	changed.Changed = true
	waits.Effect = Effect{Target: targetsOf(p)[1], Classes: []EffectClass{{"others", 0, 0}, {"own", 19, 19}, {"statutory", 19, 19}}, Log: true}
	nothing.Effect.Changes, nothing.Effect.Shared, nothing.Effect.Log, nothing.Effect.Others = 0, 0, false, nothing.Effect.Others[:1]
	confirmWaits, waiting := confirmPageOf(p, s, 0), prohibitionPageOf(p, s, 3)
	confirmWaits.Permit, waiting.Permit, waiting.ReceiptURL, waiting.By, waiting.Others = false, false, "", byWorker, nil
	minor := prohibitionPageOf(p, s, 0)
	minor.Withdraw, minor.Child = "", true
	again, closed := withdrawPageOf(p, s, 1), withdrawPageOf(p, s, 2)
	again.Changed, closed.Effect.Changes, closed.Effect.Permit = true, 0, false
	message := MessagePage{Shell: s, Reference: "K7Q4-2M9D", RetryURL: below(p, paths.Self, "/disclosure")}
	list := []story{
		{"prohibition-kind", ProhibitionKind(kind)},
		{"prohibition-kind-error", ProhibitionKind(kindWrong)},
		{"prohibition-target-document", ProhibitionTargets(found)},
		{"prohibition-target-error", ProhibitionTargets(targetWrong)},
		{"prohibition-target-none", ProhibitionTargets(none)},
		{"prohibition-target-none-found", ProhibitionTargets(noneFound)},
		{"prohibition-target-task", ProhibitionTargets(targetPageOf(p, s, "task"))},
		{"prohibition-target-controller", ProhibitionTargets(targetPageOf(p, s, "controller"))},
		{"prohibition-effect", ProhibitionEffect(effectPageOf(p, s, 0))},
		{"prohibition-effect-changed", ProhibitionEffect(changed)},
		{"prohibition-effect-waits", ProhibitionEffect(waits)},
		{"prohibition-effect-nothing", ProhibitionEffect(nothing)},
		{"prohibition-confirm", ProhibitionConfirm(confirmPageOf(p, s, 1))},
		{"prohibition-confirm-waits", ProhibitionConfirm(confirmWaits)},
		{"prohibition", Prohibition(prohibitionPageOf(p, s, 2))},
		{"prohibition-waits", Prohibition(waiting)},
		{"prohibition-minor", Prohibition(minor)},
		{"prohibition-ended", Prohibition(endedPageOf(p, s))},
		{"prohibition-withdraw", ProhibitionWithdraw(withdrawPageOf(p, s, 0))},
		{"prohibition-withdraw-changed", ProhibitionWithdraw(again)},
		{"prohibition-withdraw-waits", ProhibitionWithdraw(closed)},
		{"change-unknown", ChangeUnknown(message)},
		{"change-unsaved", ChangeNotSaved(message)},
	}
	return append(list, actingProhibitions(p)...)
}

// actingProhibitions are the same pages for the holder of a mandate, and what a guardian reads.
func actingProhibitions(p *i18n.Printer) []story {
	s := actingShell(p, mandateOf, "disclosure")
	child := prohibitionPageOf(p, actingShell(p, guardianOf, "disclosure"), 2)
	child.Withdraw, child.Child, child.ReceiptURL = "", true, ""
	message := MessagePage{Shell: actingShell(p, guardianOf, ""), RetryURL: below(p, handle, "/disclosure")}
	return []story{
		{"acting-prohibition-kind", ProhibitionKind(kindPageOf(p, s))},
		{"acting-prohibition-target", ProhibitionTargets(targetPageOf(p, s, "task"))},
		{"acting-prohibition-effect", ProhibitionEffect(effectPageOf(p, s, 0))},
		{"acting-prohibition-confirm", ProhibitionConfirm(confirmPageOf(p, s, 1))},
		{"acting-prohibition", Prohibition(prohibitionPageOf(p, s, 1))},
		{"acting-prohibition-child", Prohibition(child)},
		{"acting-prohibition-withdraw", ProhibitionWithdraw(withdrawPageOf(p, s, 0))},
		{"acting-change-unknown", ChangeUnknown(MessagePage{Shell: s, RetryURL: message.RetryURL})},
	}
}
