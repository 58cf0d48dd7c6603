// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed *.yaml
var files embed.FS

// A library is everything in the files, checked.
type library struct {
	rules     []Provision
	index     map[string]int
	bodies    map[string]Body
	origins   []Origin
	holidays  []holiday
	countries map[string]Country
}

// A sheet is what one file may hold.
type sheet struct {
	Rules     []Provision `yaml:"rules"`
	Bodies    []Body      `yaml:"bodies"`
	Origins   []Origin    `yaml:"origins"`
	Holidays  []holiday   `yaml:"holidays"`
	Countries []Country   `yaml:"countries"`
}

func mustLoad() library {
	lib, err := load(files)
	if err != nil {
		panic("law: " + err.Error())
	}
	return lib
}

func load(fsys fs.FS) (library, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return library{}, err
	}
	lib := library{index: map[string]int{}, bodies: map[string]Body{}, countries: map[string]Country{}}
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return library{}, err
		}
		var s sheet
		d := yaml.NewDecoder(bytes.NewReader(text))
		d.KnownFields(true)
		if err := d.Decode(&s); err != nil {
			return library{}, fmt.Errorf("%s: %w", name, err)
		}
		if err := lib.add(s); err != nil {
			return library{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	slices.SortFunc(lib.rules, func(a, b Provision) int { return cmp.Compare(a.Key, b.Key) })
	slices.SortFunc(lib.origins, func(a, b Origin) int { return cmp.Compare(a.Key, b.Key) })
	for i, p := range lib.rules {
		if _, twice := lib.index[p.Key]; twice {
			return library{}, fmt.Errorf("the rule %q comes twice", p.Key)
		}
		lib.index[p.Key] = i
	}
	for _, p := range lib.rules {
		if err := lib.check(p); err != nil {
			return library{}, fmt.Errorf("the rule %q: %w", p.Key, err)
		}
	}
	for _, c := range lib.countries {
		if i, ok := lib.index[c.Adequacy]; c.Adequacy != "" && (!ok || lib.rules[i].Kind != Decision) {
			return library{}, fmt.Errorf("the country %q: %q is no decision", c.Code, c.Adequacy)
		}
	}
	return lib, nil
}

func (lib *library) add(s sheet) error {
	lib.rules = append(lib.rules, s.Rules...)
	lib.origins = append(lib.origins, s.Origins...)
	for _, b := range s.Bodies {
		if _, twice := lib.bodies[b.Key]; twice || b.Key == "" || !b.Name.whole() {
			return fmt.Errorf("the body %q comes twice or lacks a name", b.Key)
		}
		lib.bodies[b.Key] = b
	}
	for _, o := range s.Origins {
		if o.Key == "" || o.What == "" {
			return fmt.Errorf("the origin %q says not what it is", o.Key)
		}
	}
	for _, h := range s.Holidays {
		if err := h.check(); err != nil {
			return fmt.Errorf("the holiday %q: %w", h.Name.EN, err)
		}
	}
	lib.holidays = append(lib.holidays, s.Holidays...)
	for _, c := range s.Countries {
		if _, twice := lib.countries[c.Code]; twice {
			return fmt.Errorf("the country %q comes twice", c.Code)
		}
		if err := c.check(); err != nil {
			return fmt.Errorf("the country %q: %w", c.Code, err)
		}
		lib.countries[c.Code] = c
	}
	return nil
}

func (t Text) whole() bool { return t.SV != "" && t.EN != "" }

var (
	keyShape = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	kinds    = []Kind{Statute, Regulation, Directive, Authority, Demand, Deadline, Decision}
	degrees  = []Reliability{Read, Secondary, Inferred, Unverified}
)

func (lib *library) check(p Provision) error {
	_, bodyKnown := lib.bodies[p.AdoptedBy]
	switch {
	case !keyShape.MatchString(p.Key):
		return errors.New("the key is not written in small letters")
	case !slices.Contains(kinds, p.Kind):
		return fmt.Errorf("unknown kind %q", p.Kind)
	case !slices.Contains(degrees, p.Reliability):
		return fmt.Errorf("unknown reliability %q", p.Reliability)
	case p.ShowAsLaw && p.Reliability != Read:
		return errors.New("shown as law, but not read in the statute's own text")
	case !p.Title.whole() || !p.Demands.whole():
		return errors.New("title or demands lack a language")
	case (p.Note.SV == "") != (p.Note.EN == ""):
		return errors.New("the note lacks a language")
	case p.Source == "" || len(p.ReadIn) == 0:
		return errors.New("no source")
	case !isDay(p.VerifiedOn):
		return errors.New("not said when it was verified")
	case p.AdoptedBy != "" && !bodyKnown:
		return fmt.Errorf("unknown body %q", p.AdoptedBy)
	case p.Threshold < 0:
		return errors.New("a threshold below nothing")
	case p.Kind == Directive && (p.AdoptedBy == "" || p.AdoptedOn == ""):
		return errors.New("a directive without adopter or day of adoption")
	case (p.Kind == Deadline) != (p.Clock != nil):
		return errors.New("deadlines have a clock, others none")
	}
	return firstOf(lib.checkLinks(p), checkDays(p), p.Clock.check())
}

func firstOf(errs ...error) error {
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}

func (lib *library) checkLinks(p Provision) error {
	for _, key := range slices.Concat(p.Replaces, p.Implements) {
		if _, ok := lib.index[key]; !ok || key == p.Key {
			return fmt.Errorf("names the rule %q, which is none", key)
		}
	}
	for _, key := range p.ReadIn {
		if !slices.ContainsFunc(lib.origins, func(o Origin) bool { return o.Key == key }) {
			return fmt.Errorf("read in %q, which is no origin", key)
		}
	}
	return nil
}

func checkDays(p Provision) error {
	days := []string{p.AdoptedOn, p.From, p.To}
	for _, r := range p.Recipients {
		if !r.Name.whole() || !slices.Contains(degrees, r.Reliability) {
			return errors.New("a recipient lacks a name or its reliability")
		}
		if r.To != "" && r.To < r.From {
			return errors.New("a recipient's days are in the wrong order")
		}
		days = append(days, r.From, r.To)
	}
	for _, day := range days {
		if day != "" && !isDay(day) {
			return fmt.Errorf("%q is no day", day)
		}
	}
	if p.To != "" && p.To < p.From {
		return errors.New("ends before it begins")
	}
	return nil
}

func (c *Clock) check() error {
	if c == nil {
		return nil
	}
	lengths := 0
	for _, n := range []int{c.Hours, c.Days, c.Months} {
		if n < 0 {
			return errors.New("a negative period")
		}
		if n > 0 {
			lengths++
		}
	}
	inHours := c.Calendar == Hours || c.Calendar == HoursEU
	switch {
	case !c.Starts.whole():
		return errors.New("not said when the clock starts")
	case !slices.Contains([]Calendar{Hours, HoursEU, Swedish, EU, Local}, c.Calendar):
		return fmt.Errorf("unknown calendar %q", c.Calendar)
	case c.Calendar == Local && lengths != 0, c.Calendar != Local && lengths != 1:
		return errors.New("a period has one length, in hours, days or months, and a local one none")
	case c.Calendar != Local && inHours != (c.Hours > 0):
		return errors.New("the calendar does not fit the unit of time")
	}
	return nil
}

// A holiday is a rule for a day of the year that is no working day: a date, a number of days from Easter Day, or the
// first given weekday from a date on. An eve is free under the act 1930:173 only.
type holiday struct {
	Name    Text   `yaml:"name"`
	Date    string `yaml:"date"`    // 12-24
	Easter  *int   `yaml:"easter"`  // -2 is Good Friday
	Weekday string `yaml:"weekday"` // saturday
	OnAfter string `yaml:"from"`    // 06-20
	Eve     bool   `yaml:"eve"`
}

func (h holiday) check() error {
	forms := 0
	for _, has := range []bool{h.Date != "", h.Easter != nil, h.Weekday != ""} {
		if has {
			forms++
		}
	}
	_, dateErr := time.Parse("01-02", cmp.Or(h.Date, h.OnAfter, "01-01"))
	switch {
	case !h.Name.whole():
		return errors.New("no name")
	case forms != 1 || (h.Weekday != "") != (h.OnAfter != ""):
		return errors.New("has not one form")
	case dateErr != nil:
		return dateErr
	case h.Weekday != "" && weekdays[h.Weekday] == 0:
		return fmt.Errorf("unknown weekday %q", h.Weekday)
	}
	return nil
}

// weekdays lists those that holidays fall on by rule. Sunday is free in any case.
var weekdays = map[string]time.Weekday{"monday": time.Monday, "thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday}
