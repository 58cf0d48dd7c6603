// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// A SubmissionForm is a step of a case as it is to be sent: what the receiver asks for, in its order, filled in from what is known.
type SubmissionForm struct {
	isms.Deadline
	About      isms.Incident
	UnitName   string
	Now        register.Moment
	Receiver   string // if it is sent today
	Rule       law.Provision
	Form       law.Form
	Secrecy    *law.Provision // the provision that the report is secret under, nil for others
	Fields     []FormValue
	Situation  bool // the form is that of the situation report in the final report's place
	Either     bool // that choice is open
	Late       bool
	Versions   []isms.Submission // by number
	Titles     Titles
	MaySend    bool
	caseValues caseValues
}

// A FormValue is a field with its value. From says where the value comes from: a register, former for what was sent before, or "".
type FormValue struct {
	law.FormField
	Value, From string
}

// SubmissionForm returns the form of the deadline's step, or that of a situation report in the final report's place. The values are in
// Swedish in both languages: so the receiver reads them.
func (a *App) SubmissionForm(ctx context.Context, who access.Actor, deadline string, situation bool) (SubmissionForm, error) {
	f := SubmissionForm{Situation: situation}
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if f.Deadline, err = store.Get[isms.Deadline](tx, who.In(access.See, "deadline"), deadline); err != nil {
			return err
		}
		if f.About, err = store.Get[isms.Incident](tx, everywhere, string(f.Incident)); err != nil {
			return err
		}
		f.Now, f.MaySend = tx.Now(), who.May(access.Create, "submission", f.Unit)
		f.Late = f.Deadline.Late(f.Now)
		f.Either = f.Step == isms.FinalReport && f.Trigger == isms.StartNoticeSent && f.Runs()
		if situation && !f.Either {
			return isms.ErrNotFound
		}
		book, err := f.ruled(a, tx)
		if err != nil {
			return err
		}
		if err := f.versions(tx, who); err != nil {
			return err
		}
		if err := f.caseValues.read(tx, who, book, f.Deadline, f.About); err != nil {
			return err
		}
		f.UnitName = f.caseValues.unit.Name
		f.fill()
		return nil
	})
	return f, err
}

// ruled finds the rule, the form and who receives what is sent today.
func (f *SubmissionForm) ruled(a *App, tx *store.Tx) (*law.Book, error) {
	book, err := a.lawBook(tx)
	if err != nil {
		return nil, err
	}
	key, day := f.Deadline.Rule, dayHere(f.StartsAt)
	if f.Situation {
		key = "csl_situation_report"
	}
	f.Rule, _ = book.Rule(key, day)
	f.Form, _ = book.Form(key, day)
	f.Receiver = recipients(book, f.Rule, f.Now)
	if f.Step.Secret() {
		if p, ok := book.Rule("osl_incident_reports", dayHere(f.Now)); ok {
			f.Secrecy = &p
		}
	}
	return book, nil
}

func (f *SubmissionForm) versions(tx *store.Tx, who access.Actor) error {
	var err error
	if f.Versions, err = store.Linking[isms.Submission](tx, who.In(access.See, "submission"), "deadline", []string{f.ID}); err != nil {
		return err
	}
	slices.SortFunc(f.Versions, func(x, y isms.Submission) int { return cmp.Compare(x.Version, y.Version) })
	records := []register.Entity{&f.Deadline}
	for i := range f.Versions {
		records = append(records, &f.Versions[i])
	}
	f.Titles, err = titles(tx, who, links(records...))
	return err
}

// fill gives each field its value: what was sent in the version before, else what the registers know, else what an earlier step said.
func (f *SubmissionForm) fill() {
	latest := map[string]string{}
	if n := len(f.Versions); n > 0 {
		for _, one := range SentFields(f.Versions[n-1]) {
			latest[one.Key] = one.Value
		}
	}
	for _, field := range f.Form.Fields {
		v := FormValue{FormField: field}
		if said, ok := latest[field.Key]; ok {
			v.Value, v.From = said, "former"
		} else if v.Value, v.From = f.caseValues.value(field.Key); v.Value == "" {
			if v.Value = f.caseValues.earlier[field.Key]; v.Value != "" {
				v.From = "earlier"
			}
		}
		if register.IsMasked(v.Value) {
			v.Value = "" // what its reader may not see is nothing to send
		}
		if v.Value == "" {
			v.From = ""
		}
		f.Fields = append(f.Fields, v)
	}
}

// caseValues is what the registers know of a case.
type caseValues struct {
	deadline     isms.Deadline
	incident     isms.Incident
	breach       isms.Breach
	significance isms.Significance
	unit         isms.Unit
	contact      isms.Person
	officers     []isms.Person
	systems      []string
	measures     []isms.IncidentEntry
	facts        []law.Fact
	earlier      map[string]string // what was sent in earlier steps of the case
	authority    string            // the receiver's number of the case
}

