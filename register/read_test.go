// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var exact = cmp.Exporter(func(reflect.Type) bool { return true })

// codes writes what is wrong as "field code field code".
func codes(wrong []Wrong) string {
	var list []string
	for _, w := range wrong {
		list = append(list, strings.TrimSpace(w.Field+" "+w.Code))
	}
	return strings.Join(list, ", ")
}

func TestReadForm(t *testing.T) {
	b := &Book{Title: "Old", Year: 1900}
	wrong := Read(b, map[string][]string{"title": {"first", " Röda rummet "}, "summary": {" one\r\ntwo "}, "lent": {"0", "1"}, "copies": {"1 000"},
		"worn": {"12,5"}, "bought_on": {"2020-02-29"}, "seen_at": {""}, "shelf": {"low"}, "sequel": {"b2"}, "similar": {"b4 b3", "b4", ""}})
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	want := &Book{Title: "Röda rummet", Summary: " one\ntwo ", Lent: true, Year: 1900, Copies: CountOf(1000), Worn: PercentOf(1250),
		BoughtOn: "2020-02-29", Shelf: "low", Sequel: "b2", Similar: []Ref[Book]{"b4", "b3"}}
	if diff := cmp.Diff(want, b, exact); diff != "" {
		t.Error(diff)
	}
}

