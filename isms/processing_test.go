// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"strings"
	"testing"

	"ledsyn/law"
	"ledsyn/register"
)

// TestRecordOfProcessingWrong holds the rules of the record of processing at their edges.
func TestRecordOfProcessingWrong(t *testing.T) {
	active := Processing{Role: "controller", State: ProcessingActive, LegalBasis: PublicInterest, Statute: "4 kap. 1 §", PersonalData: SpecialCategories, SpecialBasis: "health_care"}
	entry := func(change func(*Processing)) Processing {
		p := active
		change(&p)
		return p
	}
	request := func(change func(*SubjectRequest)) SubjectRequest {
		r := SubjectRequest{Dnr: "1/26", Kind: "access", ReceivedOn: "2026-11-24"}
		change(&r)
		return r
	}
	for _, c := range []struct {
		name string
		rec  interface{ Wrong() []register.Wrong }
		want string
	}{
		{"entry", active, ""},
		{"empty draft", Processing{State: ProcessingDraft}, ""},
		{"no statute for public interest", entry(func(p *Processing) { p.Statute = "" }), "statute basis_without_ground"},
		{"no statute for a duty, checked", entry(func(p *Processing) { p.State, p.LegalBasis, p.Statute = ProcessingChecked, LegalObligation, "" }), "statute basis_without_ground"},
		{"no statute in a draft", entry(func(p *Processing) { p.State, p.Statute = ProcessingDraft, "" }), ""},
		{"no statute for consent", entry(func(p *Processing) { p.LegalBasis, p.Statute = "consent", "" }), ""},
		{"no statute in what has ended", entry(func(p *Processing) { p.State, p.Statute, p.EndedOn = ProcessingEnded, "", today }), ""},
		{"special without exception", entry(func(p *Processing) { p.SpecialBasis = "" }), "special_basis special_without_basis"},
		{"special without exception, checked", entry(func(p *Processing) { p.State, p.SpecialBasis = ProcessingChecked, "" }), ""},
		{"special for another", entry(func(p *Processing) { p.Role, p.SpecialBasis = Processor, "" }), ""},
		{"privacy-sensitive is not special", entry(func(p *Processing) { p.PersonalData, p.SpecialBasis = PrivacySensitive, "" }), ""},
		{"ended on no day", entry(func(p *Processing) { p.State = ProcessingEnded }), "ended_on ended_without_day"},
		{"ended on the day of approval", entry(func(p *Processing) { p.State, p.ApprovedOn, p.EndedOn = ProcessingEnded, today, today }), ""},
		{"ended before approval", entry(func(p *Processing) { p.State, p.ApprovedOn, p.EndedOn = ProcessingEnded, today, before }), "ended_on before"},
		{"replaces itself", entry(func(p *Processing) { p.ID, p.Replaces = "p", "p" }), "replaces own_predecessor"},
		{"new entry that replaces nothing", Processing{Replaces: ""}, ""},

		{"supplier", Supplier{Country: "SE", ParentCountry: "US"}, ""},
		{"supplier of nowhere known", Supplier{}, ""},
		{"supplier of a country that is none", Supplier{Country: "XX", ParentCountry: "us"}, "country no_country, parent_country no_country"},
		{"sub-processor of a country that is none", SubProcessor{Country: "UK", ParentCountry: "EU"}, "country no_country, parent_country no_country"},
		{"sub-processor", SubProcessor{Country: "GB"}, ""},
		{"agreement of one day", Agreement{ValidFrom: today, ValidTo: today}, ""},
		{"agreement ends before it begins", Agreement{ValidFrom: today, ValidTo: before}, "valid_to before"},

		{"transfer", Transfer{Country: "US", Tool: ToolDPF, Fallback: "scc"}, ""},
		{"transfer on nothing yet", Transfer{Country: "IN"}, ""},
		{"transfer to no country", Transfer{Country: "ZZ", Tool: ToolDPF}, "country no_country"},
		{"transfer within the EU", Transfer{Country: "IE", Tool: "scc"}, "country not_third_country"},
		{"transfer within the EEA", Transfer{Country: "NO"}, "country not_third_country"},
		{"the framework for another country", Transfer{Country: "GB", Tool: ToolDPF, Fallback: ToolDPF}, "tool tool_not_for_country, fallback tool_not_for_country"},
		{"country not given", Transfer{Tool: ToolDPF}, ""},

		{"assessment not needed", DPIA{State: DPIANotNeeded, Scoring: Yes}, ""},
		{"assessment not needed, not known", DPIA{State: DPIANotNeeded}, ""},
		{"assessment needed", DPIA{State: DPIANotNeeded, Scoring: Yes, PreventsRight: Yes}, "state dpia_needed"},
		{"decided on no day", DPIA{State: DPIADecided}, "decided_on dpia_decided_without_day"},
		{"look over on the day of decision", DPIA{State: DPIADecided, DecidedOn: today, ReviewBy: today}, ""},
		{"look over before the decision", DPIA{State: DPIADecided, DecidedOn: today, ReviewBy: before}, "review_by before"},
		{"risk at the ends of the scale", DPIARisk{LikelihoodBefore: 4, ConsequenceBefore: 4, LikelihoodAfter: 1, ConsequenceAfter: 1}, ""},
		{"risk not assessed", DPIARisk{}, ""},
		{"risk off the scale", DPIARisk{LikelihoodBefore: 5, ConsequenceBefore: -1, LikelihoodAfter: 5, ConsequenceAfter: 6}, "likelihood_before scale, consequence_before scale, likelihood_after scale, consequence_after scale"},

		{"request", request(func(r *SubjectRequest) {}), ""},
		{"answered on the day", request(func(r *SubjectRequest) { r.AnsweredOn = r.ReceivedOn }), ""},
		{"answered before it came", request(func(r *SubjectRequest) { r.AnsweredOn = "2026-11-23" }), "answered_on before"},
		{"answered late", request(func(r *SubjectRequest) { r.AnsweredOn = "2027-11-23" }), ""},
		{"extended on the last day", request(func(r *SubjectRequest) { r.ExtendedOn, r.ExtensionCause = "2026-12-24", "c" }), ""},
		{"extended the day after", request(func(r *SubjectRequest) { r.ExtendedOn, r.ExtensionCause = "2026-12-25", "c" }), "extended_on extended_late"},
		{"extended before it came", request(func(r *SubjectRequest) { r.ExtendedOn, r.ExtensionCause = "2026-11-23", "c" }), "extended_on before"},
		{"extended without cause", request(func(r *SubjectRequest) { r.ExtendedOn = "2026-12-01" }), "extension_cause extension_without_cause"},
		{"refused without reasons", request(func(r *SubjectRequest) { r.Refused = true }), "outcome refused_without_reason"},
		{"refused with reasons", request(func(r *SubjectRequest) { r.Refused, r.Outcome = true, "o" }), ""},

		{"campaign of one day", Campaign{StartsOn: today, EndsOn: today}, ""},
		{"campaign ends before it begins", Campaign{StartsOn: today, EndsOn: before}, "ends_on before"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := wrongOf(c.rec); got != c.want {
				t.Errorf("wrong: %q, want %q", got, c.want)
			}
		})
	}
}

