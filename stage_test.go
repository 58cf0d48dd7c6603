// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/login"
	"ledsyn/register"
	"ledsyn/store"
	"ledsyn/web"
)

// A stage is the whole program with a small municipality in it, on which stories are played: pages, rules and a database of its own, and a
// clock that stands still.
type stage struct {
	app   *app.App
	pages http.Handler
	org   string
}

const stageOrg = "exempel"

// actors are those who play: person, role and unit.
var actors = [][3]string{
	{"central", "central_office", "city"}, {"samordnare", "coordinator", "board-a"}, {"chef", "head", "board-a"}, {"dso", "dpo", "city"},
	{"revisor", "auditor", "city"}, {"systemagare", "system_owner", "board-a"}, {"medarbetare", "employee", "board-a"},
	{"teknik", "administrator", "city"}, {"granne", "coordinator", "board-b"},
}

// onEach runs f on each engine: a new database on SQLite, and a new organisation in the one that LEDSYN_TEST_POSTGRES names.
func onEach(t *testing.T, f func(t *testing.T, config store.Config, org string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, store.Config{Dir: t.TempDir()}, stageOrg) })
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv("LEDSYN_TEST_POSTGRES")
		if server == "" {
			t.Skip("LEDSYN_TEST_POSTGRES names no server")
		}
		f(t, store.Config{URL: server, Dir: t.TempDir()}, register.NewID())
	})
}

func newStage(t testing.TB, demo bool, records ...register.Entity) *stage {
	t.Helper()
	return newStageIn(t, store.Config{Dir: t.TempDir()}, stageOrg, demo, records...)
}

