// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"cmp"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

// RecordInput is everything that a record of processing is made from.
type RecordInput struct {
	Lang         locale.Lang
	Organisation string
	Unit         isms.Unit     // whose record it is, with the units below
	Officers     []isms.Person // the data protection officers on the day
	Records      metric.Records
	Figures      []metric.Figure // of the day, counted from the unit's own records; nil counts them from Records
	Day          register.Day
	Known        register.Moment // "" for now
	Public       bool            // leave out what is marked secret
}

// RecordOfProcessing makes the record of processing (registerförteckning, GDPR Art. 30) of a unit as it stands on the day:
// every entry in use, transfers, and who gets the data. It is pure: the same input gives the same Doc.
func RecordOfProcessing(in RecordInput) Doc {
	var left []string
	if in.Public {
		in.Records, left = Public(in.Records, in.Day)
	}
	r := &recordMaking{in: in, leftOut: left}
	r.making = newMaking(Input{Lang: in.Lang, Organisation: in.Organisation, Unit: in.Unit, Records: in.Records, Known: in.Known, Figures: in.Figures,
		Review: isms.Review{AsOf: in.Day, Year: in.Day.Year()}})
	d := Doc{Schema: DocSchema, Lang: string(in.Lang), Template: "record_of_processing", Front: r.front(), AsOf: string(in.Day),
		Known: string(in.Known), Words: r.words()}
	d.Sections = append(d.Sections, r.about())
	d.Sections = append(d.Sections, r.entries()...)
	d.Sections = append(d.Sections, r.transfers(), r.parties())
	if in.Public {
		d.Sections = append(d.Sections, r.left())
	}
	d.Notes, d.Figures = r.notes, r.shown
	return d
}

// Public takes away the entries that are marked secret and what only they rest on, and gives the provision that each is
// left out under.
func Public(r metric.Records, day register.Day) (metric.Records, []string) {
	var provisions []string
	shown := map[register.Ref[isms.Processing]]bool{}
	suppliers, agreements := map[register.Ref[isms.Supplier]]bool{}, map[register.Ref[isms.Agreement]]bool{}
	var open []isms.Processing
	for _, p := range r.Processings {
		if p.Secret {
			if metric.EntryInUse(p, day) {
				provisions = append(provisions, p.SecretReason)
			}
			continue
		}
		open = append(open, p)
		shown[register.Ref[isms.Processing](p.ID)] = true
		for _, s := range p.Suppliers {
			suppliers[s] = true
		}
		for _, a := range p.Agreements {
			agreements[a] = true
		}
	}
	for _, a := range r.Agreements {
		if agreements[register.Ref[isms.Agreement](a.ID)] {
			suppliers[a.Supplier] = true
		}
	}
	out := metric.Records{Units: r.Units, Persons: r.Persons, Systems: r.Systems, Sets: r.Sets, Processes: r.Processes, Decisions: r.Decisions,
		Processings: open}
	out.Transfers = keep(r.Transfers, func(t isms.Transfer) bool { return shown[t.Processing] })
	out.Suppliers = keep(r.Suppliers, func(s isms.Supplier) bool { return suppliers[register.Ref[isms.Supplier](s.ID)] })
	out.Agreements = keep(r.Agreements, func(a isms.Agreement) bool { return agreements[register.Ref[isms.Agreement](a.ID)] })
	out.SubProcessors = keep(r.SubProcessors, func(s isms.SubProcessor) bool { return agreements[s.Agreement] })
	out.DPIAs = keep(r.DPIAs, func(d isms.DPIA) bool { return shown[d.Processing] })
	slices.Sort(provisions)
	return out, provisions
}

func keep[T any](list []T, wanted func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return !wanted(v) })
}

// recordMaking is a record of processing in the making.
type recordMaking struct {
	*making
	in      RecordInput
	leftOut []string
}