// TestRequestDue counts by the EU calendar, where Christmas Eve is a working day and the month that ends on a free day is
// lengthened, and lets only an extension told in time count.
func TestRequestDue(t *testing.T) {
	for _, c := range []struct{ received, extended, target, last register.Day }{
		{"2026-11-24", "", "2026-12-24", "2026-12-24"},
		{"2026-11-25", "", "2026-12-24", "2026-12-28"}, // the 25th and 26th are holidays, the 27th a Sunday
		{"2027-01-31", "", "2027-02-26", "2027-03-01"},
		{"2026-11-24", "2026-12-24", "2027-02-24", "2027-02-24"},
		{"2026-11-24", "2026-12-25", "2026-12-24", "2026-12-24"}, // told too late
		{"2026-11-24", "2026-11-23", "2026-12-24", "2026-12-24"}, // before it came
		{"2026-11-24", "2026-11-24", "2027-02-24", "2027-02-24"},
		{"", "", "", ""},
		{"", "2026-11-24", "", ""},
	} {
		target, last := SubjectRequest{ReceivedOn: c.received, ExtendedOn: c.extended}.Due()
		if target != c.target || last != c.last {
			t.Errorf("received %s, extended %s: %s, last %s; want %s, %s", c.received, c.extended, target, last, c.target, c.last)
		}
	}
}

