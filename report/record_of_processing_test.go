// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

const recordDay = register.Day("2026-06-30")

// recordOf is the record of processing of a board with a department: a whole entry, one that lacks much, one as processor,
// one that is secret, and one that has ended.
func recordOf(lang locale.Lang) RecordInput {
	at := func(id, unit string) isms.Record { return isms.Record{ID: id, Unit: unit, Rev: 1} }
	whole := isms.Processing{Record: at("whole", "board"), Name: "Ansökningar om stöd", Role: "controller", State: isms.ProcessingActive, Version: 2, Purpose: "Pröva ansökningar\noch följa upp beslut.",
		Owner: "owner", LegalBasis: "public_interest", Statute: "Socialtjänstlagen (2025:400)", Subjects: "Sökande", DataCategories: "Namn, hälsa", PersonalData: isms.SpecialCategories,
		SpecialBasis: "substantial_public_interest", SpecialStatute: "Dataskyddslagen 3 kap. 3 §", PersonsEstimate: register.CountOf(12000), Recipients: "Försäkringskassan",
		TransfersOut: isms.Yes, Retention: "Fem år", Security: "Behörighetsstyrning", Systems: []register.Ref[isms.System]{"journal"}, Suppliers: []register.Ref[isms.Supplier]{"cloud"},
		Agreements: []register.Ref[isms.Agreement]{"deal"}, ApprovedOn: "2026-01-10"}
	bare := isms.Processing{Record: at("bare", "dept"), Name: "Besökslista", Role: "controller", State: isms.ProcessingActive, ApprovedOn: "2024-01-10"}
	other := isms.Processing{Record: at("other", "board"), Name: "Växel åt bolaget", Role: isms.Processor, State: isms.ProcessingActive, OnBehalfOf: "Bolaget AB", DataCategories: "Namn",
		TransfersOut: isms.No, Security: "Loggning", ApprovedOn: "2026-02-01"}
	secret := isms.Processing{Record: at("hush", "board"), Name: "Skyddade personer", Role: "controller", State: isms.ProcessingActive, Purpose: "Hemligt ändamål", Secret: true,
		SecretReason: "21 kap. 3 § offentlighets- och sekretesslagen", ApprovedOn: "2026-01-10", Suppliers: []register.Ref[isms.Supplier]{"hushed"}}
	ended := isms.Processing{Record: at("ended", "board"), Name: "Upphörd", Role: "controller", State: isms.ProcessingEnded, ApprovedOn: "2020-01-01", EndedOn: "2026-06-30"}
	return RecordInput{Lang: lang, Organisation: "Exempelstaden", Unit: isms.Unit{Record: at("board", "board"), Name: "Ängsdals stadsdelsnämnd"}, Day: recordDay,
		Officers: []isms.Person{{Record: at("dpo", "city"), Name: "Dataskyddsombud", Email: "dso@exempelstaden.example"}},
		Records: metric.Records{
			Units:         []isms.Unit{{Record: at("board", "board"), Name: "Ängsdals stadsdelsnämnd"}, {Record: at("dept", "dept"), Name: "Mötesplatsen", Parent: "board"}},
			Persons:       []isms.Person{{Record: at("owner", "board"), Name: "Enhetschef Ek"}},
			Systems:       []isms.System{{Record: at("journal", "board"), Name: "Journalen", Lifecycle: isms.InUse, PersonalData: isms.SpecialCategories}},
			Processings:   []isms.Processing{whole, bare, other, secret, ended},
			Suppliers:     []isms.Supplier{{Record: at("cloud", "board"), Name: "Molnet Ireland Ltd", Country: "IE", ParentCountry: "US"}, {Record: at("hushed", "board"), Name: "Tysta AB", Country: "SE"}},
			Agreements:    []isms.Agreement{{Record: at("deal", "board"), Title: "Biträdesavtal moln", Supplier: "cloud", IsProcessing: true}},
			SubProcessors: []isms.SubProcessor{{Record: at("sub", "board"), Name: "Support Pvt", Agreement: "deal", Country: "IN"}},
			Transfers: []isms.Transfer{{Record: at("t1", "board"), Processing: "whole", Country: "US", Importer: "Molnet Inc", Tool: isms.ToolDPF, AssessedOn: "2026-02-01"},
				{Record: at("t2", "board"), Processing: "whole", Country: "IN", Importer: "Support Pvt"},
				{Record: at("t3", "board"), Processing: "hush", Country: "GB", Importer: "Hemlig Ltd", Tool: isms.ToolAdequacy}},
			DPIAs:         []isms.DPIA{{Record: at("d", "board"), Processing: "whole", Title: "Bedömning", State: isms.DPIADecided, SensitiveData: isms.Yes, VulnerablePersons: isms.Yes, DecidedOn: "2026-01-05"}},
			Confirmations: []isms.Confirmation{{Record: at("c", "board"), Processing: "whole", Day: "2026-03-01", Outcome: isms.ConfirmedUnchanged}},
		}}
}

