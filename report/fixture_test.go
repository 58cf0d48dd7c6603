// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

func head(id string) isms.Record { return isms.Record{ID: id, Unit: "board", Rev: 1} }

// replayed is a review whose figures were recorded by hand: the year before the program was used.
func replayed(lang locale.Lang) Input {
	t, _ := TemplateOf("stockholm-2024")
	in := Input{Lang: lang, Template: t, Organisation: "Exempelstaden", Unit: isms.Unit{Record: head("board"), Name: "Ängsdals stadsdelsnämnd"},
		Review: isms.Review{Record: head("review-2024"), Year: 2024, Version: 1, Dnr: "ÄNG 2023/980", Template: t.Key, Instruction: "instruction",
			State: isms.ReviewDecided, AsOf: "2023-11-23", Author: "coordinator", Contact: "Informationssäkerhetssamordnare",
			AppendedTo: "verksamhetsplan 2024", DecidedBy: "head", DecidedOn: "2023-11-23"},
		Records: metric.Records{
			Persons: []isms.Person{{Record: head("head"), Name: "Förvaltningschef"}, {Record: head("coordinator"), Name: "Informationssäkerhetssamordnare"},
				{Record: head("dpo"), Name: "Dataskyddsombud"}},
			Instructions: []isms.Instruction{{Record: head("instruction"), Title: "Anvisning för verksamhetsplan 2024", Year: 2024, Issuer: "Stadsledningskontoret",
				PlanGoal: "3.5", PlanGoalName: "Hög beredskap", Demands: "Ta fram en plan för tre år\nUtgå från en riskanalys", Priorities: "registerförteckning\ninformationsklassning"}},
			Factors: []isms.ContextFactor{
				{Record: head("nis2"), Heading: "NIS 2", Area: "law", Origin: "external", Text: "Ett nytt direktiv om cybersäkerhet är antaget.\n\nEn utredare ska lämna förslag till svensk lag senast 2024-02-23.",
					Effect: "Fler verksamheter kan komma att omfattas", AsOf: "2023-11-01", Source: "Regeringen"},
				{Record: head("cloud"), Heading: "Skyddsnivå i USA", Area: "transfer", Text: "Kommissionen har beslutat om adekvat skyddsnivå.", AsOf: "2022-07-10"},
				{Record: head("old"), Heading: "Ersatt", Area: "budget", Text: "Gammalt.", AsOf: "2022-01-01", SupersededBy: "new"}},
			Documents: []isms.Document{
				{Record: head("local"), Title: "Lokal anvisning för informationssäkerhet", Type: "local_instruction", State: isms.DocumentDecided, Owner: "coordinator",
					Approver: "förvaltningschefen", DecidedOn: "2022-03-01", Parent: "guideline", ReviewBy: "2023-03-01"},
				{Record: head("guideline"), Title: "Riktlinje för informationssäkerhet", Type: "guideline", State: isms.DocumentDecided, Approver: "kommunstyrelsen"},
				{Record: head("handbook"), Title: "Handbok för personuppgifter", Type: "handbook", State: isms.DocumentDecided, Parent: "guideline", ReviewBy: "2024-06-01"}},
			Decisions: []isms.Decision{{Record: head("direction"), Title: "Inriktning för molntjänster", Text: "Inga stora nya gemensamma molntjänster införs för närvarande.",
				Kind: "direction", Issuer: "styrgruppen för informationssäkerhet", State: isms.DecisionOpen}},
			Measurements: []isms.Measurement{
				{Record: head("m2022"), Key: "systems_classified", Day: "2022-12-31", Value: register.PercentOf(3000), Source: "Ledningens genomgång 2024, avsnitt 1"},
				{Record: head("m2023"), Key: "systems_classified", Day: "2023-11-23", Value: register.PercentOf(5000), Source: "Ledningens genomgång 2024, avsnitt 1"}},
			ControlProcesses: []isms.ControlProcess{{Record: head("process"), Name: "Systematiskt informationssäkerhetsarbete", Compulsory: true}},
			Assessments: []isms.ControlAssessment{
				{Record: head("access"), Process: "process", Part: "Behörighetshantering", Year: 2024, Treatment: isms.ToControlPlan},
				{Record: head("rest"), Process: "process", Part: "övriga delar", Year: 2024, Treatment: isms.Accept, Motive: "följs upp i linjen", Likelihood: 2, Consequence: 3}},
			ControlPlans: []isms.ControlPlan{{Record: head("ikp"), Title: "Internkontrollplan 2024", Year: 2024}},
			Controls:     []isms.Control{{Record: head("control"), Name: "Stickprov av behörigheter", Plan: "ikp", Frequency: "Varje tertial"}},
			SpotChecks: []isms.SpotCheck{
				{Record: head("check-access"), Name: "Behörigheter", Area: "Behörigheter", Year: 2023, SomeFound: true, ReportedIn: "Tertialrapport 2023"},
				{Record: head("check-roles"), Name: "Ansvarsområden", Area: "Ansvarsområden inom informationssäkerhet", Year: 2023,
					Found: register.CountOf(2), Remedied: register.CountOf(2), ReportedIn: "Tertialrapport 2023"}},
			RiskCycles: []isms.RiskCycle{
				{Record: head("rsa1"), Name: "RSA 2022-2023", AnalysisYear: 2022, AnalysisState: "done", ImplementationYear: 2023, ImplementationState: "done"},
				{Record: head("rsa2"), Name: "RSA 2024-2025", AnalysisYear: 2024, AnalysisState: "planned", ImplementationYear: 2025, ImplementationState: "planned",
					Focus: "Informationssäkerheten får större plats, tillsammans med säkerhetssamordnaren"}},
			Audits: []isms.Audit{{Record: head("audit"), Title: "Implementering av dataskyddsförordningen", Auditor: "Stadsrevisionen", Number: "5/2019", Year: 2019},
				{Record: head("yearly"), Title: "Årsrapport 2022", Auditor: "Stadsrevisionen", Year: 2022, Dnr: "RVK 2023/22"}},
			DPOReports: []isms.DPOReport{{Record: head("dpo2022"), Title: "Dataskyddsombudets årsrapport 2022", Year: 2022}},
			DPOAreas: []isms.DPOArea{{Record: head("area"), Report: "dpo2022", Name: "Tekniska och organisatoriska åtgärder", PreviousGrade: "notable", Grade: "minor",
				Text: "En prioritetsordning för klassningen finns"}},
			Recommendations: []isms.Recommendation{
				{Record: head("a1"), Number: "1", Subject: "Klassa informationstillgångar", Text: "Nämnden bör klassa sina informationstillgångar.", Audit: "audit"},
				{Record: head("a2"), Number: "2", Subject: "Inventera behandlingar", Text: "Nämnden bör inventera sina behandlingar regelbundet.", Audit: "audit"},
				{Record: head("d1"), Number: "1", Subject: "Rutin för personuppgiftsincidenter", Text: "Uppdatera rutinen.", Report: "dpo2022"},
				{Record: head("d2"), Number: "2", Subject: "Ägare av handboken", Text: "Utse en dokumentägare för handboken.", Report: "dpo2022"},
				{Record: head("d3"), Number: "3", Subject: "Styrdokument", Text: "Se över övriga styrdokument.", Report: "dpo2022"},
				{Record: head("d4"), Number: "4", Subject: "Förlorad telefon eller dator", Text: "Ta fram en skriftlig rutin.", Report: "dpo2022"}},
			Responses: []isms.Response{
				{Record: head("r1"), Recommendation: "d1", Subject: "Rutinen uppdateras", Position: "accepted", Covers: "whole", Activities: []register.Ref[isms.Activity]{"incident"}},
				{Record: head("r2"), Recommendation: "d2", Subject: "Ägare utses", Position: "accepted", Covers: "whole"},
				{Record: head("r3"), Recommendation: "d3", Subject: "Dokumenten ses över", Position: "accepted", Covers: "whole"},
				{Record: head("r4"), Recommendation: "d4", Subject: "Rutin för informationssäkerhetsincidenter", Position: "accepted", Covers: "partly",
					Activities: []register.Ref[isms.Activity]{"incident"}}},
			FollowUps: []isms.FollowUp{
				{Record: head("f1"), Recommendation: "a1", Day: "2023-04-01", Verdict: isms.VerdictDone, Source: "RVK 2023/22"},
				{Record: head("f2"), Recommendation: "a2", Day: "2023-04-01", Verdict: isms.VerdictDone, Source: "RVK 2023/22"},
				{Record: head("f3"), Recommendation: "d2", Day: "2023-11-01", State: isms.FollowDone},
				{Record: head("f4"), Recommendation: "d3", Day: "2023-11-01", State: isms.FollowDone}},
			Consultations: []isms.Consultation{{Record: head("c1"), Review: "review-2024", Person: "dpo", Role: isms.DPO, Kind: "consulted", Day: "2023-11-20", Statement: "Tillstyrker"}},
			Acceptances:   []isms.Acceptance{{Record: head("ok"), Review: "review-2024", Finding: "T1/december", Reason: "Insatsen är planerad", Person: "coordinator"}},
			Sections: []isms.ReviewSection{{Record: head("s1"), Review: "review-2024", Section: "status", State: "ready",
				Text: "Arbetet har gått *framåt*.\n\n- Ett <b>steg</b>\n- [Två](javascript:alert(1))\n"}},
		},
		Findings: map[string]string{"T1/december": "En insats i december redovisas före beslutet."}, Validation: "https://example.org/validera"}
	in.Records.Activities, in.Records.Targets = threeYears()
	return in
}

