// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

// eventful is a board with incidents in two years, a staff list, a routine that is decided and one that is a draft.
func eventful(lang locale.Lang) Input {
	t, _ := TemplateOf("kommun")
	at := func(day string) register.Moment { return register.Moment(day + "T10:00:00.000000Z") }
	incident := func(id, day string, kind isms.IncidentKind) isms.Incident {
		return isms.Incident{Record: head(id), Title: id, Kind: kind, State: isms.IncidentTriaged, ReportedAt: at(day)}
	}
	return Input{Lang: lang, Template: t, Organisation: "Exempelstaden", Unit: isms.Unit{Record: head("board"), Name: "Nämnden"},
		Review: isms.Review{Record: head("r"), Year: 2027, Version: 1, AsOf: "2026-10-31", State: isms.ReviewDraft},
		Records: metric.Records{
			Units: []isms.Unit{{Record: head("board"), Name: "Nämnden"}},
			Incidents: []isms.Incident{incident("a", "2025-03-01", "outage"), incident("b", "2026-03-01", "phishing"), incident("c", "2026-04-01", "phishing"),
				incident("d", "2026-05-01", "outage")},
			Breaches:     []isms.Breach{{Record: head("e"), Incident: "b", AwareAt: at("2026-03-01"), Notify: isms.Yes}, {Record: head("f"), Incident: "c", AwareAt: at("2026-04-01")}},
			Deadlines:    []isms.Deadline{{Record: head("g"), Step: isms.BreachNotice, StartsAt: at("2026-03-01"), Shown: at("2026-03-04"), SentAt: at("2026-03-02")}},
			DeviceLosses: []isms.DeviceLoss{{Record: head("h"), Device: "phone", ReportedAt: at("2026-05-01"), Encrypted: isms.Yes, WipedAt: at("2026-05-02")}},
			Headcounts:   []isms.Headcount{{Record: head("i"), Day: "2026-09-30", Persons: register.CountOf(1000)}},
			Documents: []isms.Document{{Record: head("j"), Title: "Rutin för informationssäkerhetsincidenter", Type: isms.Routine, State: isms.DocumentDecided,
				DecidedOn: "2024-03-01", ReviewBy: "2026-03-01"}, {Record: head("k"), Title: "Rutin vid förlust av telefon", Type: isms.Routine, State: "draft"},
				{Record: head("l"), Title: "Resepolicy", Type: isms.Routine, State: "draft"}},
			Playbooks:  []isms.Playbook{{Record: head("m"), Name: "Förlust", Document: "k"}},
			Activities: []isms.Activity{{Record: head("n"), Name: "Beslut om rutinen", Document: "k", State: isms.ActivityOngoing}},
		}}
}

func TestIncidentFacts(t *testing.T) {
	for lang, sentences := range map[locale.Lang][]string{
		locale.Swedish: {
			"Under 2026, till och med 2026-10-31, har tre incidenter rapporterats. Under hela året före var det 1.",
			"Fördelat på slag: nätfiske (2) och avbrott (1).",
			"Två personuppgiftsincidenter har dokumenterats. Till Integritetsskyddsmyndigheten har 1 anmälts, och för 1 är det inte beslutat.",
			"Av de lagstadgade tiderna hölls 1 av 1.",
			"Det motsvarar 0,3 rapporterade incidenter per 100 anställda (1 000 anställda). Det är få.",
			"En enhet har tappats bort eller stulits. Av dem var 1 av 1 krypterade. Radering på distans är bekräftad för 1 av 1.",
			"Rutin för informationssäkerhetsincidenter är beslutad 2024-03-01 och skulle ha setts över senast 2026-03-01.",
			"Rutin vid förlust av telefon är ett utkast och inte beslutad. Det som återstår: beslut om rutinen.",
		},
		locale.English: {
			"In 2026, up to and including 2026-10-31, three incidents were reported. In the whole year before there were 1.",
			"The Swedish Authority for Privacy Protection has been notified of 1, and for 1 it is not decided.",
			"That is 0.3 reported incidents per 100 employees (1,000 employees). That is few.",
			"is a draft and not decided. What remains: beslut om rutinen.",
		},
	} {
		text := strings.ReplaceAll(flat(t, ManagementReview(eventful(lang))), "\u00a0", " ")
		for _, s := range sentences {
			if !strings.Contains(text, s) {
				t.Errorf("%s: no %q in\n%s", lang, s, text)
			}
		}
		if strings.Contains(text, "Resepolicy är") {
			t.Errorf("%s: tells of a routine for something else", lang)
		}
	}
	quiet := eventful(locale.Swedish)
	quiet.Records.Incidents = nil
	if text := flat(t, ManagementReview(quiet)); !strings.Contains(text, "Rapporterade incidenter: uppgift saknas.") {
		t.Errorf("no incident was ever reported, and yet: %s", text)
	}
}
