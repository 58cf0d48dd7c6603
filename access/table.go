// SPDX-License-Identifier: EUPL-1.2

package access

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ledsyn/isms"
)

//go:embed table.txt
var tableText string

// rules is the permission table as the program asks it.
var rules = mustParse(tableText)

// A right is one thing that a role may do. The register is "" for acts on the organisation itself.
type right struct {
	role     isms.Role
	act      Act
	register string
}

type permissions struct {
	registers map[string]bool // every one there is
	common    map[string]bool // those seen from the units below
	rights    map[right]bool
}

func mustParse(text string) permissions {
	p, err := parse(text)
	if err != nil {
		panic("access: table.txt: " + err.Error())
	}
	return p
}

// A parser reads the table line by line. It takes only words it knows, so that a slip of the pen is
// found by the first test and never becomes a right that nobody meant.
type parser struct {
	permissions
	groups map[string][]string
	role   isms.Role
	roles  []isms.Role
}

func parse(text string) (permissions, error) {
	p := parser{
		permissions: permissions{map[string]bool{}, map[string]bool{}, map[right]bool{}},
		groups:      map[string][]string{},
	}
	for _, s := range isms.Registers() {
		p.registers[s.Name] = true
		p.groups["all"] = append(p.groups["all"], s.Name)
		p.groups[s.Name] = []string{s.Name}
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := p.line(line); err != nil {
			return permissions{}, fmt.Errorf("line %d: %w", n, err)
		}
	}
	for _, role := range isms.Role("").Choices() {
		if !slices.Contains(p.roles, isms.Role(role)) {
			return permissions{}, fmt.Errorf("role %q is missing", role)
		}
	}
	return p.permissions, nil
}

func (p *parser) line(line string) error {
	indented := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
	head, registers, hasRegisters := strings.Cut(line, ":")
	words := strings.Fields(head)
	switch {
	case indented && p.role == "":
		return fmt.Errorf("%q belongs to no role", strings.TrimSpace(line))
	case indented:
		return p.grant(words, registers, hasRegisters)
	case len(words) == 2 && words[0] == "role" && !hasRegisters:
		return p.begin(isms.Role(words[1]))
	case len(words) == 2 && words[0] == "group" && hasRegisters && p.role == "":
		return p.name(words[1], registers)
	case len(words) == 1 && words[0] == "apart" && hasRegisters && len(p.common) == 0 && p.role == "":
		list, err := p.list(registers)
		p.groups["all"] = slices.DeleteFunc(p.groups["all"], func(register string) bool { return slices.Contains(list, register) })
		return err
	case len(words) == 1 && words[0] == "common" && hasRegisters && p.role == "":
		list, err := p.list(registers)
		for _, register := range list {
			p.common[register] = true
		}
		return firstOf(err, p.name("common", registers))
	}
	return fmt.Errorf("cannot read %q", strings.TrimSpace(line))
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) begin(role isms.Role) error {
	if !slices.Contains(role.Choices(), string(role)) {
		return fmt.Errorf("unknown role %q", role)
	}
	if slices.Contains(p.roles, role) {
		return fmt.Errorf("role %q comes twice", role)
	}
	p.role = role
	p.roles = append(p.roles, role)
	return nil
}

func (p *parser) name(group, registers string) error {
	if _, taken := p.groups[group]; taken {
		return fmt.Errorf("%q is already a register or a group", group)
	}
	list, err := p.list(registers)
	p.groups[group] = list
	return err
}

// list reads names of registers and groups; a name after a hyphen is taken away again.
func (p *parser) list(text string) ([]string, error) {
	found := map[string]bool{}
	minus := false
	for _, word := range strings.Fields(text) {
		if word == "-" && !minus {
			minus = true
			continue
		}
		list, ok := p.groups[word]
		if !ok {
			return nil, fmt.Errorf("unknown register or group %q", word)
		}
		for _, register := range list {
			if found[register] != minus {
				return nil, fmt.Errorf("register %q comes twice or is not there to take away", register)
			}
			found[register] = !minus
		}
		minus = false
	}
	maps.DeleteFunc(found, func(_ string, in bool) bool { return !in })
	if len(found) == 0 || minus {
		return nil, fmt.Errorf("%q names no register", strings.TrimSpace(text))
	}
	return slices.Sorted(maps.Keys(found)), nil
}

func (p *parser) grant(acts []string, text string, hasRegisters bool) error {
	registers := []string{""}
	if hasRegisters {
		var err error
		if registers, err = p.list(text); err != nil {
			return err
		}
	}
	if len(acts) == 0 {
		return fmt.Errorf("no act before %q", strings.TrimSpace(text))
	}
	for _, word := range acts {
		act := Act(word)
		if !slices.Contains(Acts(), act) {
			return fmt.Errorf("unknown act %q", word)
		}
		if act.OnOrganisation() == hasRegisters {
			return fmt.Errorf("act %q has registers it cannot have, or lacks those it needs", word)
		}
		for _, register := range registers {
			r := right{p.role, act, register}
			if p.rights[r] {
				return fmt.Errorf("%s may %s %q twice", p.role, act, register)
			}
			p.rights[r] = true
		}
	}
	return nil
}