func (r *recordMaking) front() Front {
	title := r.t("record.title")
	if r.in.Public {
		title = r.t("record.title_public")
	}
	f := Front{Organisation: r.in.Organisation, Title: title, Board: r.in.Unit.Name, Head: r.t("record.head", r.days(r.in.Day))}
	officers := make([]string, len(r.in.Officers))
	for i, p := range r.in.Officers {
		officers[i] = p.Name
		if p.Email != "" {
			officers[i] += ", " + p.Email
		}
	}
	f.Lines = []Line{r.controllers(), {r.t("record.front.officer"), r.orUnknown(strings.Join(officers, "; "))},
		{r.t("record.front.day"), r.days(r.in.Day)}}
	return f
}

// controllers names the units whose entries the record holds: each answers for its own.
func (r *recordMaking) controllers() Line {
	var names []string
	for _, p := range r.inUse() {
		if name := r.unitName(p.Unit); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return Line{r.t("record.front.controller"), r.in.Unit.Name}
	case 1:
		return Line{r.t("record.front.controller"), names[0]}
	}
	return Line{r.t("record.front.controllers"), r.lang.And(names)}
}

// inUse lists the entries in use, by unit and name.
func (r *recordMaking) inUse() []isms.Processing {
	list := keep(r.in.Records.Processings, func(p isms.Processing) bool { return metric.EntryInUse(p, r.in.Day) })
	slices.SortFunc(list, func(a, b isms.Processing) int {
		return cmp.Or(cmp.Compare(r.unitName(a.Unit), r.unitName(b.Unit)), cmp.Compare(a.Unit, b.Unit),
			cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return list
}

func (r *recordMaking) unitName(id string) string {
	for _, u := range r.in.Records.Units {
		if u.ID == id {
			return u.Name
		}
	}
	return id
}

func (r *recordMaking) about() Section {
	s := Section{Key: "about", Level: 1, Heading: r.t("record.about")}
	s.Blocks = append(s.Blocks, Block{Type: Paragraph, Text: r.say("record.about.is", r.days(r.in.Day))})
	n := len(r.inUse())
	if n == 0 && len(r.leftOut) == 0 {
		s.Blocks = append(s.Blocks, r.missing("record.about.empty")...)
		return s
	}
	s.Blocks = append(s.Blocks, Block{Type: Paragraph, Text: r.say("record.about.holds", n)})
	if r.in.Public {
		if len(r.leftOut) > 0 {
			s.Blocks = append(s.Blocks, Block{Type: Paragraph, Text: r.say("record.about.left_out", len(r.leftOut))})
		}
		return s
	}
	for _, key := range []string{"processings_complete", "processings_confirmed"} {
		if f := r.figure(key); f.Known && !f.Recorded {
			b := r.countedOf(f)
			b.Fact = key
			s.Blocks = append(s.Blocks, b)
		}
	}
	return s
}

// entries makes a section for each unit and role, and one for each entry below it.
func (r *recordMaking) entries() []Section {
	var out []Section
	heading := ""
	for _, role := range []bool{false, true} { // what the unit does on its own account before what it does for others
		for _, p := range r.inUse() {
			if (p.Role == isms.Processor) != role {
				continue
			}
			key := "record.as_controller"
			if role {
				key = "record.as_processor"
			}
			if h := r.t(key, r.unitName(p.Unit)); h != heading {
				heading = h
				out = append(out, Section{Key: "unit-" + p.Unit + "-" + key[len("record.as_"):], Level: 1, Heading: h})
			}
			out = append(out, Section{Key: "entry-" + p.ID, Level: 2, Heading: p.Name, Blocks: r.entry(p)})
		}
	}
	return out
}

// entryFields are the fields of an entry in the order of Article 30, and then what a municipality adds.
var entryFields = []string{"role", "purpose", "on_behalf_of", "joint_with", "legal_basis", "statute", "subjects", "persons_estimate",
	"data_categories", "personal_data", "special_basis", "special_statute", "criminal_data", "identity_numbers", "recipients", "transfers_out",
	"retention", "security", "information", "automated_decisions", "sources", "systems", "sets", "processes", "suppliers", "agreements",
	"owner", "approved_on", "version"}

// internalFields are not in the public version: who at the unit answers for the entry.
var internalFields = []string{"owner"}

// entry is a table of what the entry says. What is compulsory and lacking is said to be unknown; what is only empty is
// left out.
func (r *recordMaking) entry(p isms.Processing) []Block {
	schema, missing := register.Of[isms.Processing](), p.Missing()
	table := Block{Type: Table, Refs: []metric.Ref{ref("processing", p.ID)},
		Head: []Cell{{Text: plain(r.t("record.field")), Width: 1.15}, {Text: plain(r.t("record.content")), Width: 2.85}}}
	row := func(label, value string) {
		if value != "" {
			table.Rows = append(table.Rows, []Cell{{Text: plain(label)}, {Text: plain(value)}})
		}
	}
	for _, name := range entryFields {
		f, _ := schema.Field(name)
		value := r.value(f, &p)
		switch {
		case slices.Contains(missing, name):
			value = r.t("unknown")
		case r.in.Public && slices.Contains(internalFields, name), name == "version" && p.Version < 2:
			continue
		}
		row(r.t("processing."+name), value)
		if name == "transfers_out" {
			row(r.t("record.transfers"), r.transfersOf(p))
			row(r.t("record.foreign_parents"), r.foreignParents(p))
		}
	}
	if p.Role != isms.Processor { // it is the controller who assesses
		row(r.t("record.dpia"), r.assessment(p))
	}
	return []Block{table}
}

// value is the field's value in words.
func (r *recordMaking) value(f register.Field, rec register.Entity) string {
	text := f.Text(rec)
	switch {
	case text == "":
		return ""
	case f.Kind == register.Choice:
		return r.t(f.ChoiceKey(text))
	case f.Kind == register.Date:
		return r.days(register.Day(text))
	case f.Kind == register.Number:
		n, _ := rec.(*isms.Processing).PersonsEstimate.Known()
		return r.lang.Number(n)
	case f.Kind == register.Link || f.Kind == register.Links:
		var titles []string
		for _, id := range f.IDs(rec) {
			titles = append(titles, r.name(f.Target, id))
		}
		return strings.Join(titles, ", ")
	}
	return oneLine(text)
}

// name is what the record that a link points at is called.
func (r *recordMaking) name(kind, id string) string {
	switch kind {
	case "person":
		return cmp.Or(r.who(id), id)
	case "system":
		return nameOf(r.in.Records.Systems, id, func(v isms.System) (string, string) { return v.ID, v.Name })
	case "information_set":
		return nameOf(r.in.Records.Sets, id, func(v isms.InformationSet) (string, string) { return v.ID, v.Name })
	case "process":
		return nameOf(r.in.Records.Processes, id, func(v isms.Process) (string, string) { return v.ID, v.Name })
	case "supplier":
		return nameOf(r.in.Records.Suppliers, id, func(v isms.Supplier) (string, string) { return v.ID, v.Name })
	case "agreement":
		return nameOf(r.in.Records.Agreements, id, func(v isms.Agreement) (string, string) { return v.ID, v.Title })
	}
	return id
}

func nameOf[T any](list []T, id string, of func(T) (string, string)) string {
	for _, v := range list {
		if is, name := of(v); is == id {
			return name
		}
	}
	return id
}

// country is what a country is called in the document's language.
func (r *recordMaking) country(code string) string {
	if c, ok := law.CountryOf(code); ok {
		return c.Name.In(string(r.lang))
	}
	return r.orUnknown(code)
}

func (r *recordMaking) assessment(p isms.Processing) string {
	switch s := metric.DPIAStates(r.in.Records, r.in.Day)[p.ID]; {
	case !s.Known:
		return r.t("record.dpia.untested")
	case !s.Needed:
		return r.t("record.dpia.not_needed")
	case !s.Decided:
		return r.t("record.dpia.needed")
	}
	return r.t("record.dpia.decided")
}
