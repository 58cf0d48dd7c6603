// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"ledsyn/locale"
)

// A Frame is what every page has around its own matter. Each page's struct embeds it.
type Frame struct {
	Lang   locale.Lang
	Title  string   // the page's heading, and its title in the browser
	Failed bool     // the title begins with the word for an error
	Crumbs []Link   // the way here, the page itself left out
	Place  string   // the unit that the page is about
	Out    []Link   // the page's list as files
	Copy   []string // of a masked copy: who made it and what it rests on

	Organisation string
	Who          *Who // nil when nobody is signed in
	Nav          []NavGroup
	Demo         bool
	Here         string // the page's own address, to come back to
	Request      string
	Sheet        string // addresses of the files that pages share
	Script       string
	Icon         string
}

// Who is the person signed in, as pages name her.
type Who struct{ Name, Roles string }

// A Link is an address with its words.
type Link struct{ Text, URL string }

// A NavGroup is a heading in the navigation with what is under it.
type NavGroup struct {
	Text  string // "" for links without a heading
	Links []NavLink
	Folds []NavFold
}

// A NavFold is a part of a group that folds away.
type NavFold struct {
	Text  string
	Open  bool
	Links []NavLink
}

// A NavLink is a link in the navigation; Current is "page" for the page shown, "true" for one that it is under, else "".
type NavLink struct {
	Link
	Current string
}

// HTML writes the link. Links and table rows are written here and not by the templates because a page has hundreds of them, and
// html/template takes three microseconds for each. What leads nowhere is its text.
func (l Link) HTML() template.HTML {
	if l.URL == "" {
		return template.HTML(html.EscapeString(l.Text))
	}
	return template.HTML(`<a href="` + html.EscapeString(l.URL) + `">` + html.EscapeString(l.Text) + `</a>`)
}

// HTML writes the link with its mark, if it has one.
func (n NavLink) HTML() template.HTML {
	if n.Current == "" {
		return n.Link.HTML()
	}
	return template.HTML(`<a aria-current="` + n.Current + `"` + string(n.Link.HTML()[2:]))
}

// A Tag is a short state. Class is good, warn, bad, info or "".
type Tag struct{ Text, Class string }

func (f *Frame) frame() *Frame { return f }

// A page is a pointer to a struct that embeds Frame.
type page interface{ frame() *Frame }

// T gives the words of the key in the page's language.
func (f Frame) T(key string, args ...any) string { return f.Lang.T(key, args...) }

// Day writes a day, or the word for unknown.
func (f Frame) Day(day string) string { return f.Lang.Day(day) }

// Code is the language's code, for the attribute lang.
func (f Frame) Code() string { return string(f.Lang) }

// pageTypes are the pages and the struct that each is filled from.
var pageTypes = map[string]page{
	"access":               &AccessPage{},
	"access-leavers":       &LeaversPage{},
	"access-plan":          &AccessPlanPage{},
	"access-preview":       &AccessReviewPage{},
	"access-removal":       &RemovalPage{},
	"access-review":        &AccessReviewPage{},
	"account":              &AccountPage{},
	"archive":              &ArchivePage{},
	"check":                &CheckPage{},
	"check-items":          &CheckItemsPage{},
	"check-new":            &CheckNewPage{},
	"check-plan":           &CheckPlanPage{},
	"checks":               &ChecksPage{},
	"classify":             &ClassifyPage{},
	"clocks":               &ClocksPage{},
	"classify-decide":      &ClassifyDecidePage{},
	"classify-model":       &ClassifyModelPage{},
	"classify-new":         &ClassifyNewPage{},
	"classify-plan":        &ClassifyPlanPage{},
	"classify-set":         &WorkshopPage{},
	"classify-stop":        &ClassifyStopPage{},
	"conflict":             &ConflictPage{},
	"consultations":        &ConsultationsPage{},
	"control":              &ControlPage{},
	"control-difference":   &ControlDifferencePage{},
	"control-follow-up":    &ControlFollowUpPage{},
	"control-plan":         &ControlPlanPage{},
	"control-report":       &ControlReportPage{},
	"control-risks":        &ControlRisksPage{},
	"decide":               &DecidePage{},
	"demo":                 &DemoPage{},
	"device":               &DevicePage{},
	"device-done":          &DeviceDonePage{},
	"dpia":                 &DPIAPage{},
	"examine":              &ExaminePage{},
	"figure":               &FigurePage{},
	"figures":              &FiguresPage{},
	"form":                 &FormPage{},
	"frozen":               &FrozenPage{},
	"history":              &HistoryPage{},
	"import":               &ImportsPage{},
	"import-answers":       &ImportAnswersPage{},
	"import-columns":       &ImportColumnsPage{},
	"import-list":          &ImportListPage{},
	"import-preview":       &ImportPreviewPage{},
	"import-state":         &ImportStatePage{},
	"incident":             &IncidentPage{},
	"incident-links":       &IncidentLinksPage{},
	"incident-move":        &IncidentMovePage{},
	"incident-triage":      &IncidentTriagePage{},
	"incidents":            &IncidentsPage{},
	"journal":              &JournalPage{},
	"judge":                &MyPortionsPage{},
	"judge-bulk":           &JudgeBulkPage{},
	"judge-portion":        &PortionPage{},
	"law":                  &LawPage{},
	"list":                 &ListPage{},
	"login":                &LoginPage{},
	"notices":              &NoticesPage{},
	"message":              &MessagePage{},
	"newreview":            &NewReviewPage{},
	"organisation":         &OrganisationPage{},
	"population":           &PopulationPage{},
	"population-values":    &ValuesPage{},
	"feed":                 &FeedPage{},
	"posts":                &PostsPage{},
	"posts-mine":           &MyPostsPage{},
	"processing":           &ProcessingsPage{},
	"processing-campaign":  &CampaignPage{},
	"processing-entry":     &EntryPage{},
	"processing-transfers": &TransfersPage{},
	"processing-worklist":  &WorklistPage{},
	"protection":           &ProtectionPage{},
	"record":               &RecordPage{},
	"report-device":        &ReportDevicePage{},
	"report-done":          &ReportDonePage{},
	"report-own":           &OwnReportsPage{},
	"report-incident":      &ReportIncidentPage{},
	"requests":             &RequestsPage{},
	"review":               &ReviewPage{},
	"reviews":              &ReviewsPage{},
	"routine":              &RoutinePage{},
	"routine-order":        &RoutineOrderPage{},
	"routines":             &RoutinesPage{},
	"reads":                &ReadsPage{},
	"secrecy":              &SecrecyPage{},
	"section":              &SectionPage{},
	"start":                &StartPage{},
	"submission":           &SubmissionPage{},
	"track":                &TrackPage{},
}

// readPages parses each page with the frame and the parts that pages share. A file without a struct, or a struct without a file, is a
// mistake in the program.
func readPages() (map[string]*template.Template, error) {
	shared, err := template.New("").ParseFS(files, "pages/frame.html", "pages/parts.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		return nil, err
	}
	sets := map[string]*template.Template{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "frame" || name == "parts" {
			continue
		}
		if pageTypes[name] == nil {
			return nil, fmt.Errorf("web: pages/%s.html has no struct", name)
		}
		set, err := shared.Clone()
		if err == nil {
			set, err = set.ParseFS(files, file)
		}
		if err != nil {
			return nil, err
		}
		sets[name] = set
	}
	for name := range pageTypes {
		if sets[name] == nil {
			return nil, fmt.Errorf("web: %T has no pages/%s.html", pageTypes[name], name)
		}
	}
	return sets, nil
}
