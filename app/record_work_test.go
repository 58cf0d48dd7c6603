// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

const workDay = register.Day("2026-06-30")

// good is a record of processing without anything to see to: one entry with a system, a supplier, an agreement, a transfer
// and a decided assessment.
func good() metric.Records {
	p := entry("p", "board-a", "owner")
	p.ApprovedOn, p.TransfersOut = "2026-01-01", isms.Yes
	p.Systems, p.Suppliers, p.Agreements = []register.Ref[isms.System]{"s"}, []register.Ref[isms.Supplier]{"l"}, []register.Ref[isms.Agreement]{"a"}
	rec := func(id string) isms.Record { return isms.Record{ID: id, Unit: "board-a", Rev: 1} }
	return metric.Records{
		Processings: []isms.Processing{*p},
		Systems:     []isms.System{{Record: rec("s"), Name: "Systemet", Lifecycle: isms.InUse, PersonalData: isms.OrdinaryData, Owner: "owner"}},
		Suppliers:   []isms.Supplier{{Record: rec("l"), Name: "Leverantören AB", Country: "SE"}},
		Agreements: []isms.Agreement{{Record: rec("a"), Title: "Biträdesavtal", Supplier: "l", IsProcessing: true, Instructions: isms.Yes,
			Confidentiality: isms.Yes, Security: isms.Yes, SubProcessors: isms.Yes, RightsAssistance: isms.Yes, DutyAssistance: isms.Yes,
			Deletion: isms.Yes, Audit: isms.Yes, IncidentHours: register.CountOf(24), SuitabilityOn: "2026-01-01", ReviewBy: "2027-01-01"}},
		SubProcessors: []isms.SubProcessor{{Record: rec("u"), Name: "Driften Oy", Agreement: "a", Country: "FI"}},
		Transfers: []isms.Transfer{{Record: rec("t"), Processing: "p", Country: "US", Importer: "Support Inc", Tool: isms.ToolDPF, DPFCheckedOn: "2026-01-01",
			AssessedOn: "2026-01-01", Fallback: "scc", Decision: "d"}},
		Decisions: []isms.Decision{{Record: rec("d"), Title: "Molntjänster", Kind: "direction", State: isms.DecisionOpen, Affects: isms.SubjectCloudOutsideEU}},
		DPIAs: []isms.DPIA{{Record: rec("k"), Title: "Bedömning", Processing: "p", State: isms.DPIADecided, SensitiveData: isms.Yes, LargeScale: isms.Yes,
			DPOOpinion: "Tillstyrks", DecidedOn: "2026-02-01", ReviewBy: "2027-02-01"}},
		DPIARisks: []isms.DPIARisk{{Record: rec("r"), DPIA: "k", Number: "R1", Event: "Obehörig läser", LikelihoodBefore: 3, ConsequenceBefore: 3,
			LikelihoodAfter: 1, ConsequenceAfter: 3, Measures: "Sänks från S3,K3 till S1,K3"}},
		SubjectRequests: []isms.SubjectRequest{{Record: rec("q"), Dnr: "X 1", Kind: "access", ReceivedOn: "2026-05-01", AnsweredOn: "2026-05-20"}},
		Confirmations:   []isms.Confirmation{{Record: rec("w"), Processing: "p", Day: "2026-03-01", Outcome: isms.ConfirmedUnchanged}},
	}
}

func codes(work []Work) string {
	var list []string
	for _, w := range work {
		list = append(list, w.Code)
	}
	return strings.Join(list, " ")
}

