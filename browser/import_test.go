// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// give puts a file of that name and text into the page's field for files.
func (v *visitor) give(name, text string) {
	v.t.Helper()
	path := filepath.Join(v.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.within("choose "+name, func(ctx context.Context) error {
		return chromedp.Do(ctx, chromedp.SetUploadFiles("#f-file", []string{path}))
	})
}

// good looks at the page with axe, also in other languages if given, and at a narrow window.
func (v *visitor) good(name string, also ...string) {
	v.t.Helper()
	v.accessible()
	for _, lang := range also {
		v.language(lang)
		v.accessible()
		v.language("sv")
	}
	v.fits(390)
	v.shot(name)
}

const systemList = "Bibliotekens system;;;;;;\r\n;;;;;;\r\nSystemnamn;Systemägare;Leverantör;K;R;T;Driftsatt\r\n" +
	"Katalogen;Greta Påhittad;Boksystem AB;1;2;2;2019-03-01\r\nLånekorten;;Boksystem AB;2;2;jättehög;31/1-24\r\nLarmen;;Larm AB;1;1;1;2020-02-30\r\n"

// TestImportOfASystemList takes a list with levels for confidentiality, integrity and availability from the file to records, and undoes it.
func TestImportOfASystemList(t *testing.T) {
	v := open(t)
	v.stepInto("exempelstaden/ald-samordnare")
	v.language("sv")
	v.visit("/r/system")
	v.follow("Läs in en lista")
	v.good("import")
	v.follow("Skicka in filen")
	v.see("Rätta det här och försök igen")
	v.accessible()
	v.give("bibliotek.csv", systemList)
	v.follow("Skicka in filen")
	v.see("Vad är det för lista?")
	v.see("Bibliotekens system")
	v.good("import-list", "en")
	v.follow("Fortsätt")
	v.see("Vad är kolumnerna?")
	v.good("import-columns")
	v.follow("Fortsätt")
	v.see("jättehög")
	v.good("import-answers")
	v.fill("Namn som inte finns", "Lämna tomt")
	v.fill("Vad ”jättehög” betyder", "3 – allvarlig")
	v.follow("Fortsätt")
	v.see("Larmen")
	v.see("2020-02-30")
	v.good("import-preview", "en")
	v.follow("Läs in listan")
	v.see("1 rad är fel")
	v.accessible()
	v.fill("Hoppa över 1 felaktig rad", "on")
	v.follow("Läs in listan")
	v.wait("Poster som kom till")
	v.see("Lånekorten")
	v.good("import-result")
	here := v.path()

	v.visit("/r/system?q=lånekorten")
	v.follow("Lånekorten")
	v.see("Boksystem AB")
	v.visit(here)
	v.click("Ångra importen")
	v.follow("Ångra allt")
	v.see("Importen ångrades")
	v.visit("/r/system?q=lånekorten")
	v.see("Inga träffar")
}

// TestSetOfRowsWithoutScripts takes a list in whole, without the pages' scripts, and looks through it.
func TestSetOfRowsWithoutScripts(t *testing.T) {
	var list strings.Builder
	list.WriteString("Anst.nr;Namn;System;Roll;Senast inloggad\n")
	for i := range 3000 {
		fmt.Fprintf(&list, "%d;Person %d;System %d;%s;2026-01-%02d\n", 1000+i, i, i%7, []string{"Läsare", "Handläggare"}[i%2], 1+i%28)
	}
	v := open(t)
	v.scripts(false)
	v.stepInto("exempelstaden/bun-samordnare")
	v.language("sv")
	v.visit("/import")
	v.give("behörigheter.csv", list.String())
	v.follow("Skicka in filen")
	v.fill("Vad listan blir", "Datamängd: Behörigheter")
	v.follow("Fortsätt")
	v.follow("Fortsätt")
	v.see("3\u00a0000 rader")
	v.fill("Namn", "Behörigheter i januari")
	v.fill("Gäller per", "2026-01-31")
	v.fill("Vad som ingår", "Alla konton.")
	v.follow("Läs in listan")
	v.wait("Hela listan är inläst") // the page asks anew by itself
	v.follow("Visa raderna")
	v.see("3\u00a0000 rader")
	v.scripts(true)
	v.good("population", "en")
	v.fill("Kolumn", "System")
	v.fill("Villkor", "är")
	v.fill("Värde", "system 3")
	v.follow("Sök")
	v.see("429 av 3\u00a0000 rader")
	v.follow("Nästa sida")
	v.see("Till första sidan")
	v.click("Räkna värdena i en kolumn")
	v.follow("Roll")
	v.see("Handläggare")
	v.see("1\u00a0500")
	v.good("population-values")
}
