// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

var update = flag.Bool("update", false, "write the golden files anew")

func asText(t testing.TB, d Doc) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// counted is a review whose figures are counted from registers, as of the given day.
func counted(lang locale.Lang, day register.Day) Input {
	in := replayed(lang)
	in.Template, _ = TemplateOf("iso-9-3")
	in.Validation, in.Findings = "", nil
	r := &in.Records
	r.Measurements, r.Acceptances, r.Sections = nil, nil, nil
	for i := range 10 {
		r.Systems = append(r.Systems, isms.System{Record: head(fmt.Sprint("sys", i)), Name: fmt.Sprint("System ", i), Lifecycle: isms.InUse})
	}
	for i, decided := range []register.Day{"2023-02-01", "2023-02-01", "2023-02-01", "2024-02-01", "2024-02-01", "2024-02-01"} {
		c := isms.Classification{Record: head(fmt.Sprint("cl", i)), System: register.Ref[isms.System](fmt.Sprint("sys", i)), State: isms.ClassificationDecided, DecidedOn: decided}
		if i == 0 {
			c.ValidUntil = "2024-06-30"
		}
		r.Classifications = append(r.Classifications, c)
	}
	r.Processes = []isms.Process{{Record: head("p1"), Name: "Hemtjänst", NISCovered: isms.Yes}, {Record: head("p2"), Name: "Bibliotek"}}
	r.Courses = []isms.Course{{Record: head("basics"), Name: "Grundkurs", Compulsory: true}}
	r.TrainingFigures = []isms.TrainingFigure{{Record: head("tf"), Course: "basics", Day: "2024-05-31", Completed: register.CountOf(1200), Headcount: register.CountOf(1600), Source: "Utbildningssystemet"}}
	r.Decisions = append(r.Decisions, isms.Decision{Record: head("dec1"), Title: "Klassa alla system som omfattas av NIS", Kind: "improvement", Review: "review-2024", DecidedOn: "2023-11-23", State: isms.DecisionOpen, Reason: "Upphandlingen av stöd blev försenad"},
		isms.Decision{Record: head("dec2"), Title: "Utse en ersättare för samordnaren", Kind: "resource", Review: "review-2024", DecidedOn: "2023-11-23", State: isms.DecisionDone, DoneOn: "2024-03-01"},
		isms.Decision{Record: head("dec3"), Title: "En halv tjänst till under 2025", Kind: "resource", Review: "review-2025", State: isms.DecisionOpen})
	for i := range r.Targets {
		switch t := &r.Targets[i]; t.ID {
		case "incident-2024":
			t.State, t.DoneOn = isms.ActivityDone, "2024-09-01"
		case "buying-2024":
			t.State, t.Reason = isms.ActivityMoved, "upphandlarna fick förhinder"
		case "training-2024":
			t.State, t.Target = isms.ActivityOngoing, "80 procent av medarbetarna"
		}
	}
	r.Targets = append(r.Targets, isms.ActivityTarget{Record: head("buying-2025"), Activity: "buying", Year: 2025, Position: 9, Text: "Informationssäkerhet i inköpsprocessen", State: isms.ActivityPlanned})
	r.SpotChecks = append(r.SpotChecks, isms.SpotCheck{Record: head("check-2024"), Name: "Behörigheter", Area: "Behörigheter", Year: 2024, Population: register.CountOf(1600),
		Sample: register.CountOf(40), Found: register.CountOf(3), Remedied: register.CountOf(1), PerformedOn: "2024-04-15"})
	r.Deviations = []isms.Deviation{{Record: head("dev"), Title: "Delat lösenord i receptionen", FoundOn: "2024-05-02", State: isms.DeviationRemedied, RemediedOn: "2024-05-10"}}
	former := in.Review
	r.Reviews = []isms.Review{former, {Record: head("review-2025"), Year: 2025, Version: 1, AsOf: day, State: isms.ReviewProposed}}
	in.Review = isms.Review{Record: head("review-2025"), Year: 2025, Version: 2, Correction: "Fel antal system angavs.", AsOf: day, Dnr: "ÄNG 2024/811", State: isms.ReviewProposed, Author: "coordinator",
		Contact: "Informationssäkerhetssamordnare"}
	return in
}

