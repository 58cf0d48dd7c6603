// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// ClassificationModel is one version of the scale that classifications, risks and incidents are judged on. A record
// keeps the version it was made with. Its words are model.VERSION.level.LEVEL for a level's name, and Criterion for
// what each level means in each category.
type ClassificationModel struct {
	Version    string        `json:"version"`
	Aspects    []ModelAspect `json:"aspects"`
	Levels     []ModelLevel  `json:"levels"` // the lowest first
	Categories []Category    `json:"categories"`
}

// ModelAspect is an aspect as a model has it.
type ModelAspect struct {
	Aspect     Aspect `json:"aspect"`
	Code       string `json:"code"` // the letter of the compact notation
	Compulsory bool   `json:"compulsory"`
}

// ModelLevel is a level as a model has it. Colour is the name of a class of colour, never the only sign of a level.
type ModelLevel struct {
	Level  Level  `json:"level"`
	Colour string `json:"colour"`
	Stop   bool   `json:"stop"` // may concern Sweden's security: referred, never described here
}

// Category is a kind of consequence. Classifications, risks and incidents use the same.
type Category string

// Choices lists every category that any model has.
func (Category) Choices() []string {
	return []string{"economy", "operations", "law", "trust", "society", "injury", "environment"}
}

// Aspects lists the aspects in the order of the compact notation.
func Aspects() []Aspect { return []Aspect{Confidentiality, Integrity, Availability, Traceability} }

// Has reports whether the model has the level.
func (m ClassificationModel) Has(l Level) bool {
	return slices.ContainsFunc(m.Levels, func(ml ModelLevel) bool { return ml.Level == l })
}

// Stops reports whether the level is one that the program must not keep anything about.
func (m ClassificationModel) Stops(l Level) bool {
	return slices.ContainsFunc(m.Levels, func(ml ModelLevel) bool { return ml.Level == l && ml.Stop })
}

// Colour is the level's class of colour, or "unclassified" for a level that is not there.
func (m ClassificationModel) Colour(l Level) string {
	for _, ml := range m.Levels {
		if ml.Level == l {
			return ml.Colour
		}
	}
	return "unclassified"
}

// Compulsory reports whether a decided classification must judge the aspect.
func (m ClassificationModel) Compulsory(a Aspect) bool {
	return slices.ContainsFunc(m.Aspects, func(ma ModelAspect) bool { return ma.Aspect == a && ma.Compulsory })
}

// Criterion is the key of the words for what the level means in the category.
func (m ClassificationModel) Criterion(c Category, l Level) string {
	if m.Stops(l) {
		return "model." + m.Version + ".stop"
	}
	return "model." + m.Version + "." + string(c) + "." + string(l)
}

// LevelName is the key of the words for the level's name.
func (m ClassificationModel) LevelName(l Level) string {
	return "model." + m.Version + ".level." + string(l)
}

// CurrentModel is the version that new classifications are made with where nobody chooses another.
const CurrentModel = "klassa-0-4"

//go:embed models/*.json
var modelFiles embed.FS

// modelData is read once. A fault in it is a mistake in the program, found by the first test.
var modelData = sync.OnceValue(func() (d struct {
	models   []ClassificationModel
	mappings []ModelMapping
}) {
	entries, err := modelFiles.ReadDir("models")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		data, err := modelFiles.ReadFile("models/" + e.Name())
		if err != nil {
			panic(err)
		}
		if e.Name() == "mappings.json" {
			mustUnmarshal(e.Name(), data, &d.mappings)
			continue
		}
		var m ClassificationModel
		mustUnmarshal(e.Name(), data, &m)
		if m.Version != strings.TrimSuffix(e.Name(), ".json") {
			panic("isms: the model in " + e.Name() + " has another name")
		}
		d.models = append(d.models, m)
	}
	return d
})

func mustUnmarshal(name string, data []byte, into any) {
	if err := json.Unmarshal(data, into); err != nil {
		panic("isms: " + name + ": " + err.Error())
	}
}

// Models lists the models that ship, by version.
func Models() []ClassificationModel { return slices.Clone(modelData().models) }

// Model returns the model of that version.
func Model(version string) (ClassificationModel, bool) {
	for _, m := range modelData().models {
		if m.Version == version {
			return m, true
		}
	}
	return ClassificationModel{}, false
}

// ModelMapping says which level of one version answers to which of another. A level that is not there has no counterpart
// and must be judged anew.
type ModelMapping struct {
	From   string          `json:"from"`
	To     string          `json:"to"`
	Levels map[Level]Level `json:"levels"`
}

// Mapping returns the mapping between two versions.
func Mapping(from, to string) (ModelMapping, bool) {
	for _, m := range modelData().mappings {
		if m.From == from && m.To == to {
			return m, true
		}
	}
	return ModelMapping{}, false
}

// Moved is the classification as the mapping carries it to another version: a proposal that names the former, decided by
// nobody. Levels without a counterpart are left empty, to be judged.
func (m ModelMapping) Moved(c Classification) Classification {
	moved := c
	moved.Record = Record{Unit: c.Unit}
	moved.Former, moved.Model, moved.State = refTo(c), m.To, ClassificationProposed
	moved.DecidedBy, moved.DecidedOn, moved.ValidUntil, moved.ProposedOn = "", "", "", ""
	for _, a := range Aspects() {
		j := c.Judgement(a)
		j.Level = m.Levels[j.Level]
		by, _ := ParseBy(j.By)
		for i := range by {
			by[i].Level = m.Levels[by[i].Level]
		}
		j.By = FormatBy(slices.DeleteFunc(by, func(cl CategoryLevel) bool { return cl.Level == "" }))
		moved.SetJudgement(a, j)
	}
	return moved
}
