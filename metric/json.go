// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"encoding/json"

	"ledsyn/register"
)

// written is a figure as JSON keeps it: what is not known is null, so that no reader takes it for 0.
type written struct {
	Key         string       `json:"key"`
	Year        int          `json:"year,omitempty"`
	Part        string       `json:"part,omitempty"`
	PartName    string       `json:"part_name,omitempty"`
	Known       bool         `json:"known"`
	AtLeast     bool         `json:"at_least,omitempty"`
	Numerator   *int         `json:"numerator"`
	Denominator *int         `json:"denominator"`
	Share       *int         `json:"share_hundredths"`
	Percent     *int         `json:"percent_hundredths"`
	Unit        string       `json:"unit"`
	Day         register.Day `json:"day"`
	Oldest      register.Day `json:"oldest,omitempty"`
	Recorded    bool         `json:"recorded"`
	Source      string       `json:"source,omitempty"`
	Kind        string       `json:"kind,omitempty"`
	Counted     []string     `json:"counted,omitempty"`
	Of          []string     `json:"of,omitempty"`
	Unclear     []string     `json:"unclear,omitempty"`
	Also        []Ref        `json:"also,omitempty"`
}

// MarshalJSON writes the figure with its share derived as well; shares are whole hundredths of a percent.
func (f Figure) MarshalJSON() ([]byte, error) {
	return json.Marshal(written{f.Key, f.Year, f.Part, f.PartName, f.Known, f.AtLeast, pointer(f.Numerator.Known()),
		pointer(f.Denominator.Known()), pointer(f.Share.Known()), pointer(f.Percent().Known()), f.Unit, f.Day, f.Oldest,
		f.Recorded, f.Source, f.Kind, f.Counted, f.Of, f.Unclear, f.Also})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Figure) UnmarshalJSON(data []byte) error {
	var w written
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*f = Figure{Key: w.Key, Year: w.Year, Part: w.Part, PartName: w.PartName, Unit: w.Unit, Day: w.Day, Kind: w.Kind,
		Counted: w.Counted, Of: w.Of, Unclear: w.Unclear, Also: w.Also, Oldest: w.Oldest, Known: w.Known,
		AtLeast: w.AtLeast, Recorded: w.Recorded, Source: w.Source}
	if w.Numerator != nil {
		f.Numerator = register.CountOf(*w.Numerator)
	}
	if w.Denominator != nil {
		f.Denominator = register.CountOf(*w.Denominator)
	}
	if w.Share != nil {
		f.Share = register.PercentOf(*w.Share)
	}
	return nil
}

func pointer(n int, known bool) *int {
	if !known {
		return nil
	}
	return &n
}
