// SPDX-License-Identifier: EUPL-1.2
// What pages do better with a script. Everything works without it.
"use strict";
(() => {
	// Forms warn before what was written is lost.
	let unsaved = false;
	for (const form of document.querySelectorAll("form[data-guard]")) {
		form.addEventListener("input", e => { if (!e.target.matches("[data-own]")) unsaved = true; });
		form.addEventListener("submit", () => { unsaved = false; });
	}
	addEventListener("beforeunload", e => { if (unsaved) e.preventDefault(); });

	// A long list gets a field that leaves only the lines with the words written.
	const fold = s => s.toLocaleLowerCase("sv").trim();
	const sieve = (box, lines, before) => {
		if (lines.length < 13) return;
		const input = document.createElement("input");
		input.type = "search";
		input.className = "sieve w-mid";
		input.autocomplete = "off";
		input.setAttribute("data-own", "");
		input.setAttribute("aria-label", box.dataset.sieve);
		input.placeholder = box.dataset.sieve;
		input.addEventListener("input", () => {
			const words = fold(input.value).split(/\s+/);
			for (const line of lines) {
				const text = fold(line.textContent);
				line.hidden = !words.every(w => text.includes(w)) && !line.selected && !line.querySelector?.(":checked");
			}
		});
		input.addEventListener("keydown", e => { if (e.key === "Enter") e.preventDefault(); });
		before.before(input);
	};
	for (const select of document.querySelectorAll("select[data-sieve]")) sieve(select, [...select.options].filter(o => o.value), select);
	for (const pick of document.querySelectorAll("div[data-sieve]")) sieve(pick, [...pick.querySelectorAll("label")], pick);

	// A review's text is kept while it is written, each time against the revision it was read at.
	const wait = 1500;
	for (const form of document.querySelectorAll("form[data-autosave]")) {
		const state = form.querySelector("[data-state]");
		const say = name => { state.textContent = form.dataset[name] || ""; };
		let timer = 0, busy = false, again = false, stopped = false;
		const save = async () => {
			if (busy) { again = true; return; }
			busy = true;
			again = false;
			say("saving");
			const body = new URLSearchParams(new FormData(form));
			body.set("_key", crypto.randomUUID());
			try {
				const answer = await fetch(form.action, {method: "POST", body, headers: {Accept: "application/json"}, redirect: "error"});
				if (answer.ok) {
					const kept = await answer.json();
					form.elements.namedItem("_rev").value = kept.rev;
					form.elements.namedItem("_key").value = crypto.randomUUID();
					if (!again) unsaved = false;
					state.textContent = kept.said;
				} else {
					stopped = answer.status === 409 || answer.status === 401;
					say(answer.status === 409 ? "stale" : answer.status === 401 ? "out" : "failed");
				}
			} catch {
				say("failed");
			}
			busy = false;
			if (again && !stopped) save();
		};
		form.addEventListener("input", () => {
			if (stopped) return;
			clearTimeout(timer);
			timer = setTimeout(save, wait);
		});
		form.addEventListener("submit", () => { clearTimeout(timer); stopped = true; });
	}

	// What cannot be undone is asked about once.
	for (const form of document.querySelectorAll("form[data-ask]")) {
		form.addEventListener("submit", e => { if (!confirm(form.dataset.ask)) e.preventDefault(); });
	}
})();
