// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"strings"
	"sync"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// Nobody judges their own rights. What is compared is this, folded: a row's person, e-mail and account, with the reviewer's own id, employee number and
// e-mail, with those of every other record of a person that shares a number or an e-mail with one of them, and with the numbers and e-mails that
// the HR list gives to the same; an account also with the part of those e-mails before the @. A name is compared only where a row has
// nothing else. What matches too much costs no more than that somebody else judges.

// A self is all that somebody is known by.
type self struct {
	called   map[string]bool // numbers, e-mails and ids
	accounts map[string]bool // the beginnings of the e-mails
	names    map[string]bool
}

// A rowNames is how a row names its person, folded.
type rowNames struct{ person, email, account, name string }

// isIn reports whether the row is about whom the self is.
func (s self) isIn(n rowNames) bool {
	switch {
	case n.person != "" && s.called[n.person], n.email != "" && s.called[n.email], n.account != "" && (s.called[n.account] || s.accounts[n.account]):
		return true
	case n.person == "" && n.email == "" && n.account == "":
		return n.name != "" && s.names[n.name]
	}
	return false
}

// nameColumns tells which columns of a list name a row's person; -1 is none.
type nameColumns struct{ person, email, account, name int }

func namesIn(p *isms.Population) nameColumns {
	meaning := columnMeanings(*p)
	at := func(what string) int {
		if i, ok := meaning[what]; ok {
			return i
		}
		return -1
	}
	return nameColumns{at("person"), at("email"), at("account"), at("name")}
}

func (c nameColumns) of(cells []string) rowNames {
	cell := func(i int) string {
		if i < 0 || i >= len(cells) {
			return ""
		}
		return sheet.Fold(cells[i])
	}
	return rowNames{cell(c.person), cell(c.email), cell(c.account), cell(c.name)}
}

// knownPersons keeps what persons are called in each organisation, and takes in what the journal has noted since. What somebody was called
// once stays, since an old number may stand in an old list.
type knownPersons struct {
	mu sync.Mutex
	of map[string]*calledPersons
}

type calledPersons struct {
	seq   int64
	calls map[string]map[string]bool // by person: number, e-mail, id
	whose map[string]map[string]bool // the other way
	names map[string]map[string]bool // by person
}

func (c *calledPersons) add(p *isms.Person) {
	for _, text := range []string{p.ID, p.Number, p.Email} {
		if text = sheet.Fold(text); text != "" {
			put(c.calls, p.ID, text)
			put(c.whose, text, p.ID)
		}
	}
	put(c.names, p.ID, sheet.Fold(p.Name))
}

func put(m map[string]map[string]bool, key, value string) {
	if m[key] == nil {
		m[key] = map[string]bool{}
	}
	m[key][value] = true
}

// read takes in the persons up to the transaction's moment. Within an act that makes persons it must not be used: what is not yet kept
// would be remembered.
func (c *calledPersons) read(tx *store.Tx) error {
	seq, _, _, err := tx.Head()
	if err != nil || seq == c.seq && c.calls != nil {
		return err
	}
	if c.calls != nil && c.seq < seq {
		err = tx.Since(c.seq, []string{"person"}, func(e store.Entry) error {
			if e.Erased() {
				return nil
			}
			rec, err := e.Record()
			if err == nil {
				c.add(rec.(*isms.Person))
			}
			return err
		})
		c.seq = seq
		return err
	}
	*c = calledPersons{seq: seq, calls: map[string]map[string]bool{}, whose: map[string]map[string]bool{}, names: map[string]map[string]bool{}}
	var all []isms.Person
	err = tx.Unveiled(func() error { return load(tx, &all) })
	for i := range all {
		c.add(&all[i])
	}
	return err
}

// closure is all that the person is called, by any of the records that share a number or an e-mail. more gives what else belongs to a
// number or an e-mail.
func (c *calledPersons) closure(person string, more func(called string) ([]string, error)) (self, error) {
	s := self{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	met := map[string]bool{person: true}
	queue := []string{person}
	for len(queue) > 0 {
		one := queue[0]
		queue = queue[1:]
		for name := range c.names[one] {
			s.names[name] = true
		}
		texts := []string{sheet.Fold(one)}
		for text := range c.calls[one] {
			texts = append(texts, text)
		}
		for i := 0; i < len(texts); i++ {
			text := texts[i]
			if text == "" || s.called[text] {
				continue
			}
			s.called[text] = true
			if local, _, is := strings.Cut(text, "@"); is && local != "" {
				s.accounts[local] = true
			}
			others, err := more(text)
			if err != nil {
				return self{}, err
			}
			texts = append(texts, others...)
			for other := range c.whose[text] {
				if !met[other] {
					met[other] = true
					queue = append(queue, other)
				}
			}
		}
	}
	return s, nil
}

// selfOf is all that the person is called today, with what the HR list, "" for none, adds.
func (a *App) selfOf(tx *store.Tx, org, person, staff string) (self, error) {
	more := func(string) ([]string, error) { return nil, nil }
	if staff != "" {
		p, err := store.Get[isms.Population](tx, everywhere, staff)
		if err != nil {
			return self{}, err
		}
		if p.DisposedOn == "" {
			more = staffCalls(tx, &p)
		}
	}
	a.known.mu.Lock()
	defer a.known.mu.Unlock()
	c, err := a.known.in(tx, org)
	if err != nil {
		return self{}, err
	}
	return c.closure(person, more)
}

// in returns the organisation's persons as the transaction sees them. The caller holds the lock.
func (k *knownPersons) in(tx *store.Tx, org string) (*calledPersons, error) {
	c := k.of[org]
	if c == nil {
		c = &calledPersons{}
	}
	if err := c.read(tx); err != nil {
		delete(k.of, org)
		return nil, err
	}
	if k.of == nil {
		k.of = map[string]*calledPersons{}
	}
	k.of[org] = c
	return c, nil
}

// staffCalls looks up in the HR list what belongs to the same person as a number or an e-mail.
func staffCalls(tx *store.Tx, p *isms.Population) func(string) ([]string, error) {
	names := namesIn(p)
	return func(called string) (others []string, err error) {
		for _, column := range []int{names.person, names.email} {
			if column < 0 {
				continue
			}
			err := tx.SetPicked(p.ID, store.SetQuery{Where: []store.SetCondition{{Column: column, Op: "is", Value: called}}}, func(_ int64, cells []string) error {
				n := names.of(cells)
				for _, text := range []string{n.person, n.email} {
					if text != "" {
						others = append(others, text)
					}
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
		return others, nil
	}
}

// staffBehind is the HR list that an access review is held against, "" for none.
func staffBehind(tx *store.Tx, review string) (string, error) {
	if review == "" {
		return "", nil
	}
	r, err := store.Get[isms.AccessReview](tx, everywhere, review)
	return string(r.Staff), err
}

// active reports whether the person is there on the day.
func active(p isms.Person, on register.Day) bool { return p.Retired == "" || on < p.Retired }