func empty(lang locale.Lang) Input {
	t, _ := TemplateOf("stockholm-2024")
	return Input{Lang: lang, Template: t, Organisation: "Exempelstaden", Unit: isms.Unit{Record: head("board"), Name: "Tomma nämnden"},
		Review: isms.Review{Record: head("r"), Year: 2024, Version: 1, AsOf: "2023-11-23", State: isms.ReviewDraft}}
}

func TestGolden(t *testing.T) {
	for _, lang := range locale.Langs() {
		for name, in := range map[string]Input{
			"recorded": replayed(lang), "counted-2024-06-30": counted(lang, "2024-06-30"), "counted-2024-11-20": counted(lang, "2024-11-20"), "empty": empty(lang),
		} {
			got := asText(t, ManagementReview(in))
			file := filepath.Join("testdata", name+"."+string(lang)+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got; -update writes the file anew):\n%s", file, diff)
			}
		}
	}
}

// flat is the text without line breaks, so that sentences can be found in it.
func flat(t testing.TB, d Doc) string {
	return strings.Join(strings.Fields(regexp.MustCompile(` \[\d+\]`).ReplaceAllString(asText(t, d), "")), " ")
}

func TestTheRecordedReviewSaysWhatItMust(t *testing.T) {
	for lang, sentences := range map[locale.Lang][]string{
		locale.Swedish: {
			"Andelen informationsklassade system har ökat från 30 procent (2022-12-31) till 50 procent (2023-11-23), en ökning med 20 procentenheter. Andelen är räknad i system.",
			"Stadsrevisionen lämnade två rekommendationer i rapport 5/2019",
			"Enligt revisionens bedömning har åtgärder vidtagits (RVK 2023/22; noterat 2023-04-01).",
			"bättre i årsrapporten för 2022 än året före: från nämnvärda brister till mindre brister.",
			"Rekommendation 2 och 3 är genomförda enligt egen uppföljning. Rekommendation 1 och 4 är planerade till 2024.",
			"Planerad till 2024 i aktiviteten Översyn av incidentrutiner. Svaret täcker bara en del av rekommendationen: rutin för informationssäkerhetsincidenter.",
			"Vid stickprovskontroll av ansvarsområden inom informationssäkerhet fanns två avvikelser, som är åtgärdade.",
			"Vid stickprovskontroll av behörigheter fanns avvikelser, men uppgift om antalet saknas.",
			"2022: analys och val av åtgärder, genomfört.", "2023: införande av valda åtgärder och uppföljning, genomfört.", "2024: en ny cykel inleds",
			"Endast behörighetshantering ingår i internkontrollplanen för 2024.", "Övriga delar: risken accepteras. Sannolikhet 2, konsekvens 3. Följs upp i linjen.",
			"omfattar sex aktiviteter 2024, fem aktiviteter 2025 och tre aktiviteter 2026.",
			"Dnr: ÄNG 2023/980", "Beslutad: 2023-11-23", "Fastställd 2023-11-23. Beslutsfattare: Förvaltningschef.",
			"Kompetenshöjande insats för ledningen, planerat till 2023-12-15.",
			"Uppgiften gäller per 2022-07-10. Den har inte setts över på mer än tolv månader.",
			"9.3.2 d 4 | Uppfyllelse av informationssäkerhetsmål | inte redovisat", "7.1 | Beslut om resurser | inte redovisat",
			"En insats i december redovisas före beslutet. Skäl: Insatsen är planerad.",
		},
		locale.English: {
			"The share of classified systems has risen from 30 percent (2022-12-31) to 50 percent (2023-11-23), up 20 percentage points. The share is counted in systems.",
			"Stadsrevisionen gave two recommendations in report 5/2019",
			"Recommendations 2 and 3 are done by our own follow-up. Recommendations 1 and 4 are planned for 2024.",
			"The spot check of behörigheter found deviations, but how many is not known.",
			"comprises six activities in 2024, five activities in 2025 and three activities in 2026.",
			"9.3.2 d 4 | Fulfilment of information security objectives | not reported",
		},
	} {
		got := flat(t, ManagementReview(replayed(lang)))
		for _, want := range sentences {
			if !strings.Contains(got, want) {
				t.Errorf("%s: the review does not say %q", lang, want)
			}
		}
	}
}