func (c *caseValues) read(tx *store.Tx, who access.Actor, book *law.Book, d isms.Deadline, inc isms.Incident) error {
	c.deadline, c.incident, c.earlier = d, inc, map[string]string{}
	var err error
	get := func(f func() error) {
		if err == nil {
			err = f()
		}
	}
	get(func() (err error) { c.unit, err = store.Get[isms.Unit](tx, everywhere, d.Unit); return err })
	if d.Breach != "" {
		get(func() (err error) {
			c.breach, err = store.Get[isms.Breach](tx, everywhere, string(d.Breach))
			return err
		})
		get(func() (err error) {
			c.officers, err = officers(tx, d.Unit, register.Day(dayHere(tx.Now())))
			return err
		})
	} else {
		get(func() (err error) {
			c.significance, err = store.Get[isms.Significance](tx, everywhere, string(d.Significance))
			return err
		})
	}
	if id := cmp.Or(string(inc.Coordinator), who.Person); id != "" {
		get(func() (err error) { c.contact, err = store.Get[isms.Person](tx, everywhere, id); return err })
	}
	get(func() (err error) { return c.around(tx, book) })
	get(func() (err error) { return c.before(tx) })
	return err
}

// around reads what stands beside the incident: the systems' names and what was done.
func (c *caseValues) around(tx *store.Tx, book *law.Book) error {
	for _, id := range c.incident.Systems {
		s, err := store.Get[isms.System](tx, everywhere, string(id))
		if err != nil {
			return err
		}
		c.systems = append(c.systems, s.Name)
	}
	entries, err := store.Linking[isms.IncidentEntry](tx, everywhere, "incident", []string{c.incident.ID})
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Kind == "measure" {
			c.measures = append(c.measures, e)
		}
	}
	slices.SortFunc(c.measures, func(x, y isms.IncidentEntry) int { return cmp.Or(cmp.Compare(x.At, y.At), cmp.Compare(x.ID, y.ID)) })
	c.facts = book.FactsFor(c.significance.SectorKeys(), rulesOf(c.significance, tx.Now()))
	return nil
}

// before reads what earlier steps of the case said, and the number that the receiver gave it.
func (c *caseValues) before(tx *store.Tx) error {
	field, id := "breach", c.breach.ID
	if id == "" {
		field, id = "significance", c.significance.ID
	}
	all, err := store.Linking[isms.Deadline](tx, everywhere, field, []string{id})
	if err != nil {
		return err
	}
	var ids []string
	for _, d := range all {
		if d.ID == c.deadline.ID || d.SentAt == "" || d.Step == isms.PersonsInformed {
			continue
		}
		ids = append(ids, d.ID)
		c.authority = cmp.Or(d.CaseID, c.authority)
	}
	sent, err := store.Linking[isms.Submission](tx, everywhere, "deadline", ids)
	if err != nil {
		return err
	}
	slices.SortFunc(sent, func(x, y isms.Submission) int {
		return cmp.Or(cmp.Compare(x.SentAt, y.SentAt), cmp.Compare(x.ID, y.ID))
	})
	for _, s := range sent {
		for _, f := range SentFields(s) {
			if f.Value != "" {
				c.earlier[f.Key] = f.Value
			}
		}
	}
	delete(c.earlier, "update") // what was new then is not new now
	return nil
}

// value is what the registers know of the field, and which register.
func (c *caseValues) value(key string) (value, from string) {
	if f, ok := caseFields[key]; ok {
		value, from = f.value(c), f.from
		if c.breach.ID == "" && from == "breach" {
			from = "significance"
		}
	}
	return value, from
}