// TestWork spoils the good record in one way at a time: each is found, and nothing else is.
func TestWork(t *testing.T) {
	if got := codes(recordWork(good(), workDay)); got != "" {
		t.Fatalf("a good record has work: %s", got)
	}
	seen := map[string]bool{}
	for i, c := range []struct {
		want  string
		spoil func(*metric.Records)
	}{
		{"system_without_processing processing_without_system", func(r *metric.Records) { r.Processings[0].Systems = nil }},
		{"system_personal_data_unknown", func(r *metric.Records) { r.Systems[0].PersonalData = "" }},
		{"processing_without_special_basis", func(r *metric.Records) { r.Processings[0].PersonalData = isms.SpecialCategories }},
		{"processing_without_ground", func(r *metric.Records) { r.Processings[0].Statute = "" }},
		{"processing_incomplete", func(r *metric.Records) { r.Processings[0].Retention, r.Processings[0].Security = "", "" }},
		{"processing_without_agreement", func(r *metric.Records) { r.Agreements[0].ValidTo = "2026-06-29" }},
		{"processing_without_agreement", func(r *metric.Records) { r.Agreements[0].IsProcessing = false }},
		{"agreement_missing_clauses", func(r *metric.Records) { r.Agreements[0].Audit, r.Agreements[0].Deletion = "", isms.No }},
		{"agreement_incident_hours", func(r *metric.Records) { r.Agreements[0].IncidentHours = register.CountOf(48) }},
		{"agreement_incident_hours", func(r *metric.Records) { r.Agreements[0].IncidentHours = register.CountOf(100) }},
		{"agreement_incident_hours_unknown", func(r *metric.Records) { r.Agreements[0].IncidentHours = register.Count{} }},
		{"agreement_without_suitability", func(r *metric.Records) { r.Agreements[0].SuitabilityOn = "" }},
		{"agreement_past_review", func(r *metric.Records) { r.Agreements[0].ReviewBy = "2026-06-29" }},
		{"transfer_missing", func(r *metric.Records) { r.Transfers = nil }},
		{"transfer_contradicts", func(r *metric.Records) { r.Processings[0].TransfersOut = isms.No }},
		{"supplier_outside_eu processing_against_decision", func(r *metric.Records) { r.Suppliers[0].Country = "IN" }},
		{"", func(r *metric.Records) { r.Suppliers[0].Country = "US" }}, // there is a transfer to the US, held against the decision
		{"supplier_foreign_parent processing_against_decision", func(r *metric.Records) { r.SubProcessors[0].ParentCountry = "CN" }},
		{"", func(r *metric.Records) { r.SubProcessors[0].ParentCountry = "US" }},
		{"", func(r *metric.Records) { r.SubProcessors[0].ParentCountry = "NO" }},
		{"supplier_country_unknown", func(r *metric.Records) { r.SubProcessors[0].Country = "" }},
		{"transfer_without_tool", func(r *metric.Records) { r.Transfers[0].Tool = "" }},
		{"transfer_dpf_unchecked", func(r *metric.Records) { r.Transfers[0].DPFCheckedOn = "2025-06-29" }},
		{"transfer_dpf_unchecked", func(r *metric.Records) { r.Transfers[0].DPFCheckedOn = "" }},
		{"", func(r *metric.Records) { r.Transfers[0].DPFCheckedOn = "2025-06-30" }},
		{"transfer_dpf_alone", func(r *metric.Records) { r.Transfers[0].Fallback = "" }},
		{"transfer_dpf_alone", func(r *metric.Records) { r.Transfers[0].Fallback = isms.ToolDPF }},
		{"transfer_not_assessed", func(r *metric.Records) { r.Transfers[0].AssessedOn = "2025-06-29" }},
		{"transfer_past_review", func(r *metric.Records) { r.Transfers[0].ReviewBy = "2026-06-29" }},
		{"transfer_against_decision", func(r *metric.Records) { r.Transfers[0].Decision = "" }},
		{"", func(r *metric.Records) { r.Transfers[0].Decision, r.Decisions[0].State = "", isms.DecisionMoot }},
		{"", func(r *metric.Records) { r.Transfers[0].Decision, r.Decisions[0].Affects = "", "" }},
		{"dpia_needed", func(r *metric.Records) { r.DPIAs[0].State = isms.DPIAInWork }},
		{"dpia_untested", func(r *metric.Records) { r.DPIAs = nil }},
		{"dpia_needed dpia_contradicts_threshold", func(r *metric.Records) { r.DPIAs[0].State = isms.DPIANotNeeded }},
		{"dpia_worse_after", func(r *metric.Records) {
			r.DPIARisks[0].LikelihoodBefore, r.DPIARisks[0].Measures = 1, ""
			r.DPIARisks[0].ConsequenceBefore = 2
		}},
		{"dpia_text_contradicts", func(r *metric.Records) { r.DPIARisks[0].Measures = "Efter åtgärder S2,K1" }},
		{"dpia_text_contradicts", func(r *metric.Records) { r.DPIARisks[0].Event = "Placerad i (S1, K2)" }},
		{"dpia_high_without_consultation", func(r *metric.Records) { r.DPIARisks[0].LikelihoodAfter, r.DPIARisks[0].Measures = 3, "" }},
		{"", func(r *metric.Records) {
			r.DPIARisks[0].LikelihoodAfter, r.DPIARisks[0].Measures, r.DPIAs[0].PriorConsultationOn = 3, "", "2026-01-15"
		}},
		{"dpia_without_opinion", func(r *metric.Records) { r.DPIAs[0].DPOOpinion = "" }},
		{"dpia_past_review", func(r *metric.Records) { r.DPIAs[0].ReviewBy = "2026-06-29" }},
		{"processing_unconfirmed", func(r *metric.Records) { r.Confirmations, r.Processings[0].ApprovedOn = nil, "2025-06-29" }},
		{"processing_unconfirmed", func(r *metric.Records) { r.Confirmations, r.Processings[0].ApprovedOn = nil, "" }},
		{"processing_without_owner", func(r *metric.Records) { r.Processings[0].Owner = "" }},
		{"processing_waiting", func(r *metric.Records) {
			r.Processings[0].State, r.Processings[0].ApprovedOn = isms.ProcessingChecked, ""
		}},
		{"system_without_processing", func(r *metric.Records) {
			r.Processings[0].State, r.Processings[0].EndedOn = isms.ProcessingEnded, "2026-06-01"
		}},
		{"request_due", func(r *metric.Records) {
			r.SubjectRequests[0].ReceivedOn, r.SubjectRequests[0].AnsweredOn = "2026-06-05", ""
		}},
		{"request_late", func(r *metric.Records) { r.SubjectRequests[0].AnsweredOn = "" }},
		{"", func(r *metric.Records) {
			r.SubjectRequests[0].AnsweredOn, r.SubjectRequests[0].ExtendedOn, r.SubjectRequests[0].ExtensionCause = "", "2026-05-20", "Omfattande"
		}},
	} {
		r := good()
		c.spoil(&r)
		work := recordWork(r, workDay)
		if got := codes(work); got != c.want {
			t.Errorf("case %d: %q, want %q", i, got, c.want)
		}
		for _, w := range work {
			seen[w.Code] = true
			for _, l := range locale.Langs() {
				if text := w.Words(l); strings.ContainsAny(text, "{}[") {
					t.Errorf("%s in %s: %q", w.Code, l, text)
				}
			}
		}
	}
	for _, code := range WorkCodes() {
		if !seen[code] {
			t.Errorf("no case spoils a record with %s", code)
		}
		for _, l := range locale.Langs() {
			for _, key := range []string{"work." + code, "finding." + code, "finding." + code + ".why", "finding." + code + ".mend"} {
				if !l.Has(key) {
					t.Errorf("%s has no words in %s", key, l)
				}
			}
		}
	}
}