func TestPointsAreNeverRelativeChange(t *testing.T) {
	for _, in := range []Input{replayed(locale.Swedish), counted(locale.Swedish, "2024-11-20")} {
		if got := flat(t, ManagementReview(in)); strings.Contains(got, "66,") || !strings.Contains(got, "20 procentenheter") {
			t.Errorf("a rise by 20 percentage points is told otherwise: %s", got)
		}
	}
}

func TestEmptyRegistersNeverSayZero(t *testing.T) {
	for _, lang := range locale.Langs() {
		d := ManagementReview(empty(lang))
		text := regexp.MustCompile(`\d{4}-\d\d-\d\d|\b20\d\d\b|27001|9\.3\.[23]|^[0-9.]+ `).ReplaceAllString(asText(t, d), "")
		if m := regexp.MustCompile(`(?m)^.*(^|[^.0-9])0([^.0-9]|$).*$`).FindString(text); m != "" {
			t.Errorf("%s: a zero where nothing is known: %q", lang, m)
		}
		for _, c := range d.Coverage {
			if len(c.Sections) > 0 {
				t.Errorf("%s: %s is said to be reported in %v", lang, c.Input, c.Sections)
			}
		}
	}
}

func TestNoWordsAreMissing(t *testing.T) {
	for _, lang := range locale.Langs() {
		for _, in := range []Input{replayed(lang), counted(lang, "2024-06-30"), empty(lang)} {
			if m := regexp.MustCompile(`.*(\[\[|\{\d|\x01).*`).FindString(asText(t, ManagementReview(in))); m != "" {
				t.Errorf("%s: %s", lang, m)
			}
		}
		for _, key := range metric.Keys() {
			if !lang.Has("figure."+key) || !lang.Has("figure."+key+".unit") {
				t.Errorf("%s: the figure %s has no name or unit", lang, key)
			}
		}
	}
}

// Every choice that a sentence may need has its words, also those that no record above happens to have.
func TestEveryChoiceHasWords(t *testing.T) {
	want := map[string][]string{"report.area.": isms.FactorArea("").Choices(), "report.role.": isms.Role("").Choices(), "report.state.": isms.ActivityState("").Choices(),
		"report.activities.": isms.ActivityState("").Choices(), "report.review_state.": isms.ReviewState("").Choices(), "report.grade.": isms.Grade("").Choices(),
		"report.rsa.analysis_": isms.PhaseState("").Choices(), "report.rsa.implementation_": isms.PhaseState("").Choices(), "report.issuer.": metric.Issuers(), "report.iso.": Inputs(),
		"report.treatment.": {"accept", "action", "none"}, "report.decisions.": {"improvement", "isms_change", "resource", "direction"}}
	for _, template := range Templates() {
		for _, s := range template.Sections {
			for _, f := range s.Facts {
				if f.Fact == "coverage" {
					want["report.share."] = append(want["report.share."], f.Keys...)
				}
			}
		}
	}
	for prefix, choices := range want {
		for _, choice := range choices {
			for _, lang := range locale.Langs() {
				if !lang.Has(prefix + choice) {
					t.Errorf("%s: no words for %s%s", lang, prefix, choice)
				}
			}
		}
	}
	for _, v := range isms.Verdict("").Choices() {
		for _, issuer := range metric.Issuers() {
			if !locale.Swedish.Has("report.verdict." + v + "_" + issuer) {
				t.Errorf("no words for the verdict %s of %s", v, issuer)
			}
		}
	}
}

