// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// Post is an area of responsibility (ansvarsområde) in the organisation for information security: what somebody is to see to in a unit, who
// holds it and who steps in. The record belongs to that unit. It gives no rights in the program: an Assignment does.
type Post struct {
	Record
	Name        string                 `reg:"required,max=120,listed,find"` // the role: Informationssäkerhetssamordnare
	Description string                 `reg:"prose,max=8000"`               // the text that its holder confirms
	Holder      register.Ref[Person]   `reg:"listed"`
	Deputy      register.Ref[Person]   `reg:"listed"`
	ValidFrom   register.Day           `reg:"listed"`
	ValidTo     register.Day           `reg:"listed"`
	Several     bool                   `reg:""`       // more than one may hold it in the unit at the same time
	Course      register.Ref[Course]   `reg:""`       // that its holder is to have taken
	TrainedOn   register.Day           `reg:"listed"` // when the holder took it
	Document    register.Ref[Document] `reg:""`       // that sets it up
}

// Holds reports whether the post is to be held on the day.
func (p Post) Holds(on register.Day) bool {
	return during(p.ValidFrom, p.ValidTo, on) && (p.Retired == "" || on < p.Retired)
}

// Wrong reports ends in the wrong order, and a deputy who is the holder.
func (p Post) Wrong() []register.Wrong {
	wrong := order("valid_to", p.ValidFrom, p.ValidTo)
	if p.Holder != "" && p.Holder == p.Deputy {
		wrong = append(wrong, register.Wrong{Field: "deputy", Code: "deputy_is_holder"})
	}
	return wrong
}

// PostConfirmation is a holder's word, once a year, that she holds the post and knows what it means.
type PostConfirmation struct {
	Record
	Post        register.Ref[Post]   `reg:"required,listed"`
	Person      register.Ref[Person] `reg:"required,listed"`
	ConfirmedOn register.Day         `reg:"required,listed"`
	Text        string               `reg:"prose,max=8000"` // of the post as it was confirmed
	Note        string               `reg:"prose,max=2000"`
}

// Title names the confirmation by its day.
func (c PostConfirmation) Title() string { return string(c.ConfirmedOn) }
