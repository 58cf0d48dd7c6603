// SPDX-License-Identifier: EUPL-1.2

// Package browser is the browser suite: people's main jobs and every page, in a real browser. It holds tests only.
//
// It knows the program as a process with an address and nothing of its rooms; it does what a person can do with eyes, a pointer and
// a keyboard. It runs where LEDSYN_TEST_CHROMIUM names a Chromium (for instance /usr/bin/chromium), and is left out elsewhere.
// Where LEDSYN_SHOTS names a folder, pictures of the pages are put there.
//
// A new job is a file job_test.go with a test that begins with v := open(t); see visitor for what it can do.
package browser