func TestFindingsDoNotNameWhatIsSecret(t *testing.T) {
	r := good()
	r.Processings[0].Secret, r.Processings[0].SecretReason = true, "21 kap. 3 § OSL"
	r.Processings[0].Name, r.Transfers[0].Importer, r.DPIAs[0].Title = "tyst-behandling", "tyst-mottagare", "tyst-bedömning"
	r.Processings[0].Security, r.Transfers[0].Tool, r.DPIAs[0].DPOOpinion, r.DPIARisks[0].LikelihoodAfter = "", "", "", 4
	open := *entry("open", "board-a", "owner")
	open.Security = ""
	r.Processings = append(r.Processings, open)
	found := examineRecord(isms.Review{AsOf: workDay}, gathering{r, r})
	if len(found) < 4 {
		t.Fatalf("only %d findings", len(found))
	}
	for _, f := range found {
		for _, l := range locale.Langs() {
			if what, _, _ := f.Words(l); strings.Contains(what, "tyst") || strings.Contains(what, "Obehörig") {
				t.Errorf("%s in %s: %s", f.Code, l, what)
			}
		}
		if what, _, _ := f.Words(locale.Swedish); f.Code == "processing_incomplete" && !strings.Contains(what, "2 poster") || f.Code == "processing_incomplete" && !strings.Contains(what, "”Behandling open” och 1 till") {
			t.Errorf("%s: %s", f.Code, what)
		}
	}
}