func TestRecordGolden(t *testing.T) {
	for _, lang := range locale.Langs() {
		public, none := recordOf(lang), recordOf(lang)
		public.Public = true
		none.Records = metric.Records{Units: none.Records.Units}
		none.Officers = nil
		for name, in := range map[string]RecordInput{"record": recordOf(lang), "record-public": public, "record-empty": none} {
			got := asText(t, RecordOfProcessing(in))
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

// everything is the document as data and in every form it is written in.
func everything(t testing.TB, d Doc) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, d, Links{}); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return b.String() + string(data)
}

func TestPublicRecordKeepsSecrets(t *testing.T) {
	in := recordOf(locale.Swedish)
	in.Public = true
	got := everything(t, RecordOfProcessing(in))
	for _, secret := range []string{"Skyddade personer", "Hemligt ändamål", "Hemlig Ltd", "Tysta AB", "hush", "Enhetschef Ek"} {
		if strings.Contains(got, secret) {
			t.Errorf("the public version tells of %q", secret)
		}
	}
	if !strings.Contains(got, "21 kap. 3 § offentlighets- och sekretesslagen") {
		t.Error("the provision is not given")
	}
	in.Public = false
	if got := everything(t, RecordOfProcessing(in)); !strings.Contains(got, "Skyddade personer") || !strings.Contains(got, "Enhetschef Ek") {
		t.Error("the whole version leaves something out")
	}
}

// TestPublicRecordOfAny holds whatever is secret: nothing that only secret entries hold is told.
func TestPublicRecordOfAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := recordOf(locale.Swedish)
		in.Public = true
		n := 0
		for i := range in.Records.Processings {
			p := &in.Records.Processings[i]
			p.Name, p.Purpose = fmt.Sprintf("namn-%d-slut", i), fmt.Sprintf("syfte-%d-slut", i)
			p.Secret = rapid.Bool().Draw(t, "secret")
			p.SecretReason = fmt.Sprintf("bestämmelse %d", i)
			if p.Secret && metric.EntryInUse(*p, in.Day) {
				n++
			}
		}
		d := RecordOfProcessing(in)
		data, _ := json.Marshal(d)
		got := string(data)
		for i, p := range in.Records.Processings {
			told := strings.Contains(got, fmt.Sprintf("namn-%d-slut", i)) || strings.Contains(got, fmt.Sprintf("syfte-%d-slut", i))
			if told && p.Secret {
				t.Fatalf("entry %d is told", i)
			}
			if !told && !p.Secret && metric.EntryInUse(p, in.Day) && p.Role != isms.Processor {
				t.Fatalf("entry %d is left out", i)
			}
		}
		left, _ := d.Section("left_out")
		items := 0
		for _, b := range left.Blocks {
			items += len(b.Items)
		}
		if items != n {
			t.Fatalf("%d entries are secret and %d are told to be", n, items)
		}
	})
}

