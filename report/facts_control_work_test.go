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

// controlling is a board with a plan that was decided late, results, a check that was drawn by lot, an access review and posts.
func controlling(lang locale.Lang) Input {
	t, _ := TemplateOf("kommun")
	n := register.CountOf
	return Input{Lang: lang, Template: t, Organisation: "Exempelstaden", Unit: isms.Unit{Record: head("board"), Name: "Nämnden"},
		Review: isms.Review{Record: head("r"), Year: 2027, Version: 1, AsOf: "2026-10-31", State: isms.ReviewDraft},
		Records: metric.Records{
			Units:            []isms.Unit{{Record: head("board"), Name: "Nämnden"}},
			ControlScales:    []isms.ControlScale{{Record: head("scale"), FirstYear: 2026, Likelihoods: "a\nb\nc", Consequences: "a\nb\nc", Bands: "1 Låg\n6 Hög"}},
			ControlProcesses: []isms.ControlProcess{{Record: head("p"), Name: "Systematiskt informationssäkerhetsarbete", Compulsory: true}},
			Assessments: []isms.ControlAssessment{{Record: head("a"), Process: "p", Part: "Behörigheter", Year: 2026, Likelihood: 3, Consequence: 3, Scale: "scale", Treatment: isms.ToControlPlan},
				{Record: head("b"), Process: "p", Part: "Övrigt", Year: 2026, Treatment: isms.Accept, Motive: "följs upp i linjen"}},
			ControlPlans: []isms.ControlPlan{{Record: head("plan"), Title: "Internkontrollplan 2026", Year: 2026, DecidedOn: "2026-02-09"}},
			Controls:     []isms.Control{{Record: head("c1"), Name: "Stickprov", Plan: "plan"}, {Record: head("c2"), Name: "Loggar", Plan: "plan"}},
			DirectActions: []isms.DirectAction{{Record: head("d"), Name: "Stäng", Plan: "plan", State: isms.ActionOngoing, DueOn: "2026-05-01"},
				{Record: head("e"), Name: "Öppna", Plan: "plan", State: isms.ActionDone, DueOn: "2026-05-01", DoneOn: "2026-04-01"}},
			ControlResults: []isms.ControlResult{{Record: head("res"), Control: "c1", Year: 2026, Tertial: "t1", Outcome: isms.ControlDeviations, Found: n(2), Remedied: n(1), ReportedOn: "2026-05-20"}},
			SpotChecks: []isms.SpotCheck{{Record: head("check"), Name: "Behörigheter i Planera", Area: "Behörigheter", Control: "c1", Year: 2026, State: isms.SpotCheckDone, Population: n(1240), Sample: n(60),
				Found: n(2), Remedied: n(1), Unanswered: n(1), FoundChosen: n(3), Confidence: register.PercentOf(9500), Upper: register.PercentOf(1240), PerformedOn: "2026-05-02"},
				{Record: head("next"), Name: "Ansvarsområden", Area: "Ansvarsområden", Year: 2026, State: isms.SpotCheckOngoing, Population: n(12), Sample: n(12)}},
			Deviations: []isms.Deviation{
				{Record: head("dev0"), Area: "Behörigheter", FoundOn: "2025-05-02", State: isms.DeviationVerified, RemediedOn: "2025-06-02", VerifiedOn: "2025-09-01"},
				{Record: head("dev1"), Area: "Behörigheter", SpotCheck: "check", FoundOn: "2026-05-02", State: isms.DeviationRemedied, RemediedOn: "2026-05-12"},
				{Record: head("dev2"), SpotCheck: "check", FoundOn: "2026-05-02", State: isms.DeviationOpen}},
			Systems:     []isms.System{{Record: head("s1"), Name: "Planera", Lifecycle: isms.InUse}, {Record: head("s2"), Name: "Ekonomi", Lifecycle: isms.InUse}},
			Populations: []isms.Population{{Record: head("l"), Name: "Lista", System: "s1"}},
			AccessReviews: []isms.AccessReview{{Record: head("rev"), Name: "Våren", Populations: []register.Ref[isms.Population]{"l"}, State: isms.AccessReviewClosed, ClosedOn: "2026-06-01", Lines: n(400),
				Unanswered: n(7), Privileged: n(31)}},
			Removals: []isms.Removal{{Record: head("m1"), DecidedOn: "2026-06-01", EndedOn: "2026-05-01", SeenOn: "2026-06-01", GoneOn: "2026-07-01"}, {Record: head("m2"), DecidedOn: "2026-06-01"}},
			Posts: []isms.Post{{Record: head("p1"), Name: "Samordnare", Holder: "x", Description: "Text"}, {Record: head("p2"), Name: "Kontakt"},
				{Record: head("p3"), Name: "Systemägare", Holder: "x"}, {Record: head("p4"), Name: "Systemägare", Holder: "y"}},
			PostConfirmations: []isms.PostConfirmation{{Record: head("w"), Post: "p1", Person: "x", ConfirmedOn: "2026-03-01", Text: "Text"}},
		}}
}

