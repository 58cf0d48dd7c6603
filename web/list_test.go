// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/register"
)

func TestAsk(t *testing.T) {
	s := register.Of[isms.System]()
	a, err := ask(s, "q=ny&lifecycle=in_use&owner=&sort=-name&after=x&retired=1&unit=board")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string][]string{"lifecycle": {"in_use"}, "unit": {"board"}}, a.query.Where); diff != "" {
		t.Error(diff)
	}
	if a.query.Search != "ny" || a.query.Sort != "name" || !a.query.Desc || a.query.After != "x" || !a.query.Retired || a.query.Limit != rowsPerPage {
		t.Errorf("%+v", a.query)
	}
	for name, want := range map[string]string{
		"lifecycle": "/r/system?q=ny&retired=1&sort=-name&unit=board", // what is chosen anew begins at the first page
		"after":     "/r/system?lifecycle=in_use&q=ny&retired=1&sort=-name&unit=board",
	} {
		if got := a.with("/r/system", name); got != want {
			t.Errorf("without %s: %s, want %s", name, got, want)
		}
	}
	if got := a.with("/r/system", "sort", "supplier"); got != "/r/system?lifecycle=in_use&q=ny&retired=1&sort=supplier&unit=board" {
		t.Errorf("sorted anew: %s", got)
	}
	empty, err := ask(s, "q=&lifecycle=")
	if err != nil || empty.with("/r/system", "q") != "/r/system" {
		t.Errorf("an empty form asks for %v, %v", empty, err)
	}
}

func TestAskWrongly(t *testing.T) {
	s := register.Of[isms.System]()
	for query, want := range map[string]error{
		"nothing=1": errQuery, "q=%ff": errText, "q=%zz": errQuery, strings.Repeat("owner=a&", 101): errQuery, "rev=1": errQuery, "id=a": errQuery,
	} {
		if _, err := ask(s, query); !errors.Is(err, want) {
			t.Errorf("%.30s: %v, want %v", query, err, want)
		}
	}
}

// TestBranches holds that every unit is in the tree once, under its parent where that may be seen.
func TestBranches(t *testing.T) {
	unit := func(id, parent string) *isms.Unit {
		return &isms.Unit{Record: register.Record{ID: id, Unit: id}, Name: id, Parent: register.Ref[isms.Unit](parent)}
	}
	var got []string
	for _, b := range branches([]*isms.Unit{unit("a", "city"), unit("a1", "a"), unit("b", "not seen"), unit("city", ""), unit("a2", "a")}) {
		got = append(got, strings.Repeat(">", b.depth)+b.unit.ID)
	}
	if diff := cmp.Diff([]string{"b", "city", ">a", ">>a1", ">>a2"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestValueIsEscaped(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	for name, v := range map[string]Value{
		"text": {Text: evil}, "link": {Text: evil, URL: evil}, "state": {Text: evil, Tag: evil}, "prose": {Text: evil, Prose: true},
		"day": {Text: evil, Day: true}, "unknown": {Text: evil, Unknown: true},
	} {
		if html := string(v.HTML()); strings.Contains(html, "<script") || strings.Contains(html, `"><`) && name != "link" {
			t.Errorf("%s: %s", name, html)
		}
	}
	row := string(Row{Link{evil, evil}, []Cell{{Value{Text: evil}, evil, true}}}.HTML())
	if strings.Contains(row, "<script") {
		t.Error(row)
	}
}