func newStageIn(t testing.TB, config store.Config, org string, demo bool, records ...register.Entity) *stage {
	t.Helper()
	db, err := store.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	db.Now = func() time.Time { return now }
	if err := db.CreateOrganisation(t.Context(), store.Organisation{ID: org, Name: "Exempelstaden"}); err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), store.Act{Org: org, Who: "operator:test"}, func(tx *store.Tx) error {
		for _, rec := range append(scenery(), records...) {
			if err := tx.Put(rec); err != nil {
				return fmt.Errorf("%T %s: %w", rec, rec.Head().ID, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	a := &app.App{DB: db, Log: slog.New(slog.DiscardHandler), Files: files.Dir(t.TempDir()), Demo: demo}
	l := login.New(a, login.Config{Listen: "127.0.0.1:8080"})
	pages, err := web.New(web.Config{App: a, Login: l, Demo: demo})
	if err != nil {
		t.Fatal(err)
	}
	if !demo {
		if err := l.NewAccount(t.Context(), access.Operator(org, "test"), "samordnare", "samordnare", "tre små grisar byggde hus"); err != nil {
			t.Fatal(err)
		}
	}
	return &stage{a, pages, org}
}

// scenery is what the stories' records refer to.
func scenery() []register.Entity {
	in := func(id, unit string) register.Record { return register.Record{ID: id, Unit: unit} }
	records := []register.Entity{
		&isms.Unit{Record: in("city", "city"), Name: "Exempelstaden", Code: "EX", Kind: "city"},
		&isms.Unit{Record: in("board-a", "board-a"), Name: "Kulturnämnden", Code: "KUN", Kind: "board", Parent: "city"},
		&isms.Unit{Record: in("board-b", "board-b"), Name: "Tekniska nämnden", Code: "TEN", Kind: "board", Parent: "city"},
	}
	for _, a := range actors {
		records = append(records,
			&isms.Person{Record: in(a[0], a[2]), Name: strings.ToUpper(a[0][:1]) + a[0][1:]},
			&isms.Assignment{Record: in("roll-"+a[0], a[2]), Person: register.Ref[isms.Person](a[0]), Role: isms.Role(a[1])})
	}
	return append(records,
		&isms.System{Record: in("sys-a", "board-a"), Name: "Bokningen", Lifecycle: isms.InUse, Owner: "systemagare"},
		&isms.System{Record: in("sys-b", "board-a"), Name: "Biblioteket", Lifecycle: isms.InUse},
		&isms.ControlProcess{Record: in("process-a", "board-a"), Name: "Systematiskt informationssäkerhetsarbete"},
		&isms.ControlPlan{Record: in("plan-a", "board-a"), Title: "Internkontrollplan", Year: 2026},
		&isms.Control{Record: in("control-a", "board-a"), Name: "Konton efter avslut", Plan: "plan-a", Method: "spot_check"},
		&isms.Post{Record: in("post-a", "board-a"), Name: "Samordnare", Holder: "samordnare", ValidFrom: "2026-01-01"},
		&isms.Course{Record: in("course-a", "board-a"), Name: "Grundkursen", Kind: "e_learning"},
		&isms.Audit{Record: in("audit-a", "board-a"), Title: "Granskning av behörigheter", Auditor: "Stadsrevisionen", Year: 2024},
		&isms.DPOReport{Record: in("report-a", "board-a"), Title: "Årsrapport 2025", Year: 2025},
		&isms.Recommendation{Record: in("rec-a", "board-a"), Subject: "Se över behörigheter", Text: "Behörigheterna behöver ses över.", Audit: "audit-a"},
		&isms.Activity{Record: in("activity-a", "board-a"), Name: "Behörighetsgenomgång", State: isms.ActivityOngoing, Owner: "samordnare"},
		&isms.Supplier{Record: in("supplier-a", "board-a"), Name: "Vitsippan IT AB"},
		&isms.Agreement{Record: in("agreement-a", "board-a"), Title: "Driftavtal", Supplier: "supplier-a"},
		&isms.Processing{Record: in("processing-a", "board-a"), Name: "Bokning av lokaler", Role: "controller", State: "draft"},
		&isms.DPIA{Record: in("dpia-a", "board-a"), Title: "Bedömning av bokningen", Processing: "processing-a", State: "threshold"},
		&isms.Incident{Record: in("incident-a", "board-a"), Reference: "KUN-2026-001", Title: "Ett brev kom fel", State: "reported", ReportedAt: "2026-02-20T08:00:00.000000Z"},
		&isms.Playbook{Record: in("playbook-a", "board-a"), Name: "Rutin vid förlust"},
		&isms.PlaybookStep{Record: in("step-a", "board-a"), Playbook: "playbook-a", Order: 1, Kind: "block_sim", Name: "Spärra SIM-kortet"},
		&isms.DeviceLoss{Record: in("loss-a", "board-a"), Incident: "incident-a", Device: "phone", Loss: "lost", ReportedAt: "2026-02-20T08:00:00.000000Z"})
}

// A story is a text: what somebody asks for and what must come back.
//
//	as PERSON                    the next lines are asked by that person; "as nobody" signs out
//	GET /address                 asks
//	POST /address                sends the lines NAME = VALUE that follow, \n in them for a new line
//	file NAME TEXT               sends the lines as a form with a file in it: its name, and what it says, as Go writes strings
//	status 303                   must be the status; without it 200, or 303 after POST
//	body has TEXT                must stand on the page; {word KEY} gives the words of a key
//	body lacks TEXT
//	header NAME = TEXT           must be the header
//	keep NAME from EXPRESSION    a regular expression with one group, looked for in Location and on the page: later lines say {NAME}
//	say NAME = VALUE             later lines say {NAME}
//	until TEXT                   asks again, for ten seconds at most, until TEXT stands on the page: what goes on by itself may not be done
//	each NAME from EXPRESSION    sends everything like it on the page before as the field NAME
type player struct {
	t       *testing.T
	s       *stage
	cookies map[string]*http.Cookie
	said    map[string]string
	where   string // file and line

	method, address string
	form            url.Values
	file            [2]string // name and contents
	wanted          []func(*http.Response, string)
	status          int
	until           string // what the page is asked for again until it says
	last            string // the page before
}

func play(t *testing.T, s *stage, file string, said map[string]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &player{t: t, s: s, cookies: map[string]*http.Cookie{}, said: map[string]string{}}
	for name, value := range said {
		p.said[name] = value
	}
	p.lines(file, string(text))
}

func (p *player) lines(file, text string) {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		where := fmt.Sprintf("%s:%d", file, i+1)
		if name, ok := strings.CutPrefix(line, "lines "); ok { // lines that the caller said
			p.lines(where+" "+name, p.said[name])
			continue
		}
		if p.method == "" {
			p.where = where
		}
		p.line(where, p.fill(line))
	}
	if !strings.Contains(file, " ") {
		p.ask()
	}
}

var (
	spoken = regexp.MustCompile(`\{([a-z_]+)\}`)
	worded = regexp.MustCompile(`\{word ([a-z_.0-9]+)\}`)
)

// fill puts what was said or kept in place of {NAME}, and then words in place of {word KEY}.
func (p *player) fill(line string) string {
	line = spoken.ReplaceAllStringFunc(line, func(s string) string {
		value, ok := p.said[strings.Trim(s, "{}")]
		if !ok {
			p.t.Fatalf("%s: %s was not said before", p.where, s)
		}
		return value
	})
	return worded.ReplaceAllStringFunc(line, func(s string) string { return locale.Swedish.T(worded.FindStringSubmatch(s)[1]) })
}

func (p *player) line(where, line string) {
	verb, rest, _ := strings.Cut(line, " ")
	switch {
	case verb == "as":
		p.ask()
		p.as(rest)
	case verb == "GET" || verb == "POST":
		p.ask()
		p.where, p.method, p.address, p.form, p.file = where, verb, rest, url.Values{}, [2]string{}
		p.status = http.StatusOK
		if verb == "POST" {
			p.status = http.StatusSeeOther
		}
	case verb == "say":
		name, value, _ := strings.Cut(rest, " = ")
		p.said[name] = value
	case verb == "file":
		if n, err := fmt.Sscanf(rest, "%q %q", &p.file[0], &p.file[1]); n != 2 {
			p.t.Fatalf("%s: no file: %v", where, err)
		}
	case verb == "until":
		p.until = rest
	case verb == "status":
		fmt.Sscan(rest, &p.status)
	case strings.HasPrefix(line, "body has "):
		text := strings.TrimPrefix(line, "body has ")
		p.want(where, func(_ *http.Response, body string) bool { return strings.Contains(body, text) }, "the page does not say %q", text)
	case strings.HasPrefix(line, "body lacks "):
		text := strings.TrimPrefix(line, "body lacks ")
		p.want(where, func(_ *http.Response, body string) bool { return !strings.Contains(body, text) }, "the page says %q", text)
	case verb == "header":
		name, value, _ := strings.Cut(rest, " = ")
		p.want(where, func(r *http.Response, _ string) bool { return r.Header.Get(name) == value }, "the header %s is not %q", name, value)
	case verb == "each":
		name, expression, _ := strings.Cut(rest, " from ")
		for _, m := range regexp.MustCompile(expression).FindAllStringSubmatch(p.last, -1) {
			p.form.Add(name, html.UnescapeString(m[1]))
		}
	case verb == "keep":
		p.keep(where, rest)
	default:
		name, value, ok := strings.Cut(line+" ", " = ")
		if !ok || p.method != "POST" {
			p.t.Fatalf("%s: what does %q mean?", where, line)
		}
		p.form.Add(strings.TrimSpace(name), strings.NewReplacer(`\n`, "\n", `\xff`, "\xff").Replace(strings.TrimSpace(value)))
	}
}

func (p *player) want(where string, holds func(*http.Response, string) bool, format string, args ...any) {
	p.wanted = append(p.wanted, func(r *http.Response, body string) {
		p.t.Helper()
		if !holds(r, body) {
			p.t.Errorf("%s: %s\n%s", where, fmt.Sprintf(format, args...), plainText(body))
		}
	})
}

func (p *player) keep(where, rest string) {
	name, expression, _ := strings.Cut(rest, " from ")
	found := regexp.MustCompile(expression)
	p.wanted = append(p.wanted, func(r *http.Response, body string) {
		m := found.FindStringSubmatch(r.Header.Get("Location") + "\n" + body)
		if m == nil {
			p.t.Fatalf("%s: nothing is like %s\n%s", where, expression, plainText(body))
		}
		p.said[name] = html.UnescapeString(m[1])
	})
	p.ask()
}

// ask sends what has been told so far and holds the answer to what is wanted.
func (p *player) ask() {
	p.t.Helper()
	if p.method == "" {
		return
	}
	r := p.send(p.method, p.address, p.form)
	body, err := io.ReadAll(r.Body)
	for end := time.Now().Add(10 * time.Second); err == nil && !strings.Contains(string(body), p.until) && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
		r = p.send(p.method, p.address, p.form)
		body, err = io.ReadAll(r.Body)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	if !strings.Contains(string(body), p.until) {
		p.t.Errorf("%s: the page does not come to say %q\n%s", p.where, p.until, plainText(string(body)))
	}
	if r.StatusCode != p.status {
		p.t.Errorf("%s: %s %s answers %d, want %d\n%s", p.where, p.method, p.address, r.StatusCode, p.status, plainText(string(body)))
	}
	for _, marks := range []string{"[[", "ZgotmplZ", "%!", "&lt;nil&gt;"} {
		if strings.Contains(string(body), marks) && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			p.t.Errorf("%s: the page holds %q: %.200s", p.where, marks, string(body)[strings.Index(string(body), marks):])
		}
	}
	for _, want := range p.wanted {
		want(r, string(body))
	}
	p.method, p.until, p.wanted, p.last, p.file = "", "", nil, string(body), [2]string{}
}

func (p *player) send(method, address string, form url.Values) *http.Response {
	r := httptest.NewRequestWithContext(p.t.Context(), method, "http://127.0.0.1:8080"+strings.ReplaceAll(address, " ", "%20"), strings.NewReader(form.Encode()))
	r.RemoteAddr = "127.0.0.1:40000"
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if p.file[0] != "" {
			r.Body, r.Header["Content-Type"] = p.withFile(form)
		}
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range p.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	p.s.pages.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		p.cookies[c.Name] = c
		if c.MaxAge < 0 {
			delete(p.cookies, c.Name)
		}
	}
	return w.Result()
}

