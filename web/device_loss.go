// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"html/template"
	"net/http"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// ReportDevicePage is the short report of a lost device, for a phone: what, how and little more.
type ReportDevicePage struct {
	Frame
	Summary *Summary
	Unit    *FormField // nil where there is no choice
	UnitID  string
	Where   string
	First   []DevicePick // what and how: the two that are needed
	Seen    FormField    // when it was last seen
	Picks   []DevicePick // was it locked, was it encrypted
	Fields  []FormField  // what could be reached
	More    []FormField
	Opened  bool // More is unfolded
	Key     string
}

// A DevicePick is a field with few choices, all of them shown.
type DevicePick struct {
	Name, Label, Help, Wrong string
	Required                 bool
	Options                  []Option
}

func deviceAddress(id string) string { return "/device/" + id }

// deviceRoutes are the pages of lost devices and of the routines for them.
func deviceRoutes() []route {
	return []route{
		{"GET /report/device", false, (*site).deviceForm},
		{"POST /report/device", false, (*site).reportDevice},
		{"GET /report/device/done/{id}", false, (*site).deviceReported},
		{"GET /device/{id}", false, (*site).device},
		{"POST /device/{id}/step/{step}", false, (*site).takeStep},
		{"GET /playbooks", false, (*site).routines},
		{"POST /playbooks", false, (*site).adaptRoutine},
		{"GET /playbook/{id}", false, (*site).routine},
		{"GET /playbook/{id}/pdf", false, (*site).routinePDF},
		{"GET /playbook/{id}/order", false, (*site).orderForm},
		{"POST /playbook/{id}/order", false, (*site).orderSteps},
	}
}

func (s *site) deviceForm(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showDeviceForm(http.StatusOK, nil, nil)
}

func (v *visit) showDeviceForm(status int, sent map[string]string, wrong register.Wrongs) error {
	may, err := v.site.app.ReportUnits(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	if len(may) == 0 {
		return isms.ErrForbidden
	}
	l, s := v.lang, register.Of[isms.DeviceLoss]()
	p := &ReportDevicePage{Key: sent["_key"]}
	if p.Key == "" {
		p.Key = register.NewID()
	}
	p.Title = l.T("web.device.report")
	p.Crumbs = []Link{{l.T("web.report"), "/report"}}
	p.Unit, p.UnitID, p.Where = v.unitToReport(may, sent["unit"], wrong)
	p.First = []DevicePick{devicePick(l, "device", sent, wrong), devicePick(l, "loss", sent, wrong)}
	p.Picks = []DevicePick{devicePick(l, "locked", sent, wrong), devicePick(l, "encrypted", sent, wrong)}
	field := func(name, kind string, most int) FormField {
		f := FormField{Name: name, Label: l.T("web.device." + name), Help: l.T("web.device." + name + ".help"), Kind: kind, Value: sent[name], Max: most,
			Wrong: wrongOf(l, wrong, name), Optional: l.T("web.form.optional")}
		if kind == "moment" {
			f.instant(l, f.Value, sent["_which."+name])
		}
		return f
	}
	p.Seen = field("last_seen_at", "moment", 30)
	p.Fields = []FormField{field("reachable", "prose", 2000)}
	p.More = []FormField{field("asset", "text", 60), field("where", "text", 300)}
	for _, f := range p.More {
		p.Opened = p.Opened || f.Wrong != "" || f.Value != ""
	}
	p.Summary = summarize(l, s, wrong)
	p.Failed = p.Summary != nil
	for i, w := range wrong {
		if w.Field == "unit" {
			p.Summary.Items[i].URL = "#f-unit"
		}
	}
	return v.show(status, "report-device", p)
}

// devicePick is a field of the report with all its choices. What need not be known can be left unknown.
func devicePick(l locale.Lang, name string, sent map[string]string, wrong register.Wrongs) DevicePick {
	f, _ := register.Of[isms.DeviceLoss]().Field(name)
	p := DevicePick{Name: name, Label: l.T("web.device." + name), Help: l.T("web.device." + name + ".help"), Required: f.Required, Wrong: wrongOf(l, wrong, name)}
	for _, c := range f.Choices {
		p.Options = append(p.Options, Option{c, l.T(f.ChoiceKey(c)), sent[name] == c})
	}
	if !f.Required {
		p.Options = append(p.Options, Option{"", l.T("web.device.unknown"), sent[name] == ""})
	}
	return p
}

func (s *site) reportDevice(v *visit) error {
	form, err := v.formOf(append([]string{"_key", "unit", "device", "loss", "locked", "encrypted", "reachable", "asset", "where"}, instantNames("last_seen_at")...)...)
	if err != nil {
		return err
	}
	at, wrong := readInstants(form, "last_seen_at")
	for _, name := range []string{"loss", "device"} {
		if form[name] == "" && len(wrong) > 0 {
			wrong = append(register.Wrongs{{Field: name, Code: "required"}}, wrong...)
		}
	}
	if len(wrong) > 0 {
		return v.showDeviceForm(http.StatusUnprocessableEntity, form, wrong)
	}
	receipt, err := s.app.ReportLoss(v.r.Context(), v.who, app.LossReport{Unit: form["unit"], Device: isms.DeviceKind(form["device"]), Loss: isms.LossKind(form["loss"]),
		Asset: form["asset"], LastSeenAt: at["last_seen_at"], Where: form["where"], Locked: isms.Answer(form["locked"]), Encrypted: isms.Answer(form["encrypted"]),
		Reachable: form["reachable"], Key: form["_key"]}, v.lang)
	if errors.As(err, &wrong) {
		return v.showDeviceForm(http.StatusUnprocessableEntity, form, wrong)
	}
	if err != nil {
		return err
	}
	return v.goTo("/report/device/done/" + receipt.Loss)
}

// DeviceDonePage tells the one who reported a lost device what to do now.
type DeviceDonePage struct {
	Frame
	Reference string
	Said      string
	Phone     string
	Call      template.URL
	Now       []RoutineLine
	Routine   Link
	Open      string // the list of steps, for those who may see it
}

func (s *site) deviceReported(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	r, err := s.app.LossReceipt(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	l := v.lang
	p := &DeviceDonePage{Reference: r.Reference, Said: l.T("web.report.done.said", clock(r.ReportedAt), r.IncidentReceipt.Unit), Phone: r.Phone, Call: telephone(r.Phone)}
	p.Title = l.T("web.device.now")
	for i, step := range r.Now {
		p.Now = append(p.Now, routineLine(l, i, step))
	}
	if sees, _ := s.app.Sees(v.who); sees["playbook"] && r.Playbook != "" {
		p.Routine = Link{r.Routine, routineAddress(r.Playbook)}
	}
	if r.SeesLoss {
		p.Open = deviceAddress(r.Loss)
	}
	return v.show(http.StatusOK, "device-done", p)
}

// telephone is the address that a phone calls the number by, "" where the text holds no number. Only figures and a first plus are taken
// from it, so that it can be nothing else.
func telephone(text string) template.URL {
	var b strings.Builder
	for _, r := range text {
		if r >= '0' && r <= '9' || r == '+' && b.Len() == 0 {
			b.WriteRune(r)
		} else if !strings.ContainsRune(" -–()/\u00a0", r) && b.Len() > 0 {
			break
		}
	}
	if b.Len() < 3 {
		return ""
	}
	return template.URL("tel:" + b.String())
}