func TestControlFacts(t *testing.T) {
	for lang, sentences := range map[locale.Lang][]string{
		locale.Swedish: {
			"1 av 1 obligatoriska processer är bedömda i väsentlighets- och riskanalysen för 2026.",
			"Internkontrollplan 2026 beslutades 2026-02-09, när 40 dagar av året hade gått.",
			"Riskerna fördelar sig så här: låg (0) och hög (1). 1 är inte värderad.",
			"1 av 2 planerade kontroller för 2026 är gjorda. Om 1 kontroll är inget rapporterat.",
			"Kontrollerna har funnit 2 avvikelser. Av dem är 1 åtgärdad och 1 öppen.",
			"1 av 2 direktåtgärder är gjorda. 1 är eller blev sen.",
			"Vid stickprovskontroll av behörigheter (2026-05-02) fanns två avvikelser, varav en är åtgärdad. Stickprovet drogs med lott: 60 av 1 240. " +
				"Av alla avviker högst 12,4 procent. Det kan sägas med 95 procents säkerhet. 1 av raderna saknar svar och är räknade som avvikelser i gränsen. " +
				"Bland rader som valdes efter risk fanns 3 avvikelser. De ingår inte i uppskattningen.",
			"1 av 2 stickprovskontroller för 2026 är gjorda.",
			"2 avvikelser fanns inom ett område där en tidigare avvikelse var åtgärdad och kontrollerad.",
			"Av de avvikelser som är åtgärdade åtgärdades hälften inom 10 dagar.",
			"1 avvikelse väntar på åtgärd. Den äldsta fanns 2026-05-02, för 182 dagar sedan.",
			"Behörigheterna i 1 av 2 system i bruk har gåtts igenom under de senaste tolv månaderna.",
			"I årets avslutade genomgångar blev 7 av 400 rader obesvarade. 31 rader gällde höga behörigheter.",
			"1 behörighet som ska bort finns kvar. Den äldsta beslutades 2026-06-01, för 152 dagar sedan.",
			"tog det 61 dagar i median, och som mest 61,",
			"3 av 4 ansvarsområden för informationssäkerhet är tillsatta.",
			"1 av 4 har bekräftats i år av den som har ansvaret.",
			"2 har av misstag flera ansvariga.",
		},
		locale.English: {
			"was decided on 2026-02-09, when 40 days of the year had gone.",
			"The controls have found 2 deviations. Of them 1 is remedied and 1 is open.",
			"The sample was drawn by lot: 60 of 1,240. Of all, at most 12.4 percent deviate. This can be said with 95 percent confidence.",
			"1 deviation waits to be remedied. The oldest was found on 2026-05-02, 182 days ago.",
			"3 of 4 areas of responsibility in information security are filled.",
		},
	} {
		text := strings.ReplaceAll(flat(t, ManagementReview(controlling(lang))), "\u00a0", " ")
		for _, s := range sentences {
			if !strings.Contains(text, s) {
				t.Errorf("%s: no %q in\n%s", lang, s, text)
			}
		}
		if strings.Contains(text, "stickprovskontroll av ansvarsområden") {
			t.Errorf("%s: tells of a check that is not done", lang)
		}
	}
}

// A person's name keeps its capital letter where a role loses it.
func TestNamesKeepTheirCapitals(t *testing.T) {
	for who, want := range map[string]bool{"Lina Sjö": true, "Lina Sjö, enhetschef": true, "Förvaltningschef": false, "Enhetschef i hemtjänsten": false, "": false} {
		if isName(who) != want {
			t.Errorf("%q is taken for a name: %v", who, !want)
		}
	}
}

// What is not known is said, and never told as 0.
func TestControlFactsNotKnown(t *testing.T) {
	in := controlling(locale.Swedish)
	r := &in.Records
	r.ControlPlans[0].DecidedOn = ""
	r.ControlResults[0].Found, r.ControlResults[0].Remedied = register.Count{}, register.Count{}
	r.AccessReviews, r.Posts = nil, nil
	text := strings.ReplaceAll(flat(t, ManagementReview(in)), "\u00a0", " ")
	for _, s := range []string{"Internkontrollplan 2026 är inte beslutad, fast den gäller 2026.", "Kontrollerna har funnit avvikelser, men uppgift om antalet saknas (uppgift saknas).",
		"Genomgång av behörigheter: uppgift saknas.", "Ansvarsområden för informationssäkerhet: uppgift saknas."} {
		if !strings.Contains(text, s) {
			t.Errorf("no %q in\n%s", s, text)
		}
	}
	r.ControlResults = nil
	if text := flat(t, ManagementReview(in)); !strings.Contains(text, "Hur många som är gjorda: uppgift saknas, för inget är rapporterat.") {
		t.Errorf("nothing was reported, and yet: %s", text)
	}
	r.ControlPlans[0].DecidedOn = "2025-12-01"
	if text := flat(t, ManagementReview(in)); !strings.Contains(text, "beslutades 2025-12-01, innan året började.") {
		t.Errorf("decided in time, and yet: %s", text)
	}
	r.ControlPlans[0].DecidedOn = "2026-10-30"
	r.ControlPlans[0].Year = 2025
	if text := flat(t, ManagementReview(in)); strings.Contains(text, "Internkontrollplan 2026 beslutades") {
		t.Errorf("tells of a plan of another year: %s", text)
	}
}