func TestRecordIsTheSameWhateverTheOrder(t *testing.T) {
	in := recordOf(locale.Swedish)
	want := everything(t, RecordOfProcessing(in))
	r := &in.Records
	for i, j := 0, len(r.Processings)-1; i < j; i, j = i+1, j-1 {
		r.Processings[i], r.Processings[j] = r.Processings[j], r.Processings[i]
	}
	r.Suppliers[0], r.Suppliers[1] = r.Suppliers[1], r.Suppliers[0]
	r.Transfers[0], r.Transfers[2] = r.Transfers[2], r.Transfers[0]
	if diff := cmp.Diff(want, everything(t, RecordOfProcessing(in))); diff != "" {
		t.Error(diff)
	}
}

func TestRecordAsPDF(t *testing.T) {
	var b bytes.Buffer
	if err := PDF(&b, RecordOfProcessing(recordOf(locale.Swedish))); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) {
		t.Errorf("%v, %d bytes", err, b.Len())
	}
}

func TestReviewTellsTheRecord(t *testing.T) {
	in := counted(locale.Swedish, "2026-06-30")
	rec := recordOf(locale.Swedish).Records
	in.Records.Processings, in.Records.Transfers, in.Records.Confirmations, in.Records.DPIAs = rec.Processings, rec.Transfers, rec.Confirmations, rec.DPIAs
	in.Records.Systems = append(in.Records.Systems, rec.Systems...)
	in.Figures = nil
	got := flat(t, ManagementReview(in))
	for _, want := range []string{
		"I registerförteckningen är 2 av 4 poster fullständiga, 50 procent.",
		"3 av 4 poster har bekräftats eller godkänts det senaste året, 75 procent.",
		"0 av 1 system i bruk med personuppgifter finns inte i registerförteckningen, 0 procent.",
		"1 av 3 överföringar till tredjeland har bedömts det senaste året, 33,3 procent.",
		"För 2 behandlingar saknas uppgift om personuppgifter förs till tredjeland.",
		"0 av 1 behandlingar som kräver konsekvensbedömning saknar en beslutad, 0 procent.",
		"För 2 behandlingar är det inte prövat om en konsekvensbedömning krävs.",
		"För att registerförteckningen ska bli fullständig och aktuell återstår 2 poster att komplettera och 1 post att bekräfta.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in the review", want)
		}
	}
	stockholm := in
	stockholm.Template, _ = TemplateOf("stockholm-2024")
	stockholm.Records.Factors = nil
	s, _ := ManagementReview(stockholm).Section("transfer")
	if len(s.Blocks) != 3 || s.Blocks[0].Type != Fact || PlainText(s.Blocks[2].Text) != "1 av 3 överföringar vilar bara på dataskyddsramverket EU–USA, 33,3 procent." {
		t.Errorf("the section on transfers: %+v", s.Blocks)
	}
	in.Curves = map[string][]metric.Figure{}
	for _, day := range []register.Day{"2025-06-30", "2025-12-31"} {
		in.Curves["processings_complete"] = append(in.Curves["processings_complete"], metric.Figure{Key: "processings_complete", Unit: "processing", Day: day, Known: true,
			Numerator: register.CountOf(1), Denominator: register.CountOf(4)})
	}
	d := ManagementReview(in)
	if got := flat(t, d); !strings.Contains(got, "fullständiga, 50 procent. Det är en ökning med 25 procentenheter från 25 procent (2025-") {
		t.Errorf("the change is not told:\n%s", got)
	}
	charts := 0
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			if b.Fact == "processing_record" && b.Type == Graph {
				charts++
			}
		}
	}
	if charts != 2 {
		t.Errorf("%d curves beside the two sentences", charts)
	}
}

func BenchmarkRecordOf500(b *testing.B) {
	in := recordOf(locale.Swedish)
	for i := range 500 {
		p := in.Records.Processings[0]
		p.ID = fmt.Sprint("p", i)
		in.Records.Processings = append(in.Records.Processings, p)
	}
	for b.Loop() {
		RecordOfProcessing(in)
	}
}
