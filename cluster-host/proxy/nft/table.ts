/**
 * Rules as the content of one nftables table, and the transaction that leads from one content to the next. Pure.
 *
 * A balancer is a chain that picks an endpoint's chain at random; an endpoint's chain rewrites the destination. With session
 * affinity each endpoint of a balancer has a chain of its own, which remembers the client in a set of its own, so that other
 * endpoints may come and go.
 */
import type { Balancer, Endpoint, Protocol, Rules } from '../rules.ts';

export interface TableOptions {
  /** `kubicle-demo`. */
  readonly name: string;
  /** Device of the pod network's bridge. */
  readonly bridge: string;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  /** Connections between pods through a service get the bridge's address: needed where bridged answers pass the rules by. */
  readonly masqueradePods: boolean;
}

/** What the rules put into the table besides what is always there. Texts are nft's own. */
export interface TableContent {
  /** Rules of a chain, by its name. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** Sets that the kernel fills, with what they are declared as. */
  readonly sets: ReadonlyMap<string, string>;
  /** Elements as `set key`, with the verdict for maps and nothing for sets. */
  readonly elements: ReadonlyMap<string, string>;
}

/** What is always in the table. Chains of type nat see the first packet of a connection alone. */
export function baseTable({ name, bridge, clusterCidr, serviceCidr, masqueradePods }: TableOptions): string {
  return `table ip ${name} {
  map services { type ipv4_addr . inet_proto . inet_service : verdict; }
  set refused { type ipv4_addr . inet_proto . inet_service; }
  set hairpins { type ipv4_addr . ipv4_addr; }
  chain prerouting-guard {
    type filter hook prerouting priority raw;
    iifname ${bridge} ip daddr 127.0.0.0/8 drop
  }
  chain prerouting {
    type nat hook prerouting priority -105;
    ip daddr . meta l4proto . th dport vmap @services
  }
  chain output {
    type nat hook output priority -105;
    ip daddr . meta l4proto . th dport vmap @services
  }
  chain postrouting {
    type nat hook postrouting priority 95;
    ct status dnat ip saddr . ip daddr @hairpins masquerade
    ct status dnat ip saddr 127.0.0.0/8 oifname != "lo" masquerade${masqueradePods ? `\n    ct status dnat ip saddr ${clusterCidr} ip daddr ${clusterCidr} masquerade` : ''}
  }
  chain refuse {
    ip daddr . meta l4proto . th dport @refused meta l4proto tcp reject with tcp reset
    ip daddr . meta l4proto . th dport @refused reject
    ip daddr ${serviceCidr} meta l4proto tcp reject with tcp reset
    ip daddr ${serviceCidr} reject
  }
  chain filter-input {
    type filter hook input priority filter;
    ct state new jump refuse
  }
  chain filter-forward {
    type filter hook forward priority filter;
    ct state new jump refuse
  }
  chain filter-output {
    type filter hook output priority filter;
    ct state new jump refuse
  }
}
`;
}

export function tableContent({ balancers, frontends }: Rules): TableContent {
  const chains = new Map<string, readonly string[]>();
  const sets = new Map<string, string>();
  const elements = new Map<string, string>();
  for (const balancer of balancers) addBalancer(balancer, chains, sets, elements);
  for (const { ip, protocol, port, balancer } of frontends) {
    const key = `${ip} . ${protocol} . ${port}`;
    if (balancer === undefined) elements.set(`refused ${key}`, '');
    else elements.set(`services ${key}`, `goto ${balancerChain(balancer)}`);
  }
  return { chains, sets, elements };
}

function balancerChain(name: string): string {
  return `service/${name}`;
}