// TestReadWrong: what cannot be read leaves the field as it was, and every mistake is named.
func TestReadWrong(t *testing.T) {
	for name, c := range map[string]struct {
		form map[string][]string
		want string
	}{
		"not yes or no":    {map[string][]string{"lent": {"maybe"}}, "lent bool"},
		"words for number": {map[string][]string{"year": {"in 1999"}}, "year number"},
		"negative":         {map[string][]string{"copies": {"-1"}}, "copies number"},
		"too great":        {map[string][]string{"copies": {"1000000000001"}}, "copies number"},
		"far too great":    {map[string][]string{"year": {"99999999999999999999"}}, "year number"},
		"half a copy":      {map[string][]string{"copies": {"1,5"}}, "copies number"},
		"no share":         {map[string][]string{"worn": {"much"}}, "worn percent"},
		"broken UTF-8":     {map[string][]string{"title": {"R\xf6da"}, "summary": {"\xff"}}, "title utf8, summary utf8"},
		"unknown fields":   {map[string][]string{"zebra": {""}, "Title": {"x"}, "lent": {"x"}}, "lent bool, Title unknown_field, zebra unknown_field"},
		"the head":         {map[string][]string{"id": {"x"}, "rev": {"9"}}, "id unknown_field, rev unknown_field"},
	} {
		t.Run(name, func(t *testing.T) {
			b := whole()
			if got := codes(Read(b, c.form)); got != c.want {
				t.Errorf("wrong: %s\nwant:  %s", got, c.want)
			}
			if diff := cmp.Diff(whole(), b, exact); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadEmpties(t *testing.T) {
	b := whole()
	form := map[string][]string{}
	for _, f := range Of[Book]().Fields {
		form[f.Name] = []string{""}
	}
	form["title"] = nil
	if wrong := Read(b, form); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if diff := cmp.Diff(&Book{Record: whole().Record}, b, exact); diff != "" {
		t.Error(diff)
	}
}

// TestManyLinksAreReadFast: a form is limited in size, but not to few links.
func TestManyLinksAreReadFast(t *testing.T) {
	ids := make([]string, 200000)
	for i := range ids {
		ids[i] = NewID()
	}
	b := whole()
	begun := time.Now()
	if wrong := Read(b, map[string][]string{"similar": {strings.Join(ids, " ")}}); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if got := codes(Check(b)); got != "similar many" {
		t.Errorf("wrong: %s", got)
	}
}

func TestCheck(t *testing.T) {
	if wrong := Check(whole()); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	for name, c := range map[string]struct {
		spoil func(*Book)
		want  string
	}{
		"nothing given":          {func(b *Book) { *b = Book{} }, "title required, shelf required"},
		"only spaces":            {func(b *Book) { b.Title = " \u00a0" }, "title required"},
		"longest":                {func(b *Book) { b.Title = strings.Repeat("å", 11) }, ""},
		"too long":               {func(b *Book) { b.Title = strings.Repeat("å", 12) }, "title long"},
		"too long prose":         {func(b *Book) { b.Summary = strings.Repeat("a", 31) }, "summary long"},
		"broken UTF-8":           {func(b *Book) { b.Title = "R\xf6da" }, "title utf8"},
		"broken UTF-8 in choice": {func(b *Book) { b.Shelf = "\xff" }, "shelf utf8"},
		"line break in a line":   {func(b *Book) { b.Title = "a\nb" }, "title control"},
		"tab in a line":          {func(b *Book) { b.Title = "a\tb" }, "title control"},
		"zero byte in prose":     {func(b *Book) { b.Summary = "a\x00b" }, "summary control"},
		"return in prose":        {func(b *Book) { b.Summary = "a\rb" }, "summary control"},
		"escape in prose":        {func(b *Book) { b.Summary = "a\x1b[31mb" }, "summary control"},
		"C1 control":             {func(b *Book) { b.Title = "a\u0085b" }, "title control"},
		"turned text":            {func(b *Book) { b.Title = "a\u202eb" }, "title control"},
		"turned prose":           {func(b *Book) { b.Summary = "a\u2066b" }, "summary control"},
		"right-to-left letters":  {func(b *Book) { b.Title = "ספר" }, ""},
		"day that is none":       {func(b *Book) { b.BoughtOn = "2023-02-29" }, "bought_on day"},
		"moment that is none":    {func(b *Book) { b.SeenAt = "2024-01-01" }, "seen_at moment"},
		"choice that is none":    {func(b *Book) { b.Shelf = "middle" }, "shelf choice"},
		"choice in capitals":     {func(b *Book) { b.Shelf = "High" }, "shelf choice"},
		"link that is none":      {func(b *Book) { b.Sequel = "B 2" }, "sequel link"},
		"links that are none":    {func(b *Book) { b.Similar = []Ref[Book]{"b2", "å"} }, "similar link"},
		"as many links as may":   {func(b *Book) { b.Similar = []Ref[Book]{"a", "b", "c"} }, ""},
		"too many links":         {func(b *Book) { b.Similar = []Ref[Book]{"a", "b", "c", "d"} }, "similar many"},
		"negative year":          {func(b *Book) { b.Year = -1 }, "year number"},
		"retired on no day":      {func(b *Book) { b.Retired = "2024-02-30" }, "retired day"},
		"id that is none":        {func(b *Book) { b.ID = "../x" }, "id link"},
		"unit that is none":      {func(b *Book) { b.Unit = "U 1" }, "unit link"},
		"the register's rule":    {func(b *Book) { b.Sequel = "b1" }, "sequel own_sequel"},
	} {
		t.Run(name, func(t *testing.T) {
			b := whole()
			c.spoil(b)
			if got := codes(Check(b)); got != c.want {
				t.Errorf("wrong: %s\nwant:  %s", got, c.want)
			}
		})
	}
}

const wholeJSON = `{"id":"b1","unit":"u1","rev":3,"retired":"2024-05-01","title":"Röda rummet","summary":"one\n\ttwo","lent":true,"year":1879,` +
	`"copies":0,"worn":12.5,"bought_on":"2020-02-29","seen_at":"2024-01-01T10:00:00.000000Z","shelf":"high","sequel":"b2","similar":["b4","b3"]}`

func TestJSON(t *testing.T) {
	if got := string(JSON(whole())); got != wholeJSON {
		t.Errorf("written %s", got)
	}
	var b Book
	if err := ReadJSON(&b, []byte(wholeJSON)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole(), &b, exact); diff != "" {
		t.Error(diff)
	}
	empty := `{"id":"","unit":"","rev":0,"retired":"","title":"","summary":"","lent":false,"year":0,"copies":null,"worn":null,` +
		`"bought_on":"","seen_at":"","shelf":"","sequel":"","similar":[]}`
	if got := string(JSON(&Book{})); got != empty {
		t.Errorf("written %s", got)
	}
	if err := ReadJSON(&b, []byte(empty)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&Book{}, &b, exact); diff != "" {
		t.Errorf("what is empty in JSON does not empty the record:\n%s", diff)
	}
	if got := string(JSON(&Book{Title: "<a href=\"x\">\u2028&"})); !strings.Contains(got, `"title":"<a href=\"x\">\u2028&"`) {
		t.Errorf("written %s", got)
	}
}

func TestReadJSONKeepsWhatIsNotNamed(t *testing.T) {
	b := whole()
	if err := ReadJSON(b, []byte(" {\n \"year\" : 1880 , \"lent\":\tfalse }\n")); err != nil {
		t.Fatal(err)
	}
	want := whole()
	want.Year, want.Lent = 1880, false
	if diff := cmp.Diff(want, b, exact); diff != "" {
		t.Error(diff)
	}
	if err := ReadJSON(b, []byte("{}")); err != nil {
		t.Error(err)
	}
}

func TestReadJSONWrong(t *testing.T) {
	for text, want := range map[string]string{
		`{"titel":"x"}`:                     "titel unknown_field",
		`{"Title":"x"}`:                     "Title unknown_field",
		`{"title":"x","title":"y"}`:         "title twice",
		`{"id":"x","id":"y"}`:               "id twice",
		`{"x":1,"x":2}`:                     "x unknown_field, x twice",
		`{"title":1}`:                       "title type",
		`{"title":null}`:                    "title type",
		`{"title":["x"]}`:                   "title type",
		`{"lent":"true"}`:                   "lent type",
		`{"lent":1}`:                        "lent type",
		`{"lent":null}`:                     "lent type",
		`{"year":"1999"}`:                   "year type",
		`{"year":1999.5}`:                   "year number",
		`{"year":-1}`:                       "year number",
		`{"year":1e3}`:                      "year number",
		`{"copies":true}`:                   "copies number",
		`{"copies":[1]}`:                    "copies number",
		`{"worn":12.555}`:                   "worn percent",
		`{"worn":{}}`:                       "worn percent",
		`{"similar":null}`:                  "similar type",
		`{"similar":"b2"}`:                  "similar type",
		`{"similar":["b2",null]}`:           "similar type",
		`{"similar":["b2",""]}`:             "similar type",
		`{"similar":[1]}`:                   "similar type",
		"{\"title\":\"R\xf6da\"}":           "utf8",
		`{"title":"x","lent":0,"zebra":{}}`: "lent type, zebra unknown_field",
	} {
		var wrong Wrongs
		if err := ReadJSON(&Book{}, []byte(text)); !errors.As(err, &wrong) || codes(wrong) != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	for _, text := range []string{``, `null`, `[]`, `"x"`, `1`, `{`, `{"title"`, `{"title":`, `{"title":"x"`, `{"title":"x",}`, `{"title":"x"}{}`,
		`{"title":"x"}}`, `{"title":"x"}]`, `{"title":"x"} x`, `{title:"x"}`, `{'title':'x'}`, `{"rev":"1"}`, `{"rev":1.5}`, `{"id":1}`, `{"unit":[]}`,
		`{"retired":1}`, `{"title":"\x"}`, `{"x":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`} {
		var wrong Wrongs
		if err := ReadJSON(&Book{}, []byte(text)); err == nil || errors.As(err, &wrong) {
			t.Errorf("%.40s: %v, want that it is no record", text, err)
		}
	}
}

func TestDiff(t *testing.T) {
	was, is := whole(), whole()
	if d := Diff(was, is); len(d) > 0 {
		t.Errorf("a record differs from itself: %v", d)
	}
	is.Title, is.Copies, is.Worn, is.Lent, is.Similar = "New", Count{}, PercentOf(0), false, []Ref[Book]{"b3", "b4"}
	got := map[string][2]string{}
	for _, c := range Diff(was, is) {
		got[c.Field.Name] = [2]string{c.Was, c.Is}
	}
	want := map[string][2]string{"title": {"Röda rummet", "New"}, "copies": {"0", ""}, "worn": {"12.5", "0"}, "lent": {"1", "0"}, "similar": {"b4 b3", "b3 b4"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if d := Diff(nil, whole()); len(d) != len(Of[Book]().Fields) {
		t.Errorf("a new record has %d changes", len(d))
	}
	if d := Diff(nil, &Book{}); len(d) != 0 {
		t.Errorf("an empty new record has changes: %v", d)
	}
}

func TestValues(t *testing.T) {
	from, to := whole(), &Book{}
	for _, f := range Of[Book]().Fields {
		if f.Kind == Links {
			if f.Value(from) != nil || f.SetValue(to, "b2") == nil {
				t.Errorf("%s is a column", f.Name)
			}
			f.SetIDs(to, f.IDs(from))
			continue
		}
		if err := f.SetValue(to, f.Value(from)); err != nil {
			t.Error(err)
		}
		for _, alien := range []any{nil, 1.5, []byte("x")} {
			if f.SetValue(&Book{}, alien) == nil {
				t.Errorf("%s is set from %T", f.Name, alien)
			}
		}
	}
	to.Record = from.Record
	if diff := cmp.Diff(from, to, exact); diff != "" {
		t.Error(diff)
	}
	if f, _ := Of[Book]().Field("similar"); true {
		f.SetIDs(to, []string{"", "b9", "b8", "b9"})
		if diff := cmp.Diff([]string{"b9", "b8"}, f.IDs(to)); diff != "" {
			t.Error(diff)
		}
		f.SetIDs(to, []string{""})
		if to.Similar != nil {
			t.Error("no links are not nil")
		}
	}
	if f, _ := Of[Book]().Field("sequel"); len(f.IDs(&Book{})) != 0 || f.IDs(from)[0] != "b2" {
		t.Error("a link's ids are not its one id")
	}
}

func TestWrongsAsError(t *testing.T) {
	err := error(Wrongs{{"title", "long", []any{10, 11}}, {"", "utf8", nil}})
	if got := err.Error(); got != "not accepted: title long 10 11; utf8" {
		t.Errorf("says %q", got)
	}
}

// FuzzReadJSON: whatever is read and found right is written and read back the same.
func FuzzReadJSON(f *testing.F) {
	f.Add([]byte(wholeJSON))
	f.Add([]byte(`{"title":"\ud800","copies":null,"similar":["a","a"]}`))
	f.Add([]byte(`{"worn":0.05,"worn":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var b, again Book
		if ReadJSON(&b, data) != nil || len(Check(&b)) > 0 {
			return
		}
		text := JSON(&b)
		if err := ReadJSON(&again, text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(&b, &again, exact); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	})
}

// FuzzRead: whatever a form holds, what is read and found right is shown in the form again as the same.
func FuzzRead(f *testing.F) {
	f.Add("Röda rummet", "one\r\ntwo", "1", "1 879", "12,5", "2020-02-29", "high", "b2", "b4 b3")
	f.Add("\xff", "\x00", "on", "-1", "1e2", "2020-02-30", "High", "B", " b4  b4 ")
	f.Fuzz(func(t *testing.T, title, summary, lent, year, worn, bought, shelf, sequel, similar string) {
		form := map[string][]string{"title": {title}, "summary": {summary}, "lent": {lent}, "year": {year}, "copies": {year}, "worn": {worn},
			"bought_on": {bought}, "seen_at": {bought}, "shelf": {shelf}, "sequel": {sequel}, "similar": {similar}}
		before := maps.Clone(form)
		var b, again Book
		if len(Read(&b, form)) > 0 || len(Check(&b)) > 0 {
			return
		}
		for _, field := range Of[Book]().Fields {
			if w := field.Set(&again, field.Text(&b)); w != nil {
				t.Fatalf("%s: %v", field.Name, w)
			}
		}
		if diff := cmp.Diff(&b, &again, exact); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(before, form); diff != "" {
			t.Errorf("the form was changed:\n%s", diff)
		}
	})
}
