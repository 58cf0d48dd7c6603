// SPDX-License-Identifier: EUPL-1.2

package law

import "testing"

func TestSupervisors(t *testing.T) {
	b := Embedded()
	for _, c := range []struct{ sector, county, want string }{
		{"public_administration", "stockholm", "Länsstyrelsen i Stockholms län"},
		{"public_administration", "gotland", "Länsstyrelsen i Stockholms län"},
		{"public_administration", "uppsala", "Länsstyrelsen i Örebro län"},
		{"waste", "jamtland", "Länsstyrelsen i Norrbottens län"},
		{"research", "blekinge", "Länsstyrelsen i Skåne län"},
		{"chemicals", "halland", "Länsstyrelsen i Västra Götalands län"},
		{"manufacturing", "kalmar", "Länsstyrelsen i Östergötlands län"},
		{"energy", "", "Statens energimyndighet"},
		{"transport", "", "Transportstyrelsen"},
		{"care", "", "Inspektionen för vård och omsorg"},
		{"health", "", "Läkemedelsverket"},
		{"water", "skane", "Livsmedelsverket"},
		{"ict_services", "", "Post- och telestyrelsen"},
		{"banking", "", "Finansinspektionen"},
	} {
		r, ok := b.Supervisor(c.sector, c.county, "2026-03-01")
		if !ok || r.Name.SV != c.want || r.Reliability != Read {
			t.Errorf("%s in %q: %v %v, want %s", c.sector, c.county, r, ok, c.want)
		}
		if r, ok := b.Supervisor(c.sector, c.county, "2026-11-24"); !ok || r.Name.SV != c.want || r.Reliability != Inferred {
			t.Errorf("after the amendments %s in %q: %v %v", c.sector, c.county, r, ok)
		}
	}
	for _, c := range []struct{ sector, county, day string }{
		{"public_administration", "", "2026-03-01"},
		{"public_administration", "bohuslan", "2026-03-01"},
		{"piracy", "stockholm", "2026-03-01"},
		{"energy", "", "2026-01-14"},
	} {
		if r, ok := b.Supervisor(c.sector, c.county, c.day); ok {
			t.Errorf("%v is supervised by %v", c, r)
		}
	}
}

// Every county has its board, and the boards share the 21 as the ordinance says.
func TestEveryCountyHasABoard(t *testing.T) {
	counts := map[string]int{}
	for _, c := range Embedded().Counties() {
		r, ok := Embedded().Supervisor("public_administration", c.Key, "2026-11-24")
		if !ok {
			t.Errorf("%s has no board", c.Key)
		}
		counts[r.Body]++
	}
	for body, want := range map[string]int{"board_norrbotten": 4, "board_skane": 3, "board_stockholm": 2, "board_vastra_gotaland": 2, "board_orebro": 7, "board_ostergotland": 3} {
		if counts[body] != want {
			t.Errorf("%s has %d counties, want %d", body, counts[body], want)
		}
	}
	if len(Embedded().Counties()) != 21 || len(Embedded().Sectors()) != 19 {
		t.Errorf("%d counties, %d sectors", len(Embedded().Counties()), len(Embedded().Sectors()))
	}
}

func TestPlacesAreFoundByWhatPeopleWrite(t *testing.T) {
	for _, text := range []string{"skane", "12", "Skåne län", " skåne ", "SKÅNE"} {
		if c, ok := Embedded().County(text); !ok || c.Key != "skane" {
			t.Errorf("%q is %v %v", text, c, ok)
		}
	}
	if s, ok := Embedded().Sector("Dricksvatten"); !ok || s.Key != "water" {
		t.Errorf("dricksvatten is %v", s)
	}
	for _, text := range []string{"", " ", "11", "Norge"} {
		if c, ok := Embedded().County(text); ok {
			t.Errorf("%q is %v", text, c)
		}
	}
	if s, ok := Embedded().Sector(""); ok {
		t.Errorf("nothing is the sector %v", s)
	}
}

func TestRecipientsBySector(t *testing.T) {
	p := rule(t, "csl_fine_payment")
	names := func(sectors []string, county string) string {
		var all string
		for _, r := range Embedded().Recipients(p, "2026-11-24", sectors, county) {
			all += r.Body + " "
		}
		return all
	}
	if got := names([]string{"public_administration", "waste", "water", "waste_water"}, "dalarna"); got != "board_orebro livsmedelsverket " {
		t.Errorf("each authority once: %q", got)
	}
	if got := names(nil, "dalarna"); got != "" {
		t.Errorf("nobody asked for, and got %q", got)
	}
}

func TestNamesOfTheDay(t *testing.T) {
	mcf, ok := Embedded().Body("mcf")
	if !ok || mcf.Called("2025-12-31").SV != "Myndigheten för samhällsskydd och beredskap" || mcf.Called("2026-01-01").SV != "Myndigheten för civilt försvar" {
		t.Errorf("%v", mcf)
	}
	for _, name := range []string{"MSB", "mcf", "Myndigheten för samhällsskydd och beredskap"} {
		if !mcf.Is(name) {
			t.Errorf("%q is another", name)
		}
	}
	// What was sent when the act came keeps its recipient; what is sent now has another.
	p := rule(t, "csl_incident_notification")
	for day, want := range map[string]Reliability{"2026-06-30": Read, "2026-07-01": Secondary} {
		if r := Embedded().Recipients(p, day, nil, ""); len(r) != 1 || r[0].Reliability != want {
			t.Errorf("%s: %v", day, r)
		}
	}
}