function addBalancer(balancer: Balancer, chains: Map<string, readonly string[]>, sets: Map<string, string>, elements: Map<string, string>): void {
  const { name, protocol, endpoints, affinitySeconds, bySource = [], sources = [] } = balancer;
  const chainOf = (endpoint: Endpoint): string => (affinitySeconds === undefined ? plainEndpoint(endpoint, protocol) : stickyEndpoint(name, endpoint, affinitySeconds));

  function plainEndpoint(endpoint: Endpoint, protocol: Protocol): string {
    const chain = `endpoint/${endpoint.ip}/${protocol}/${endpoint.port}`;
    chains.set(chain, [destination(endpoint, protocol)]);
    return chain;
  }
  function stickyEndpoint(service: string, endpoint: Endpoint, seconds: number): string {
    const place = `${service}/${endpoint.ip}/${endpoint.port}`;
    sets.set(`clients/${place}`, `type ipv4_addr; flags dynamic,timeout; timeout ${seconds}s;`);
    chains.set(`sticky/${place}`, [`update @clients/${place} { ip saddr }`, destination(endpoint, protocol)]);
    return `sticky/${place}`;
  }
  const choose = (chosen: readonly Endpoint[]): readonly string[] => {
    const targets = chosen.map(chainOf);
    const remembered = affinitySeconds === undefined ? [] : chosen.map((endpoint, index) => `ip saddr @clients/${name}/${endpoint.ip}/${endpoint.port} goto ${targets[index]}`);
    return [...remembered, `numgen random mod ${targets.length} vmap { ${targets.map((chain, index) => `${index} : goto ${chain}`).join(', ')} }`];
  };

  const local = bySource.map(({ cidr, endpoints: nearby }, index) => {
    if (nearby.length === 0) return `ip saddr ${cidr} drop`;
    chains.set(`${balancerChain(name)}/from/${index}`, choose(nearby));
    return `ip saddr ${cidr} goto ${balancerChain(name)}/from/${index}`;
  });
  const strangers = sources.length === 0 ? [] : [`ip saddr != { ${sources.join(', ')} } drop`];
  chains.set(balancerChain(name), [...strangers, ...local, ...choose(endpoints)]);
  for (const { ip } of endpoints) elements.set(`hairpins ${ip} . ${ip}`, '');
}

function destination({ ip, port }: Endpoint, protocol: Protocol): string {
  return `meta l4proto ${protocol} dnat to ${ip}:${port}`;
}

/** The transaction that makes the whole table anew. */
export function freshTable(options: TableOptions, content: TableContent): string {
  return `add table ip ${options.name}\ndelete table ip ${options.name}\n${baseTable(options)}${changes(options.name, emptyContent, content)}`;
}

export const emptyContent: TableContent = { chains: new Map(), sets: new Map(), elements: new Map() };

/** The transaction that leads from one content to another; empty where nothing changed. */
export function changes(table: string, from: TableContent, to: TableContent): string {
  const lines: string[] = [];
  const say = (verb: string, what: string): void => void lines.push(`${verb} ${what}`);
  const goneElements = [...from.elements].filter(([key, value]) => to.elements.get(key) !== value);
  const goneChains = [...from.chains.keys()].filter((chain) => !to.chains.has(chain));
  const goneSets = [...from.sets].filter(([set, declaration]) => to.sets.get(set) !== declaration).map(([set]) => set);
  // A set whose declaration changed is made anew, and with it the chains that speak of it.
  const stale = (rules: readonly string[] | undefined): boolean => rules?.some((rule) => goneSets.some((set) => rule.includes(`@${set} `))) === true;
  const newChains = [...to.chains].filter(([chain, rules]) => !sameLines(from.chains.get(chain), rules) || stale(rules));

  for (const [key] of goneElements) say('delete element ip', `${table} ${elementText(key, '')}`);
  for (const chain of goneChains) say('flush chain ip', `${table} ${chain}`);
  for (const [chain] of newChains) if (from.chains.has(chain)) say('flush chain ip', `${table} ${chain}`);
  for (const set of goneSets) say('delete set ip', `${table} ${set}`);
  for (const [set, declaration] of to.sets) if (from.sets.get(set) !== declaration) say('add set ip', `${table} ${set} { ${declaration} }`);
  for (const [chain] of newChains) if (!from.chains.has(chain)) say('add chain ip', `${table} ${chain}`);
  for (const [chain, rules] of newChains) for (const rule of rules) say('add rule ip', `${table} ${chain} ${rule}`);
  for (const [key, value] of to.elements) if (from.elements.get(key) !== value) say('add element ip', `${table} ${elementText(key, value)}`);
  for (const chain of goneChains) say('delete chain ip', `${table} ${chain}`);
  return lines.map((line) => `${line}\n`).join('');
}

function elementText(key: string, value: string): string {
  const space = key.indexOf(' ');
  return `${key.slice(0, space)} { ${key.slice(space + 1)}${value === '' ? '' : ` : ${value}`} }`;
}

function sameLines(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((line, index) => line === b[index]);
}