func TestTheSameInputGivesTheSameDocument(t *testing.T) {
	in := counted(locale.Swedish, "2024-11-20")
	var first, again bytes.Buffer
	JSON(&first, ManagementReview(in))
	slices.Reverse(in.Records.Systems)
	slices.Reverse(in.Records.Documents)
	slices.Reverse(in.Records.Recommendations)
	slices.Reverse(in.Records.Targets)
	slices.Reverse(in.Records.Activities)
	slices.Reverse(in.Records.Factors)
	slices.Reverse(in.Records.SpotChecks)
	JSON(&again, ManagementReview(in))
	if first.String() != again.String() {
		t.Error(cmp.Diff(first.String(), again.String()))
	}
}

func TestOwnTextDoesNotTouchFacts(t *testing.T) {
	in := replayed(locale.Swedish)
	with := ManagementReview(in)
	in.Records.Sections = nil
	without := ManagementReview(in)
	for i, s := range with.Sections {
		facts := slices.DeleteFunc(slices.Clone(s.Blocks), func(b Block) bool { return b.Own })
		if s.Key != "iso" && !cmp.Equal(facts, without.Sections[i].Blocks) {
			t.Errorf("%s: %s", s.Key, cmp.Diff(without.Sections[i].Blocks, facts))
		}
	}
}

func TestFactsCarryTheirFiguresAndRecords(t *testing.T) {
	d := ManagementReview(counted(locale.Swedish, "2024-11-20"))
	s, _ := d.Section("measurement")
	i := slices.IndexFunc(s.Blocks, func(b Block) bool { return b.Fact == "coverage" })
	b := s.Blocks[i]
	if len(b.Figures) != 2 || len(b.Refs) != 10 {
		t.Fatalf("the share rests on figures %v and records %v", b.Figures, b.Refs)
	}
	for _, ref := range b.Figures {
		if _, ok := d.Figure(ref); !ok {
			t.Errorf("the document has no figure %s", ref)
		}
	}
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			for _, ref := range b.Figures {
				if _, ok := d.Figure(ref); !ok {
					t.Errorf("%s: no figure %s", s.Key, ref)
				}
			}
		}
	}
}

func TestTheSamePersonInBothRolesIsPrinted(t *testing.T) {
	in := replayed(locale.Swedish)
	in.Review.Author = in.Review.DecidedBy
	if got := flat(t, ManagementReview(in)); !strings.Contains(got, "Samma person har upprättat och fastställt genomgången.") {
		t.Error("not printed")
	}
	in.Review.Author = ""
	if got := flat(t, ManagementReview(in)); !strings.Contains(got, "har fastställt den: uppgift saknas") || strings.Contains(got, "En annan person har") {
		t.Error("an unknown author is taken for another person")
	}
}

func TestNothingAfterTheDayIsToldAsDone(t *testing.T) {
	in := counted(locale.Swedish, "2024-06-30")
	got := flat(t, ManagementReview(in))
	if !strings.Contains(got, "Översyn av incidentrutiner, planerat till 2024-09-01.") || strings.Contains(got, "Översyn av incidentrutiner, klart") {
		t.Error("what is done in September is told as done in June")
	}
	in.Records.FollowUps = append(in.Records.FollowUps, isms.FollowUp{Record: head("later"), Recommendation: "d1", Day: "2024-07-01", Verdict: isms.VerdictDone, Source: "senare"})
	if got := flat(t, ManagementReview(in)); strings.Contains(got, "senare; noterat") {
		t.Error("a verdict of July is told in June")
	}
}

func TestEveryDocumentIsShownOnce(t *testing.T) {
	in := replayed(locale.Swedish)
	doc := func(id, parent string) isms.Document {
		return isms.Document{Record: head(id), Title: "Dokument " + id, Type: "routine", State: isms.DocumentDecided, Parent: register.Ref[isms.Document](parent)}
	}
	in.Records.Documents = []isms.Document{doc("a", "b"), doc("b", "c"), doc("c", "a"), doc("d", "a"), doc("e", "e"), doc("f", "gone"), doc("g", "f")}
	got := asText(t, ManagementReview(in))
	for _, d := range in.Records.Documents {
		if n := strings.Count(got, d.Title); n != 1 {
			t.Errorf("%s is shown %d times", d.Title, n)
		}
	}
}
