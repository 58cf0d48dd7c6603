// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
)

// deviceKeys are the keys of what is counted of each year's lost devices.
var deviceKeys = []string{"device_losses", "devices_encrypted", "devices_wiped", "device_losses_per_device", "minutes_to_report", "minutes_to_wipe"}

// DeviceLosses counts each year's lost phones, computers and the like. Where none was ever reported there is no figure.
func DeviceLosses(r Records, day register.Day) []Figure {
	by := map[int][]isms.DeviceLoss{}
	var years []int
	for _, d := range r.DeviceLosses {
		if on := d.ReportedAt.Day(); on <= day && !gone(d.Record, day) {
			by[on.Year()] = append(by[on.Year()], d)
			years = append(years, on.Year())
		}
	}
	slices.Sort(years)
	years = slices.Compact(years)
	var all []Figure
	for _, y := range years {
		l := losses{r, y, min(day, yearEnd(y)), by[y]}
		all = append(all, l.count(), l.share("devices_encrypted", func(d isms.DeviceLoss) isms.Answer { return d.Encrypted }),
			l.share("devices_wiped", wiped), l.perDevice(),
			l.minutes("minutes_to_report", func(d isms.DeviceLoss) (from, to register.Moment) { return d.LastSeenAt, d.ReportedAt }),
			l.minutes("minutes_to_wipe", func(d isms.DeviceLoss) (from, to register.Moment) { return d.ReportedAt, d.WipedAt }))
	}
	return all
}

// losses are the devices lost in a year.
type losses struct {
	Records
	year int
	day  register.Day
	lost []isms.DeviceLoss
}

func (l losses) figure(key, unit string) Figure {
	return Figure{Key: key, Year: l.year, Unit: unit, Kind: "device_loss", Day: l.day}
}

func (l losses) count() Figure {
	f := l.figure("device_losses", "device")
	for _, d := range l.lost {
		f.Counted = append(f.Counted, d.ID)
	}
	f.Numerator, f.Known = register.CountOf(len(f.Counted)), true
	return f
}

// wipeable reports whether the device can be wiped from afar.
func wipeable(d isms.DeviceLoss) bool {
	return d.Device == "phone" || d.Device == "computer" || d.Device == "tablet"
}

// wiped tells whether the wipe is confirmed. A thing that cannot be wiped is not asked about, nor one that was found before it was.
func wiped(d isms.DeviceLoss) isms.Answer {
	switch {
	case d.WipedAt != "":
		return isms.Yes
	case wipeable(d) && d.FoundAt == "":
		return isms.No
	}
	return ""
}

// share is the share of yes among those of which the answer is known; the others are unclear.
func (l losses) share(key string, answer func(isms.DeviceLoss) isms.Answer) Figure {
	f := l.figure(key, "device")
	for _, d := range l.lost {
		switch answer(d) {
		case isms.Yes:
			f.Counted, f.Of = append(f.Counted, d.ID), append(f.Of, d.ID)
		case isms.No:
			f.Of = append(f.Of, d.ID)
		default:
			f.Unclear = append(f.Unclear, d.ID)
		}
	}
	f.Numerator, f.Denominator = register.CountOf(len(f.Counted)), register.CountOf(len(f.Of))
	return f.settled()
}

// perDevice is the losses in relation to how many devices there are, by the newest device list of each unit.
func (l losses) perDevice() Figure {
	f := l.count()
	f.Key = "device_losses_per_device"
	newest := map[string]isms.Population{}
	for _, p := range l.Populations {
		if p.Kind == isms.Devices && p.Day <= l.day && !gone(p.Record, l.day) && (newest[p.Unit].ID == "" || p.Day > newest[p.Unit].Day) {
			newest[p.Unit] = p
		}
	}
	f.Denominator = register.CountOf(0)
	for _, p := range newest {
		f.Denominator = plus(f.Denominator, p.Rows)
		f.Also = append(f.Also, Ref{"population", p.ID})
	}
	slices.SortFunc(f.Also, func(a, b Ref) int { return strings.Compare(a.ID, b.ID) })
	n, known := f.Denominator.Known()
	f.Known = known && n > 0
	if !f.Known {
		f.Denominator = register.Count{}
	}
	return f
}

// minutes is the median from the one moment to the other, in minutes.
func (l losses) minutes(key string, between func(isms.DeviceLoss) (from, to register.Moment)) Figure {
	f := l.figure(key, "minute")
	var spans []int
	for _, d := range l.lost {
		from, to := between(d)
		if from == "" || to == "" || to < from {
			f.Unclear = append(f.Unclear, d.ID)
			continue
		}
		f.Counted = append(f.Counted, d.ID)
		spans = append(spans, begun(from, to, 1))
	}
	return f.median(spans)
}