// threeYears is a plan of six, five and three lines, with activities that run over several years.
func threeYears() ([]isms.Activity, []isms.ActivityTarget) {
	var activities []isms.Activity
	var targets []isms.ActivityTarget
	for _, a := range []struct {
		id, name string
		years    []int
		state    isms.ActivityState
	}{
		{"classify", "Informationsklassning av prioriterade verksamhetsprocesser", []int{2024, 2025, 2026}, "ongoing"},
		{"training", "Fler medarbetare med kunskap om informationssäkerhet", []int{2024, 2025, 2026}, "planned"},
		{"nis", "Utredning och införande av NIS 2", []int{2024, 2025}, "planned"},
		{"incident", "Översyn av incidentrutiner", []int{2024}, "ongoing"},
		{"rights", "Behörighetshantering", []int{2024, 2025}, "planned"},
		{"buying", "Informationssäkerhet i inköpsprocessen", []int{2024}, "planned"},
		{"continuity", "Översyn av kontinuitetsplaner", []int{2025}, "planned"},
		{"routines", "Översyn av lokala rutiner", []int{2026}, "planned"},
	} {
		act := isms.Activity{Record: head(a.id), Name: a.name, State: a.state, PlanGoal: "3.5"}
		if a.state == "ongoing" {
			act.StartedOn = "2023-02-01"
		}
		activities = append(activities, act)
		for _, y := range a.years {
			targets = append(targets, isms.ActivityTarget{Record: head(a.id + "-" + years(y)), Activity: register.Ref[isms.Activity](a.id), Year: y,
				Position: len(targets), Text: a.name, State: isms.ActivityPlanned})
		}
	}
	activities = append(activities, isms.Activity{Record: head("december"), Name: "Kompetenshöjande insats för ledningen", State: isms.ActivityDone, DoneOn: "2023-12-15"},
		isms.Activity{Record: head("proposal"), Name: "Ta fram en metod för uppföljning", State: isms.ActivityProposed, Source: "outside_plan", SourceText: "konsultens handlingsplan"})
	return activities, targets
}