func TestRequestLate(t *testing.T) {
	open := SubjectRequest{ReceivedOn: "2026-11-24"}
	onTime, late := open, open
	onTime.AnsweredOn, late.AnsweredOn = "2026-12-24", "2026-12-25"
	for _, c := range []struct {
		name string
		r    SubjectRequest
		on   register.Day
		want bool
	}{
		{"open on its last day", open, "2026-12-24", false},
		{"open the day after", open, "2026-12-25", true},
		{"answered in time", onTime, "2027-06-01", false},
		{"answered late", late, "2027-06-01", true},
		{"answered later than the day asked about", late, "2026-12-24", false},
		{"never received", SubjectRequest{}, "2026-12-24", false},
	} {
		if got := c.r.Late(c.on); got != c.want {
			t.Errorf("%s: late %v", c.name, got)
		}
	}
}

// TestCriteria holds the threshold of IMY's list: two met demand an assessment, and what is not answered is not no.
func TestCriteria(t *testing.T) {
	if list, ok := law.Rule("imy_dpia_list"); !ok || list.Threshold != 2 {
		t.Fatalf("the list's threshold is %d", list.Threshold)
	}
	none := DPIA{Scoring: No, AutomatedDecision: No, Monitoring: No, SensitiveData: No, LargeScale: No, Matching: No, VulnerablePersons: No, NewTechnology: No, PreventsRight: No}
	but := func(change func(*DPIA)) DPIA {
		d := none
		change(&d)
		return d
	}
	for _, c := range []struct {
		name         string
		d            DPIA
		met, unknown int
		needed       Answer
	}{
		{"nothing answered", DPIA{}, 0, 9, ""},
		{"none met", none, 0, 0, No},
		{"one met", but(func(d *DPIA) { d.Matching = Yes }), 1, 0, No},
		{"two met", but(func(d *DPIA) { d.Matching, d.PreventsRight = Yes, Yes }), 2, 0, Yes},
		{"one met and one open", but(func(d *DPIA) { d.Scoring, d.LargeScale = Yes, "" }), 1, 1, ""},
		{"none met and one open", but(func(d *DPIA) { d.LargeScale = "" }), 0, 1, No},
		{"none met and two open", but(func(d *DPIA) { d.LargeScale, d.Monitoring = "", "" }), 0, 2, ""},
		{"two met and the rest open", DPIA{AutomatedDecision: Yes, VulnerablePersons: Yes}, 2, 7, Yes},
		{"all met", DPIA{Scoring: Yes, AutomatedDecision: Yes, Monitoring: Yes, SensitiveData: Yes, LargeScale: Yes, Matching: Yes, VulnerablePersons: Yes, NewTechnology: Yes, PreventsRight: Yes}, 9, 0, Yes},
	} {
		met, unknown := c.d.CriteriaMet()
		if met != c.met || unknown != c.unknown || c.d.Needed() != c.needed {
			t.Errorf("%s: %d met, %d open, needed %q; want %d, %d, %q", c.name, met, unknown, c.d.Needed(), c.met, c.unknown, c.needed)
		}
	}
}

func TestMissingClauses(t *testing.T) {
	whole := Agreement{IsProcessing: true, Instructions: Yes, Confidentiality: Yes, Security: Yes, SubProcessors: Yes, RightsAssistance: Yes, DutyAssistance: Yes, Deletion: Yes, Audit: Yes}
	partly := whole
	partly.SubProcessors, partly.Audit = "", No
	for want, a := range map[string]Agreement{
		"": whole, "sub_processors audit": partly,
		"instructions confidentiality security sub_processors rights_assistance duty_assistance deletion audit": {IsProcessing: true},
	} {
		if got := strings.Join(a.MissingClauses(), " "); got != want {
			t.Errorf("missing %q, want %q", got, want)
		}
	}
	if got := (Agreement{}).MissingClauses(); len(got) > 0 {
		t.Errorf("an agreement that is no processing agreement lacks %v", got)
	}
	s := register.Of[Agreement]()
	for _, field := range (Agreement{IsProcessing: true}).MissingClauses() {
		if _, ok := s.Field(field); !ok {
			t.Errorf("%s is no field", field)
		}
	}
}

