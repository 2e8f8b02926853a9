// The log page: keeps the lines, draws only those in sight, filters and follows. Talks to log-views.ts.
(() => {
  const vscode = acquireVsCodeApi();
  const rowHeight = 18;
  const ahead = 20;
  const colours = 6;
  const byId = (id) => document.getElementById(id);
  const scroller = byId('scroller');
  const space = byId('space');
  const rows = byId('rows');
  const filter = byId('filter');
  const follow = byId('follow');
  const times = byId('times');
  const json = byId('json');
  const time = byId('time');
  const previous = byId('previous');
  const count = byId('count');
  const waiting = byId('waiting');

  let texts = {};
  let maximum = 100000;
  let sources = [];
  let lines = [];
  // The lines that the filter lets through; the very same array when there is none.
  let shown = lines;
  let pattern;
  let drawing = false;

  function escaped(text) {
    return text.replace(/[&<>]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[letter]);
  }

  function plain(text) {
    return text.replace(/\u001B\[[\d;?]*[A-Za-z]/g, '');
  }

  function compile(text) {
    if (text === '') return undefined;
    const expression = /^\/(.+)\/$/.exec(text);
    return expression ? new RegExp(expression[1], 'gi') : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  }

  function contains(text) {
    pattern.lastIndex = 0;
    return pattern.test(text);
  }

  /** The text as it is drawn. */
  function textOf(line) {
    return json.checked && line.json !== undefined ? line.json.text : line.text;
  }

  function matches(line) {
    return pattern === undefined || contains(textOf(line)) || contains(sources[line.source]);
  }

  /** A line that is a JSON object, as words: its level and message first, then what else is in it. */
  function structured(text) {
    if (!text.startsWith('{')) return undefined;
    try {
      const { level, severity, lvl, msg, message, time: _time, ts: _ts, timestamp: _timestamp, ...rest } = JSON.parse(text);
      const word = level ?? severity ?? lvl;
      const more = Object.entries(rest).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
      return { level: word === undefined ? '' : String(word), text: [word === undefined ? '' : String(word).toUpperCase(), msg ?? message ?? '', ...more].filter((part) => part !== '').join(' ') };
    } catch {
      return undefined;
    }
  }

  function level(line) {
    if (line.time === '') return ' said';
    if (line.json?.level) return /^(?:err|fatal|panic|crit|emerg|alert)/i.test(line.json.level) ? ' error' : /^warn/i.test(line.json.level) ? ' warn' : '';
    const found = /\b(error|fatal|panic|crit(?:ical)?|warn(?:ing)?)\b/i.exec(line.text);
    if (!found) return '';
    return /^w/i.test(found[1]) ? ' warn' : ' error';
  }

  function marked(text) {
    if (pattern === undefined) return escaped(text);
    let html = '';
    let from = 0;
    for (const match of text.matchAll(pattern)) {
      if (match[0] === '') continue;
      html += `${escaped(text.slice(from, match.index))}<mark>${escaped(match[0])}</mark>`;
      from = match.index + match[0].length;
    }
    return html + escaped(text.slice(from));
  }

  function row(line) {
    const time = times.checked && line.time !== '' ? `<span class="time">${escaped(line.time.slice(0, 23))}</span>` : '';
    const source = sources.length > 1 || line.time === '' ? `<span class="source s${line.source % colours}">${escaped(sources[line.source])}</span>` : '';
    return `<div class="row${level(line)}">${time}${source}${marked(textOf(line))}</div>`;
  }

  function draw() {
    drawing = false;
    const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - ahead);
    const last = Math.min(shown.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / rowHeight) + ahead);
    rows.style.top = `${first * rowHeight}px`;
    rows.innerHTML = shown.slice(first, last).map(row).join('');
    count.textContent = (shown === lines ? texts.count : texts.shown).replace('{0}', shown.length).replace('{1}', lines.length);
    waiting.textContent = lines.length === 0 ? texts.waiting : '';
  }

  function update() {
    space.style.height = `${shown.length * rowHeight}px`;
    if (follow.checked) scroller.scrollTop = scroller.scrollHeight;
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(draw);
  }

  function add(more) {
    const filtered = shown !== lines;
    for (const line of more) {
      line.text = plain(line.text);
      line.json = structured(line.text);
      lines.push(line);
      if (filtered && matches(line)) shown.push(line);
    }
    const surplus = lines.length - maximum;
    if (surplus > 0) {
      const gone = new Set(lines.splice(0, surplus));
      let hidden = filtered ? 0 : surplus;
      if (filtered) {
        while (hidden < shown.length && gone.has(shown[hidden])) hidden++;
        shown.splice(0, hidden);
      }
      if (!follow.checked) scroller.scrollTop -= hidden * rowHeight;
    }
    update();
  }

  function refilter() {
    try {
      pattern = compile(filter.value);
      filter.classList.remove('wrong');
    } catch {
      filter.classList.add('wrong');
      return;
    }
    shown = pattern === undefined ? lines : lines.filter(matches);
    update();
  }

  /** The first line that is not earlier than a time as the lines show it: `12:34`, `12:34:56`, or with the day in front. */
  function goTo(wanted) {
    const text = wanted.trim().replace(' ', 'T');
    const day = (shown.find((line) => line.time !== '')?.time ?? '').slice(0, 10);
    const from = /^\d{4}-/.test(text) ? text : `${(shown.findLast((line) => line.time !== '')?.time ?? day).slice(0, 10)}T${text}`;
    const at = shown.findIndex((line) => line.time !== '' && line.time >= from);
    time.classList.toggle('wrong', at < 0);
    if (at < 0) return;
    follow.checked = false;
    scroller.scrollTop = at * rowHeight;
    draw();
  }

  function asText() {
    const text = shown.map((line) => [times.checked ? line.time : '', sources.length > 1 ? sources[line.source] : '', line.text].filter((part) => part !== '').join(' '));
    return `${text.join('\n')}\n`;
  }

  function start(message) {
    texts = message.texts;
    maximum = message.maximumLines;
    sources = [];
    lines = [];
    previous.checked = message.previous;
    filter.placeholder = texts.filter;
    filter.setAttribute('aria-label', texts.filter);
    for (const id of ['follow', 'times', 'json', 'previous']) byId(id).nextElementSibling.textContent = texts[id];
    for (const id of ['clear', 'open', 'save']) byId(id).textContent = texts[id];
    time.placeholder = texts.time;
    time.setAttribute('aria-label', texts.time);
    refilter();
  }

  window.addEventListener('message', ({ data }) => {
    if (data.type === 'start') start(data);
    else if (data.type === 'source') sources.push(data.name);
    else add(data.lines);
  });
  // Looking back stops following; going to the end takes it up again.
  scroller.addEventListener('wheel', (event) => {
    if (event.deltaY < 0) follow.checked = false;
  });
  scroller.addEventListener('keydown', (event) => {
    if (['PageUp', 'ArrowUp', 'Home'].includes(event.key)) follow.checked = false;
    if (event.key === 'End') follow.checked = true;
  });
  scroller.addEventListener('scroll', draw);
  window.addEventListener('resize', draw);
  filter.addEventListener('input', refilter);
  follow.addEventListener('change', update);
  times.addEventListener('change', draw);
  json.addEventListener('change', refilter);
  time.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') goTo(time.value);
  });
  previous.addEventListener('change', () => vscode.postMessage({ type: 'previous', previous: previous.checked }));
  byId('clear').addEventListener('click', () => {
    lines = [];
    refilter();
  });
  byId('open').addEventListener('click', () => {
    vscode.postMessage({ type: 'open', text: asText() });
  });
  byId('save').addEventListener('click', () => vscode.postMessage({ type: 'save', text: asText() }));
  vscode.postMessage({ type: 'ready' });
})();
