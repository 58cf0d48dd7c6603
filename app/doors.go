// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"ledsyn/access"
	"ledsyn/metric"
	"ledsyn/store"
)

// The doors know app and not the rooms behind it. These are the names by which they speak of what an act takes and gives.
type (
	Actor        = access.Actor
	Query        = store.Query
	Figure       = metric.Figure
	Ref          = metric.Ref
	Corrupt      = store.ErrCorrupt
	Organisation = store.Organisation
)

// ErrCheckpoint is a checkpoint that cannot be read or is not signed by this program's key.
var ErrCheckpoint = store.ErrCheckpoint

// What metric tells of posts, for doors.
type (
	PostStanding = metric.PostStanding
	PostWord     = metric.PostWord
)

// The standings of a holder's yearly word.
const (
	WordThisYear = metric.WordThisYear
	WordChanged  = metric.WordChanged
	WordEarlier  = metric.WordEarlier
	WordNever    = metric.WordNever
)