// TestMissing holds what is compulsory of an entry, and that every field named is one.
func TestMissing(t *testing.T) {
	full := Processing{Role: "controller", Purpose: "p", LegalBasis: PublicInterest, Statute: "s", Subjects: "s", DataCategories: "d", Recipients: "r", TransfersOut: No, Retention: "r", Security: "s", PersonalData: OrdinaryData}
	but := func(change func(*Processing)) Processing {
		p := full
		change(&p)
		return p
	}
	s := register.Of[Processing]()
	for _, c := range []struct {
		name string
		p    Processing
		want string
	}{
		{"full", full, ""},
		{"special without exception", but(func(p *Processing) { p.PersonalData = SpecialCategories }), "special_basis"},
		{"duty without statute", but(func(p *Processing) { p.LegalBasis, p.Statute = LegalObligation, "" }), "statute"},
		{"consent needs no statute", but(func(p *Processing) { p.LegalBasis, p.Statute = "consent", "" }), ""},
		{"no basis", but(func(p *Processing) { p.LegalBasis, p.Statute = "", "" }), "legal_basis"},
		{"transfers not answered", but(func(p *Processing) { p.TransfersOut = "" }), "transfers_out"},
		{"empty", Processing{Role: "controller"}, "purpose legal_basis subjects data_categories recipients transfers_out retention security"},
		{"empty for another", Processing{Role: Processor}, "on_behalf_of data_categories transfers_out security"},
		{"whole for another", Processing{Role: Processor, OnBehalfOf: "o", DataCategories: "d", TransfersOut: Yes, Security: "s"}, ""},
	} {
		missing := c.p.Missing()
		if got := strings.Join(missing, " "); got != c.want {
			t.Errorf("%s: missing %q, want %q", c.name, got, c.want)
		}
		for _, field := range missing {
			if _, ok := s.Field(field); !ok {
				t.Errorf("%s is no field", field)
			}
		}
	}
}

func TestAgreementInForce(t *testing.T) {
	for name, c := range map[string]struct {
		a    Agreement
		want [3]bool // before, today, after
	}{
		"from today":  {Agreement{ValidFrom: today}, [3]bool{false, true, true}},
		"until today": {Agreement{ValidTo: today}, [3]bool{true, true, false}},
		"retired":     {Agreement{Record: Record{Retired: today}}, [3]bool{}},
	} {
		if got := [3]bool{c.a.InForce(before), c.a.InForce(today), c.a.InForce(after)}; got != c.want {
			t.Errorf("%s: in force %v, want %v", name, got, c.want)
		}
	}
}

func TestRiskValue(t *testing.T) {
	r := DPIARisk{LikelihoodBefore: 3, ConsequenceBefore: 4, LikelihoodAfter: 2}
	if r.Before() != 12 || r.After() != 0 {
		t.Errorf("before %d, after %d", r.Before(), r.After())
	}
}

// TestTextsHaveALimit holds that no text of any register can be of any length: what is too long is refused by the field's
// limit, which the words for it name, and nothing else.
func TestTextsHaveALimit(t *testing.T) {
	long := strings.Repeat("å", 100_000)
	for _, s := range Registers() {
		for _, f := range s.Fields {
			if f.Kind != register.Text && f.Kind != register.Prose {
				continue
			}
			rec := s.New()
			wrong := append(register.Read(rec, map[string][]string{f.Name: {long}}), register.Check(rec)...)
			i := slices.IndexFunc(wrong, func(w register.Wrong) bool { return w.Field == f.Name })
			if i < 0 || wrong[i].Code != "long" || len(wrong[i].Args) != 2 || wrong[i].Args[0] != f.Max || wrong[i].Args[1] != 100_000 {
				t.Errorf("%s.%s of 100,000 characters: %v", s.Name, f.Name, wrong)
			}
		}
	}
}