// withFile is the form as a browser sends it when there is a file in it.
func (p *player) withFile(form url.Values) (body io.ReadCloser, contentType []string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	var err error
	for name, values := range form {
		for _, value := range values {
			err = errors.Join(err, w.WriteField(name, value))
		}
	}
	file, fileErr := w.CreateFormFile("file", p.file[0])
	if fileErr == nil {
		_, fileErr = io.WriteString(file, p.file[1])
	}
	if err := errors.Join(err, fileErr, w.Close()); err != nil {
		p.t.Fatal(err)
	}
	return io.NopCloser(&b), []string{w.FormDataContentType()}
}

func (p *player) as(person string) {
	p.t.Helper()
	p.cookies = map[string]*http.Cookie{}
	if person == "nobody" {
		return
	}
	if r := p.send("POST", "/demo/step", url.Values{"person": {p.s.org + "/" + person}}); r.StatusCode != http.StatusSeeOther {
		p.t.Fatalf("%s: nobody can step into %s: %d", p.where, person, r.StatusCode)
	}
}

var tags = regexp.MustCompile(`(?s)<(head|nav)\b.*?</(head|nav)>|<[^>]*>`)

// plainText is a page without its tags, short enough to read in a test's output.
func plainText(body string) string {
	text := strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
	return text[:min(len(text), 700)]
}
