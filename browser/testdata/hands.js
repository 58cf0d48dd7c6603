// SPDX-License-Identifier: EUPL-1.2
// One expression: an object of functions that find what a person would point at, by the words that person sees.
(() => {
	const tidy = s => (s || '').replace(/\s+/g, ' ').trim();
	const words = e => {
		const by = (e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)).filter(Boolean);
		if (by.length) return tidy(by.map(b => b.textContent).join(' '));
		if (e.getAttribute('aria-label')) return tidy(e.getAttribute('aria-label'));
		if (e.labels && e.labels.length) return tidy(e.labels[0].innerText);
		if (e.tagName === 'INPUT') return tidy(e.value);
		return tidy(e.innerText) || tidy(e.getAttribute('title'));
	};
	const visible = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
	const all = () => [...document.querySelectorAll('a[href], button, summary, input[type=submit], [role=button], [role=tab]')].filter(visible);
	const best = (list, wanted) => list.find(e => words(e) === wanted) || list.find(e => words(e).includes(wanted));
	const fields = () => [...document.querySelectorAll('input:not([type=hidden]):not([type=submit]), select, textarea')];
	const changed = e => {
		for (const name of ['input', 'change']) e.dispatchEvent(new Event(name, {bubbles: true}));
		return 'done';
	};
	return {
		text: selector => (document.querySelector(selector) || {}).innerText || '',
		controls: () => all().map(words),
		control: wanted => {
			const e = best(all(), wanted);
			if (!e) return null;
			e.scrollIntoView({block: 'center', behavior: 'instant'});
			const r = e.getClientRects()[0];
			return {X: r.x + r.width / 2, Y: r.y + r.height / 2};
		},
		fill: (label, value) => {
			const e = best(fields(), label);
			if (!e) return 'no such field; there are: ' + fields().map(words).join(' | ');
			if (e.disabled || e.readOnly) return 'the field is not for writing';
			if (e.tagName === 'SELECT') {
				const o = [...e.options].find(o => tidy(o.text) === value) || [...e.options].find(o => tidy(o.text).includes(value));
				if (!o) return 'no such choice; there are: ' + [...e.options].map(o => tidy(o.text)).join(' | ');
				o.selected = true;
				return changed(e);
			}
			if (e.type === 'checkbox' || e.type === 'radio') {
				if (e.checked !== (value === 'on')) e.click();
				return 'done';
			}
			if (['date', 'time', 'datetime-local', 'month', 'color', 'range'].includes(e.type)) {
				e.value = value;
				return e.value === value ? changed(e) : 'the field does not take that value';
			}
			e.focus();
			e.value = '';
			return value === '' ? changed(e) : 'type';
		},
		// people are those whose part one can step into on the demo's page: the value that the form sends, and the button's words.
		people: () => [...document.querySelectorAll('form[action="/demo/step"]')].flatMap(f => {
			const hidden = f.querySelector('input[name=person]');
			const buttons = [...f.querySelectorAll('button, input[type=submit]')];
			return hidden ? [{Person: hidden.value, Label: words(buttons[0])}]
				: buttons.filter(b => b.name === 'person').map(b => ({Person: b.value, Label: words(b)}));
		}),
		// send finds the button that sends a form with that value, and sets the value where it is chosen from a list.
		send: (action, name, value) => {
			for (const f of document.querySelectorAll(`form[action="${action}"]`)) {
				const buttons = [...f.querySelectorAll('button:not([type=button]), input[type=submit]')].filter(visible);
				const list = f.querySelector(`select[name="${name}"]`);
				if (list) list.value = value;
				const held = f.querySelector(`select[name="${name}"], input[type=hidden][name="${name}"]`);
				const b = buttons.find(b => b.name === name && b.value === value) || (held && held.value === value ? buttons[0] : null);
				if (!b) continue;
				b.scrollIntoView({block: 'center', behavior: 'instant'});
				const r = b.getClientRects()[0];
				return {X: r.x + r.width / 2, Y: r.y + r.height / 2};
			}
			return null;
		},
		focus: () => document.activeElement && document.activeElement !== document.body ? words(document.activeElement) : '',
		overflow: () => {
			const room = document.documentElement.clientWidth;
			if (document.documentElement.scrollWidth <= room) return '';
			const scrolls = e => e && e !== document.body && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
			return [...document.body.querySelectorAll('*')]
				.filter(e => e.getBoundingClientRect().right > room + 1 && !scrolls(e.parentElement))
				.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(' and ') || 'something that cannot be seen';
		},
		// shape is the page without its words, its language and repeats: two pages of one shape have the same faults.
		shape: () => {
			const draw = e => {
				if (e.tagName === 'FORM' && e.getAttribute('action') === '/language') return 'language';
				const own = [...e.attributes].filter(a => !['href', 'lang', 'id', 'for', 'value', 'content', 'd', 'points', 'x', 'y', 'x1', 'x2', 'y1', 'y2',
					'cx', 'cy', 'width', 'height', 'transform', 'datetime', 'aria-describedby', 'aria-labelledby', 'aria-controls', 'action', 'title'].includes(a.name))
					.map(a => a.name + (a.value === '' ? '=' : a.name === 'aria-label' || a.name === 'name' ? '=*' : '=' + a.value));
				const inside = [...e.children].map(draw).filter((s, i, list) => list.indexOf(s) === i);
				return e.tagName + '[' + own.sort() + ']' + (tidy(e.textContent) ? 't' : '') + '(' + inside + ')';
			};
			const drawn = draw(document.documentElement);
			let sum = 5381;
			for (let i = 0; i < drawn.length; i++) sum = (sum * 33 ^ drawn.charCodeAt(i)) >>> 0;
			return sum + ':' + drawn.length;
		},
		// links are the addresses within the site that the page leads to, without what is behind #.
		links: () => [...new Set([...document.querySelectorAll('a[href], area[href]')]
			.map(a => new URL(a.href, location.href)).filter(u => u.origin === location.origin).map(u => u.pathname + u.search))],
	};
})()
