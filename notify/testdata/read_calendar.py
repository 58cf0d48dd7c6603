# Reads a calendar with an outside parser and tells what is in it, one JSON line a component.
import json
import sys

from icalendar import Calendar

raw = sys.stdin.buffer.read()
for line in raw.split(b"\r\n"):
    if b"\n" in line or b"\r" in line or len(line) > 75:
        sys.exit("not a content line: %r" % line)
calendar = Calendar.from_ical(raw)
for component in calendar.walk():
    if component.errors:
        sys.exit("errors in %s: %s" % (component.name, component.errors))
    for required in {"VCALENDAR": ("PRODID", "VERSION"), "VEVENT": ("UID", "DTSTAMP", "DTSTART"), "VTODO": ("UID", "DTSTAMP")}[component.name]:
        if required not in component:
            sys.exit("%s lacks %s" % (component.name, required))
    out = {"name": component.name}
    for key, value in component.items():
        value = getattr(value, "dt", value)
        out[key] = value.isoformat() if hasattr(value, "isoformat") else str(value)
    print(json.dumps(out))
