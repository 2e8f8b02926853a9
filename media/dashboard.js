// The dashboard: draws the state that dashboard-views.ts sends. Nothing is kept but what has the focus.
(() => {
  const vscode = acquireVsCodeApi();
  const page = document.getElementById('page');
  const box = { width: 168, height: 34, across: 214, down: 46 };
  let texts = {};

  /** An element with its class, children and what happens on a click. Texts are never markup. */
  function h(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children.filter((child) => child !== undefined && child !== ''));
    return element;
  }

  function svg(tag, attributes, ...children) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function say(text, ...values) {
    return text.replace(/\{(\d)\}/g, (_, index) => values[index]);
  }

  function send(type, ref) {
    vscode.postMessage({ type, ref });
  }

  function nameOf(ref) {
    return `${ref.kind} ${ref.name}`;
  }

  function healthClass(health) {
    return health === 'quiet' ? 'quiet-health' : health;
  }

  function opener(key, className, type, ref, ...children) {
    const button = h('button', className, ...children);
    button.dataset.key = key;
    button.addEventListener('click', () => send(type, ref));
    return button;
  }

  function section(title, className, ...children) {
    const element = h('section', className, h('h2', '', title), ...children);
    element.setAttribute('aria-label', title);
    return element;
  }

  function amount(value, unit) {
    if (unit === 'bytes') return value >= 2 ** 30 ? `${(value / 2 ** 30).toFixed(1)} GiB` : `${Math.round(value / 2 ** 20)} MiB`;
    return Number.isInteger(value) ? String(value) : value.toFixed(2);
  }

  function meter(label, usage, unit) {
    const part = (className, value) => {
      const bar = h('i', className);
      bar.style.width = `${usage.allocatable > 0 ? Math.min(100, (100 * value) / usage.allocatable) : 0}%`;
      return bar;
    };
    const bar = h('div', 'bar', part('', usage.requested), usage.used === undefined ? undefined : part('used', usage.used));
    const words = [`${amount(usage.requested, unit)}${usage.used === undefined ? '' : ` ${texts.requested}, ${amount(usage.used, unit)} ${texts.used}`}`, say(texts.of, amount(usage.allocatable, unit))].join(' ');
    bar.setAttribute('role', 'meter');
    bar.setAttribute('aria-label', `${label}: ${words}`);
    return h('div', 'meter', h('span', '', label), bar, h('span', 'quiet', words));
  }

  function nodes(state) {
    const cards = state.nodes.map((node) => {
      const title = opener(`node/${node.ref.name}`, healthClass(node.health), 'describe', node.ref, h('span', 'dot'), h('b', '', node.ref.name), ' ', h('span', 'quiet', node.status));
      return h('div', 'node', title, meter(texts.cpu, node.cpu, 'cores'), meter(texts.memory, node.memory, 'bytes'), meter(texts.pods, node.pods, 'pieces'));
    });
    return section(texts.nodes, '', ...cards);
  }

  function workloads(state) {
    const rows = state.workloads.flatMap((row) => {
      const stack = h('div', 'stack');
      for (const health of ['good', 'busy', 'bad']) {
        if (row[health] === 0) continue;
        const bar = h('i', health);
        bar.style.flexGrow = row[health];
        stack.append(bar);
      }
      const words = ['good', 'busy', 'bad'].filter((health) => row[health] > 0).map((health) => `${row[health]} ${texts[health]}`);
      return [h('span', '', row.kind), stack, h('span', 'quiet', words.join(', '))];
    });
    return section(texts.workloads, '', h('div', 'counts', ...rows));
  }

  function problems(state) {
    const items = state.problems.map(({ ref, sentence, remedy }) =>
      h('li', '', opener(`problem/${nameOf(ref)}/${ref.namespace}`, 'bad', 'describe', ref, h('span', 'dot'), h('b', '', nameOf(ref)), ' ', h('span', 'subject', ref.namespace), h('span', 'sentence', sentence), h('span', 'quiet', remedy))),
    );
    return section(texts.problems, '', items.length === 0 ? h('p', 'quiet', texts.none) : h('ul', '', ...items));
  }

  function age(time) {
    const seconds = Math.max(0, Math.round((Date.now() - time) / 1000));
    return seconds < 120 ? `${seconds}s` : seconds < 7200 ? `${Math.round(seconds / 60)}m` : seconds < 172800 ? `${Math.round(seconds / 3600)}h` : `${Math.round(seconds / 86400)}d`;
  }

  function events(state) {
    const items = state.events.map((event, at) => {
      const reason = h('b', event.warning ? 'warning' : '', event.reason);
      const time = h('span', 'time', say(texts.ago, age(event.time)));
      return h('li', '', opener(`event/${at}`, '', 'describe', event.ref, time, reason, ' ', h('span', 'subject', nameOf(event.ref)), event.count > 1 ? ` ×${event.count}` : '', h('span', 'sentence', event.message)));
    });
    return section(texts.events, '', items.length === 0 ? h('p', 'quiet', texts.noEvents) : h('ul', '', ...items));
  }

  function clipped(text, length) {
    return text.length > length ? `${text.slice(0, length - 1)}…` : text;
  }

  function graphNode(node, x, y) {
    const label = node.more === undefined ? node.ref.name : `${node.ref.name} +${node.more}`;
    const g = svg('g', { role: 'button', tabindex: '0', class: healthClass(node.health), transform: `translate(${x} ${y})`, 'aria-label': `${nameOf(node.ref)}${node.more === undefined ? '' : `, ${say(texts.more, node.more)}`}` });
    g.append(svg('title', {}, `${nameOf(node.ref)}`), svg('rect', { width: box.width, height: box.height, rx: 4 }), svg('text', { x: 9, y: 13, class: 'kind' }, node.ref.kind), svg('text', { x: 9, y: 27 }, clipped(label, 22)));
    g.dataset.key = `graph/${node.id}`;
    g.dataset.column = node.column;
    g.dataset.row = node.row;
    g.addEventListener('click', () => send('open', node.ref));
    return g;
  }

  function graph(state) {
    const chooser = h('select', '', ...state.namespaces.map((name) => new Option(name, name, false, name === state.namespace)));
    chooser.dataset.key = 'namespace';
    chooser.setAttribute('aria-label', texts.namespace);
    chooser.addEventListener('change', () => vscode.postMessage({ type: 'namespace', namespace: chooser.value }));
    const used = [...new Set(state.graph.nodes.map(({ column }) => column))].sort((a, b) => a - b);
    const place = new Map(state.graph.nodes.map((node) => [node.id, { x: 4 + used.indexOf(node.column) * box.across, y: 4 + node.row * box.down }]));
    const rows = Math.max(0, ...state.graph.nodes.map(({ row }) => row + 1));
    const drawing = svg('svg', { width: used.length * box.across, height: rows * box.down + 8, role: 'group', 'aria-label': texts.graph });
    for (const [from, to] of state.graph.edges) {
      const a = place.get(from);
      const b = place.get(to);
      const [x1, y1, x2, y2] = [a.x + box.width, a.y + box.height / 2, b.x, b.y + box.height / 2];
      drawing.append(svg('path', { d: `M${x1} ${y1} C${x1 + 28} ${y1} ${x2 - 28} ${y2} ${x2} ${y2}` }));
    }
    for (const node of state.graph.nodes) drawing.append(graphNode(node, place.get(node.id).x, place.get(node.id).y));
    drawing.addEventListener('keydown', steer);
    const canvas = state.graph.nodes.length === 0 ? h('p', 'quiet', texts.empty) : h('div', 'canvas', drawing);
    return section(texts.graph, 'wide', chooser, canvas);
  }

  /** Arrows go from box to box; Enter and blank open one. */
  function steer(event) {
    const at = event.target.closest('g[role=button]');
    if (!at) return;
    if (event.key === 'Enter' || event.key === ' ') at.dispatchEvent(new MouseEvent('click'));
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const down = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
    if (across === 0 && down === 0 && event.key !== ' ') return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll('g[role=button]')];
    const [column, row] = [Number(at.dataset.column), Number(at.dataset.row)];
    const ahead = all.filter((other) => (down === 0 ? Math.sign(other.dataset.column - column) === across : Number(other.dataset.column) === column && Math.sign(other.dataset.row - row) === down));
    const distance = (other) => Math.abs(other.dataset.column - column) * 1000 + Math.abs(other.dataset.row - row);
    ahead.sort((a, b) => distance(a) - distance(b))[0]?.focus();
  }

  function draw(state) {
    const focused = document.activeElement?.dataset?.key;
    const scrolled = [...page.querySelectorAll('ul, .canvas')].map((element) => [element.scrollLeft, element.scrollTop]);
    const head = h('header', '', h('h1', '', state.context), h('span', 'quiet', state.connected ? state.version : say(texts.away, state.version)));
    if (state.connected) page.replaceChildren(head, h('div', 'columns', nodes(state), workloads(state), problems(state), events(state)), graph(state));
    else page.replaceChildren(head);
    page.querySelectorAll('ul, .canvas').forEach((element, at) => element.scrollTo(...(scrolled[at] ?? [0, 0])));
    if (focused !== undefined) [...page.querySelectorAll('[data-key]')].find((element) => element.dataset.key === focused)?.focus({ preventScroll: true });
  }

  window.addEventListener('message', ({ data }) => {
    if (data.type === 'texts') texts = data.texts;
    else draw(data.state);
  });
  vscode.postMessage({ type: 'ready' });
})();
