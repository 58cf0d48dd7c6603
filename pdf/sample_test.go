// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// sample is a document with every kind of block, about a made-up city.
func sample() Document {
	blocks := []Block{
		FrontPage{
			Organisation: "Exempelstaden",
			Title:        "Ledningens genomgång 2024",
			Subtitle:     "Norra stadsdelsnämnden",
			Lines: []Labelled{
				{"Beslutad", "2023-11-23"},
				{"Dnr", "NSN 2023/17"},
				{"Kontaktfunktion", "Informationssäkerhetssamordnare"},
			},
		},
		Heading{Level: 1, Text: "Bakgrund", ID: "bakgrund"},
		Paragraph{Text: Plain("Genomgången visar om arbetet med informationssäkerhet är tillräckligt, ändamålsenligt och verksamt. Den är underlag för förvaltningschefens bedömning."), Lead: true},
		Paragraph{Text: Text{
			{Text: "Underlaget kommer från registren. Enligt "}, {Text: "Riktlinje för informationssäkerhet", Italic: true},
			{Text: " ska nämnden varje år pröva sina åtgärder", Note: Plain("Riktlinjen gäller från 2022-01-01 och ska ses över senast 2025-12-31.")},
			{Text: ". Hela texten finns hos "}, {Text: "Exempelstadens webbplats", Link: "https://exempel.example/riktlinje"},
			{Text: ", och planen i avsnitt "}, {Text: "5", Link: "#plan"}, {Text: ". Begreppet "}, {Text: "information security", Lang: "en", Italic: true},
			{Text: " används i standarden."},
		}},
		PageBreak{},
		Contents{Title: "Innehåll"},
		PageBreak{},
		Heading{Level: 1, Text: "1 Status för åtgärder från ledningens tidigare genomgångar"},
	}
	blocks = append(blocks, sampleBody()...)
	return Document{
		Title: "Ledningens genomgång 2024", Lang: "sv", Author: "Norra stadsdelsnämnden",
		Subject: "Underlag och beslut", Creator: "Ledsyn",
		Created: time.Date(2023, 11, 23, 10, 0, 0, 0, time.FixedZone("", 3600)),
		Note:    "Fotnot", Back: "Tillbaka till texten",
		Header: func(page, pages int) Strip {
			if page == 1 {
				return Strip{}
			}
			return Strip{Left: "Ledningens genomgång 2024", Right: "Dnr NSN 2023/17"}
		},
		Footer: func(page, pages int) Strip {
			if page == 1 {
				return Strip{}
			}
			return Strip{Left: "Norra stadsdelsnämnden", Right: fmt.Sprintf("Sida %d av %d", page, pages)}
		},
		Blocks: blocks,
	}
}

const filler = "Förvaltningen har under året fortsatt att klassa information och system. Andelen klassade system har ökat, och de som återstår har fått en ansvarig och en dag. Där underlag saknas sägs det, och ingen siffra har satts i stället. "