func TestWorkReadsWell(t *testing.T) {
	r := good()
	r.Processings[0].Retention, r.Processings[0].Security = "", ""
	r.Agreements[0].IncidentHours = register.CountOf(48)
	r.SubProcessors[0].ParentCountry = "US"
	r.Transfers = nil
	var told []string
	for _, w := range recordWork(r, workDay) {
		told = append(told, w.Title+": "+w.Words(locale.Swedish))
	}
	got := strings.Join(told, "\n")
	for _, want := range []string{
		"Biträdesavtal: Leverantören får vänta 48 timmar med att meddela en incident. Då återstår 24 av 72 timmar för anmälan.",
		"Driften Oy: Finns i Finland, men ägs av ett bolag i USA.",
		"”Driften Oy” finns i tredjeland eller har ett moderbolag där. Det är inte prövat mot beslutet ”Molntjänster”.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestWorkOfAnyRecord holds of any record: nobody's work is told twice, and every piece names a record that is there.
func TestWorkOfAnyRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecord(t)
		ids := map[string]bool{}
		for _, p := range r.Processings {
			ids[p.ID] = true
		}
		seen := map[string]bool{}
		for _, w := range recordWork(r, workDay) {
			if key := w.Code + w.ID; seen[key] {
				t.Fatalf("%s is told twice", key)
			} else {
				seen[key] = true
			}
			if w.Kind == "processing" && !ids[w.ID] {
				t.Fatalf("%s on %s, which is not there", w.Code, w.ID)
			}
		}
		complete := metric.ProcessingsComplete(r, workDay)
		if n, known := complete.Numerator.Known(); known {
			d, _ := complete.Denominator.Known()
			lacking := map[string]bool{}
			for _, w := range recordWork(r, workDay) {
				if slices.Contains([]string{"processing_incomplete", "processing_without_ground", "processing_without_special_basis"}, w.Code) {
					lacking[w.ID] = true
				}
			}
			if n+len(lacking) != d {
				t.Fatalf("%d of %d are complete, but %d lack something", n, d, len(lacking))
			}
		}
	})
}

func drawRecord(t *rapid.T) metric.Records {
	r := good()
	r.Processings = nil
	days := rapid.SampledFrom([]register.Day{"", "2025-01-01", "2025-06-30", "2026-06-30", "2026-07-01"})
	text := rapid.SampledFrom([]string{"", "text"})
	answer := rapid.SampledFrom([]isms.Answer{"", isms.Yes, isms.No})
	for i := range rapid.IntRange(0, 6).Draw(t, "n") {
		p := entry(fmt.Sprint("p", i), "board-a", "owner")
		p.State = rapid.SampledFrom([]isms.ProcessingState{"draft", "checked", "active", "active", "ended", "replaced"}).Draw(t, "state")
		p.ApprovedOn, p.EndedOn = days.Draw(t, "approved"), days.Draw(t, "ended")
		p.Purpose, p.Statute, p.Security = text.Draw(t, "purpose"), text.Draw(t, "statute"), text.Draw(t, "security")
		p.LegalBasis = rapid.SampledFrom([]isms.LegalBasis{"", "consent", "public_interest"}).Draw(t, "basis")
		p.PersonalData = rapid.SampledFrom([]isms.Sensitivity{"", isms.OrdinaryData, isms.SpecialCategories}).Draw(t, "data")
		p.TransfersOut = answer.Draw(t, "out")
		p.Suppliers, p.Agreements = []register.Ref[isms.Supplier]{"l"}, []register.Ref[isms.Agreement]{"a"}
		r.Processings = append(r.Processings, *p)
	}
	r.SubProcessors[0].ParentCountry = rapid.SampledFrom([]string{"", "US", "SE", "XX"}).Draw(t, "parent")
	return r
}
