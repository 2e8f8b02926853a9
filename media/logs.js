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

  function matches(line) {
    return pattern === undefined || contains(line.text) || contains(sources[line.source]);
  }

  function level(line) {
    if (line.time === '') return ' said';
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
    return `<div class="row${level(line)}">${time}${source}${marked(line.text)}</div>`;
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
    for (const line of more) line.text = plain(line.text);
    lines.push(...more);
    if (shown !== lines) shown.push(...more.filter(matches));
    const surplus = lines.length - maximum;
    if (surplus > 0) {
      lines.splice(0, surplus);
      if (shown !== lines) shown = lines.filter(matches);
      if (!follow.checked) scroller.scrollTop -= surplus * rowHeight;
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

  function start(message) {
    texts = message.texts;
    maximum = message.maximumLines;
    sources = [];
    lines = [];
    previous.checked = message.previous;
    filter.placeholder = texts.filter;
    filter.setAttribute('aria-label', texts.filter);
    for (const id of ['follow', 'times', 'previous']) byId(id).nextElementSibling.textContent = texts[id];
    for (const id of ['clear', 'open']) byId(id).textContent = texts[id];
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
  previous.addEventListener('change', () => vscode.postMessage({ type: 'previous', previous: previous.checked }));
  byId('clear').addEventListener('click', () => {
    lines = [];
    refilter();
  });
  byId('open').addEventListener('click', () => {
    const text = shown.map((line) => [times.checked ? line.time : '', sources.length > 1 ? sources[line.source] : '', line.text].filter((part) => part !== '').join(' '));
    vscode.postMessage({ type: 'open', text: `${text.join('\n')}\n` });
  });
  vscode.postMessage({ type: 'ready' });
})();