func sampleBody() []Block {
	return []Block{
		Paragraph{Text: Text{
			{Text: "Andelen klassade system har gått från "}, {Text: "30 procent", Bold: true, Note: Plain("18 av 60 system, 2022-11-01. Källa: systemregistret.")},
			{Text: " till "}, {Text: "50 procent", Bold: true, Note: Plain("30 av 60 system, 2023-11-01. Källa: systemregistret.")},
			{Text: ", en ökning med 20 procentenheter."},
		}},
		sampleCurve(),
		Heading{Level: 2, Text: "1.1 Åtgärder som är kvar"},
		Paragraph{Text: Plain(strings.Repeat(filler, 3))},
		List{Items: []Item{
			{Text: Plain("Rutin för incidenter, påbörjad 2023 och flyttad till 2024 eftersom den centrala rutinen kom först i oktober")},
			{Text: Plain("Behörigheter"), Sub: List{Items: []Item{
				{Text: Plain("ny rutin")}, {Text: Plain("stickprov två gånger om året, med urval ur alla enheter")},
			}}},
			{Text: Plain("Utbildning")},
		}},
		Heading{Level: 3, Text: "1.1.1 Rekommendationer"},
		List{Numbered: true, Items: []Item{
			{Text: Plain("Uppdatera rutinen för personuppgiftsincidenter.")},
			{Text: Plain("Tydliggör vem som äger handboken.")},
		}},
		Heading{Level: 4, Text: "Anmärkning"},
		Quote{Text: Plain("Bristerna är färre än året innan, och de som är kvar är inte nämnvärda.")},
		Box{Title: "Uppgift saknas", Tone: Warning, Body: []Block{
			Paragraph{Text: Plain("Antalet avvikelser vid stickprov av behörigheter är inte känt för 2022.")},
			List{Items: []Item{{Text: Plain("Fråga enheten.")}, {Text: Plain("Komplettera registret.")}}},
		}},
		Rule{},
		Heading{Level: 1, Text: "2 System"},
		Paragraph{Text: Plain(filler)},
		sampleTable(60),
		Heading{Level: 1, Text: "5 Plan", ID: "plan"},
		Paragraph{Text: Plain(strings.Repeat(filler, 2))},
	}
}

func sampleTable(n int) Table {
	t := Table{
		Caption: Plain("Tabell 1. System och deras klassning"), RowHeads: true, Zebra: true,
		Columns: []Column{{Width: 5}, {Width: 7}, {Width: 3, Align: Centre}, {Width: 3, Align: Right}},
		Head:    [][]Text{{Plain("System"), Plain("Ändamål"), Plain("Klassat"), Plain("Uppgifter om personer")}},
	}
	for i := range n {
		about := "Handläggning av ärenden"
		if i%7 == 3 {
			about = "Planering av bemanning, scheman och vikarier för hemtjänst och särskilt boende"
		}
		day := "2023-0" + fmt.Sprint(1+i%9) + "-15"
		if i%2 == 1 {
			day = "–"
		}
		t.Rows = append(t.Rows, []Text{Plain(fmt.Sprintf("System %02d", i+1)), Plain(about), Plain(day), Plain(fmt.Sprintf("%d\u00A0%03d", i, i*37%1000))})
	}
	return t
}

func sampleCurve() Figure {
	f := Figure{
		Alt:     "Kurva: andelen klassade system har ökat från 30 procent i november 2022 till 50 procent i november 2023.",
		Caption: Plain("Figur 1. Andel klassade system, procent"),
		Width:   453, Height: 170,
	}
	const left, right, base, high = 34.0, 430.0, 145.0, 15.0
	for v := 0; v <= 100; v += 25 {
		y := base - float64(v)/100*(base-high)
		f.Marks = append(f.Marks,
			Line{Points: []Point{{left, y}, {right, y}}, Width: 0.5, Colour: 0xC3CAD1},
			Label{At: Point{left - 6, y + 3}, Text: fmt.Sprint(v), Size: 8.5, Align: Right, Colour: 0x54606B})
	}
	var curve []Point
	for i := range 13 {
		x := left + float64(i)/12*(right-left)
		v := 30 + 20*(1-math.Cos(float64(i)/12*math.Pi))/2
		curve = append(curve, Point{x, base - v/100*(base-high)})
		if i%3 == 0 {
			f.Marks = append(f.Marks, Label{At: Point{x, base + 14}, Text: fmt.Sprintf("mån %d", i), Size: 8.5, Align: Centre, Colour: 0x54606B})
		}
	}
	area := append([]Point{{left, base}}, curve...)
	f.Marks = append(f.Marks, Area{Points: append(area, Point{right, base}), Colour: 0xDCE8F2}, Line{Points: curve, Width: 2, Colour: 0x14507F})
	for _, p := range []Point{curve[0], curve[12]} {
		f.Marks = append(f.Marks, Disc{Centre: p, Radius: 3.5, Colour: 0x14507F})
	}
	return f
}