// caseFields is where the value of each field of a form comes from. What is not here somebody must write.
var caseFields = map[string]struct {
	from  string
	value func(*caseValues) string
}{
	"organisation":    {"unit", func(c *caseValues) string { return c.unit.Name }},
	"contact":         {"person", func(c *caseValues) string { return joined(", ", c.contact.Name, c.contact.Title, c.contact.Email) }},
	"contact_address": {"person", func(c *caseValues) string { return c.contact.Email }},
	"dpo":             {"person", (*caseValues).officerNames},
	"reference":       {"incident", func(c *caseValues) string { return cmp.Or(c.breach.Dnr, c.significance.Dnr, c.incident.Reference) }},
	"authority_case":  {"former", func(c *caseValues) string { return c.authority }},
	"ongoing":         {"incident", func(c *caseValues) string { return said("answer", string(c.incident.Ongoing)) }},
	"course":          {"incident", func(c *caseValues) string { return cmp.Or(c.breach.Nature, c.incident.Description, c.incident.Title) }},
	"discovered_at":   {"incident", func(c *caseValues) string { return wallClock(c.incident.DiscoveredAt) }},
	"discovered_how":  {"incident", func(c *caseValues) string { return c.incident.DiscoveredHow }},
	"happened_from":   {"incident", func(c *caseValues) string { return wallClock(c.incident.HappenedFrom) }},
	"happened_to":     {"incident", func(c *caseValues) string { return wallClock(c.incident.HappenedTo) }},
	"malicious":       {"incident", func(c *caseValues) string { return said("answer", string(c.incident.Malicious)) }},
	"supplier_origin": {"incident", func(c *caseValues) string { return said("answer", string(c.incident.SupplierOrigin)) }},
	"cross_border":    {"incident", func(c *caseValues) string { return said("answer", string(c.incident.CrossBorder)) }},
	"incident_kind":   {"incident", func(c *caseValues) string { return said("incident_kind", string(c.incident.Kind)) }},
	"status":          {"incident", func(c *caseValues) string { return said("incident_state", string(c.incident.State)) }},
	"cause": {"incident", func(c *caseValues) string {
		return joined(": ", said("cause_kind", string(c.incident.Cause)), c.incident.CauseText)
	}},
	"prevention":            {"incident", func(c *caseValues) string { return c.incident.Lessons }},
	"systems":               {"incident", func(c *caseValues) string { return strings.Join(c.systems, "\n") }},
	"effect":                {"significance", (*caseValues).knownFacts},
	"consequences":          {"breach", func(c *caseValues) string { return cmp.Or(c.breach.Consequences, c.significance.Hits) }},
	"protected_information": {"significance", (*caseValues).protected},
	"recipients_hit":        {"significance", func(c *caseValues) string { return c.significance.UsersHit.String() }},
	"measures":              {"breach", (*caseValues).done},
	"aware_at":              {"breach", func(c *caseValues) string { return wallClock(c.breach.AwareAt) }},
	"persons":               {"breach", func(c *caseValues) string { return c.breach.Persons.String() }},
	"records":               {"breach", func(c *caseValues) string { return c.breach.Records.String() }},
	"person_groups":         {"breach", func(c *caseValues) string { return c.breach.PersonGroups }},
	"data_kinds":            {"breach", func(c *caseValues) string { return c.breach.DataKinds }},
	"risk": {"breach", func(c *caseValues) string {
		return joined(": ", said("breach_risk", string(c.breach.Risk)), c.breach.RiskReason)
	}},
	"informed_at":      {"breach", func(c *caseValues) string { return wallClock(c.breach.InformedAt) }},
	"not_informed_why": {"breach", (*caseValues).notInformed},
}

// said is the words of a choice.
func said(list, value string) string {
	if value == "" {
		return ""
	}
	return locale.Swedish.T("choice." + list + "." + value)
}

// joined joins the texts that there are.
func joined(between string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), between)
}

// wallClock is the moment as clocks in Sweden show it.
func wallClock(m register.Moment) string {
	if !m.Valid() {
		return ""
	}
	return m.Time().In(law.Zone()).Format("2006-01-02 15:04")
}

func (c *caseValues) officerNames() string {
	names := make([]string, len(c.officers))
	for i, p := range c.officers {
		names[i] = joined(", ", p.Name, p.Email)
	}
	return strings.Join(names, "\n")
}

// knownFacts are the answers to the questions about how the activity was hit.
func (c *caseValues) knownFacts() string {
	known := c.significance.Facts()
	var lines []string
	for _, f := range c.facts {
		n, ok := known[f.Key]
		if !ok || f.Kind != law.FactHours && f.Kind != law.FactNumber {
			continue
		}
		lines = append(lines, f.Ask.SV+" "+strconv.FormatFloat(n, 'f', -1, 64))
	}
	return strings.Join(lines, "\n")
}

func (c *caseValues) protected() string {
	return joined("\n", said("answer", string(c.significance.Protected)), c.significance.PersonsHit.String())
}

// done is what has been done: as the breach has it, else the measures in the timeline.
func (c *caseValues) done() string {
	if c.breach.Measures != "" {
		return c.breach.Measures
	}
	lines := make([]string, len(c.measures))
	for i, e := range c.measures {
		lines[i] = wallClock(e.At) + " " + e.Text
	}
	return strings.Join(lines, "\n")
}

func (c *caseValues) notInformed() string {
	if c.breach.Inform != isms.No {
		return ""
	}
	return said("inform_ground", string(c.breach.InformGround))
}
