// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"fmt"
	"html"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/report"
)

// chartHTML is a drawing made by chart, and docHTML a part of a document made by report: both escape all they are given.
type (
	chartHTML = template.HTML
	docHTML   = template.HTML
)

const mostSources = 6

// documentPart writes the blocks of a section that keep lets through, each figure a link to what it was counted from, each fact with links
// to the records it rests on.
func (v *visit) documentPart(doc report.Doc, unit string, s report.Section, keep func(report.Block) bool) (docHTML, error) {
	s.Blocks = slices.DeleteFunc(slices.Clone(s.Blocks), func(b report.Block) bool { return !keep(b) })
	titles, err := v.sources(s.Blocks)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = report.SectionHTML(&b, doc, s, report.Links{
		Figure: func(ref string) string {
			id, day, _ := strings.Cut(ref, "@")
			return "/figures/" + escapePath(id) + "?" + url.Values{"unit": {unit}, "day": {day}}.Encode()
		},
		After: func(refs []app.Ref) string { return v.after(refs, titles) },
	})
	return docHTML(b.String()), err
}

// after is the links behind a sentence, those that may be seen.
func (v *visit) after(refs []app.Ref, titles app.Titles) string {
	var links []string
	for _, r := range refs {
		if t := titles.Of(r.Kind, r.ID); t != "" {
			links = append(links, fmt.Sprintf(`<a href="%s">%s</a>`, address(r.Kind, r.ID), html.EscapeString(t)))
		}
	}
	if len(links) == 0 {
		return ""
	}
	if len(links) == 1 && len(refs) == 1 { // mostly of the same name as the sentence tells
		r := refs[0]
		return fmt.Sprintf(` <a class="source" href="%s">%s<span class="hidden"> %s</span></a>`, address(r.Kind, r.ID),
			html.EscapeString(v.lang.T("web.section.source")), html.EscapeString(titles.Of(r.Kind, r.ID)))
	}
	more := ""
	if n := len(links) - mostSources; n > 0 {
		links = links[:mostSources]
		more = " " + html.EscapeString(v.lang.T("web.section.more_sources", n))
	}
	return fmt.Sprintf(` <span class="source">%s %s%s</span>`, html.EscapeString(v.lang.T("web.section.sources")), strings.Join(links, ", "), more)
}

// sources looks up the titles of the records that the blocks rest on, as far as they may be seen.
func (v *visit) sources(blocks []report.Block) (app.Titles, error) {
	wanted := map[string][]string{}
	add := func(refs []app.Ref) {
		for _, r := range refs {
			if _, ok := isms.Register(r.Kind); ok && !slices.Contains(wanted[r.Kind], r.ID) {
				wanted[r.Kind] = append(wanted[r.Kind], r.ID)
			}
		}
	}
	var gather func(blocks []report.Block)
	gather = func(blocks []report.Block) {
		for _, b := range blocks {
			add(b.Refs)
			for _, item := range b.Items {
				add(item.Refs)
			}
			gather(b.Blocks)
		}
	}
	gather(blocks)
	titles := app.Titles{}
	for kind, ids := range wanted {
		named, err := v.site.app.Names(v.r.Context(), v.who, kind, ids)
		if err != nil {
			return nil, err
		}
		titles[kind] = named
	}
	return titles, nil
}
