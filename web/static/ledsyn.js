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

	// A field is copied with its button. Without a script its text is marked and copied as any other.
	for (const button of document.querySelectorAll("button[data-copy]")) {
		const field = document.getElementById(button.dataset.copy), words = button.firstChild, before = words.data;
		button.hidden = !navigator.clipboard;
		button.addEventListener("click", async () => {
			await navigator.clipboard.writeText(field.value);
			words.data = button.dataset.done;
			setTimeout(() => { words.data = before; }, 2000);
		});
	}

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

	// In a workshop the worst consequence is shown at once, digits choose, and what somebody else saves meanwhile is told.
	for (const form of document.querySelectorAll("form[data-judge]")) {
		const rows = [...form.querySelectorAll("fieldset.judge")];
		const show = aspect => {
			const box = form.querySelector(`[data-worst="${aspect}"]`);
			let worst = null;
			for (const radio of form.querySelectorAll(`input[name^="${aspect}."]:checked`)) if (radio.value > (worst?.value ?? "")) worst = radio;
			if (!worst) return;
			const mark = box.querySelector(".mark");
			mark.textContent = box.dataset.code + worst.value;
			mark.className = "mark " + worst.closest(".level").classList[1];
			const name = worst.closest("fieldset").querySelector("legend").textContent;
			box.querySelector("span:last-child").textContent = worst.dataset.text.replace(/^\d+ /, "") + ". " + box.dataset.by.replace("@", name);
		};
		form.addEventListener("change", e => { if (e.target.type === "radio") show(e.target.name.split(".")[0]); });
		form.addEventListener("keydown", e => {
			if (e.target.type !== "radio" || !/^\d$/.test(e.key) || e.ctrlKey || e.altKey || e.metaKey) return;
			const pick = form.querySelector(`input[name="${e.target.name}"][value="${e.key}"]`);
			if (!pick) return;
			e.preventDefault();
			pick.checked = true;
			pick.dispatchEvent(new Event("change", {bubbles: true}));
			const [aspect] = e.target.name.split("."), next = rows[rows.indexOf(e.target.closest("fieldset")) + 1];
			const group = next ? [...next.querySelectorAll(`input[name^="${aspect}."]`)] : [pick];
			(group.find(r => r.checked) ?? group[0]).focus();
			unsaved = true;
		});
		const first = () => (rows[0]?.querySelector("input:checked") ?? rows[0]?.querySelector("input"))?.focus();
		if (location.hash === "#judge") first();
		const news = document.querySelector("[data-news]");
		const look = async () => {
			try {
				const answer = await fetch(form.dataset.judge, {headers: {Accept: "application/json"}, redirect: "error"});
				if (!answer.ok) return;
				const now = await answer.json();
				if (now.rev <= +form.dataset.rev) return;
				form.dataset.rev = now.rev;
				news.textContent = form.dataset.changed.replace("@", now.result);
				news.hidden = false;
				news.setAttribute("role", "status");
			} catch { /* the next look may reach */ }
		};
		setInterval(() => { if (!document.hidden) look(); }, 8000);
	}

	// Rows are judged from the keyboard: digits answer, j and k go from row to row, n opens the note and Escape leaves it.
	for (const form of document.querySelectorAll("form[data-rows]")) {
		const rows = [...form.querySelectorAll("fieldset.answers")];
		const into = row => (row?.querySelector("input:checked") ?? row?.querySelector("input"))?.focus();
		const note = row => { row.querySelector("details").open = true; row.querySelector("textarea").focus(); };
		form.addEventListener("change", e => { if (e.target.matches("[data-note]")) e.target.closest("fieldset").querySelector("details").open = true; });
		form.addEventListener("keydown", e => {
			const row = e.target.closest("fieldset.answers"), at = rows.indexOf(row);
			if (at < 0 || e.ctrlKey || e.altKey || e.metaKey) return;
			const radio = row.querySelectorAll("input[type=radio]")[e.key - 1];
			if (e.target.type !== "radio") { if (e.key === "Escape") into(row); return; }
			if (e.key === "j") into(rows[at + 1]);
			else if (e.key === "k") into(rows[at - 1]);
			else if (e.key === "n") note(row);
			else if (radio) {
				radio.checked = true;
				for (const kind of ["input", "change"]) radio.dispatchEvent(new Event(kind, {bubbles: true}));
				if (radio.matches("[data-note]")) note(row); else into(rows[at + 1] ?? row);
			} else return;
			e.preventDefault();
		});
	}

	// A list that is being taken in tells how far it has come, and then what came of it.
	for (const bar of document.querySelectorAll("progress[data-now]")) {
		const look = async () => {
			try {
				const answer = await fetch(bar.dataset.now, {headers: {Accept: "application/json"}, redirect: "error"});
				if (!answer.ok) throw answer.status;
				const now = await answer.json();
				if (now.phase !== "running") { location.reload(); return; }
				const said = document.getElementById("said");
				if (said.textContent !== now.said) said.textContent = now.said;
				if (now.total) { bar.max = now.total; bar.value = now.done; }
			} catch { /* the next look may reach */ }
			setTimeout(look, 1500);
		};
		setTimeout(look, 700);
	}

	// What cannot be undone is asked about once.
	for (const form of document.querySelectorAll("form[data-ask]")) {
		form.addEventListener("submit", e => { if (!confirm(form.dataset.ask)) e.preventDefault(); });
	}
})();
