import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Balancer, Rules } from '../rules.ts';
import { changes, emptyContent, freshTable, tableContent } from './table.ts';

const options = { name: 'kubicle-test', bridge: 'br-test', clusterCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16', masqueradePods: false };
const web: Balancer = { name: 'default/web/tcp/http', protocol: 'tcp', endpoints: [{ ip: '10.244.1.5', port: 8080 }, { ip: '10.244.2.5', port: 8080 }] };

function rules(...balancers: readonly Balancer[]): Rules {
  return { nodeAddresses: [], balancers, frontends: balancers.map(({ name }) => ({ ip: '10.96.0.10', protocol: 'tcp', port: 80, balancer: name })) };
}

describe('the nftables table', () => {
  test('as a whole', async () => {
    const sticky: Balancer = { ...web, name: 'default/sticky/tcp/http', affinitySeconds: 60 };
    const local: Balancer = { ...web, name: 'default/local/tcp/http', bySource: [{ cidr: '10.244.1.0/24', endpoints: web.endpoints.slice(0, 1) }, { cidr: '10.244.2.0/24', endpoints: [] }] };
    const all: Rules = {
      nodeAddresses: [],
      balancers: [web, sticky, local],
      frontends: [
        { ip: '10.96.0.10', protocol: 'tcp', port: 80, balancer: web.name },
        { ip: '10.96.0.11', protocol: 'tcp', port: 80, balancer: sticky.name },
        { ip: '10.96.0.12', protocol: 'tcp', port: 80, balancer: local.name },
        { ip: '10.244.0.11', protocol: 'udp', port: 30_053, balancer: undefined },
      ],
    };
    await expect(freshTable({ ...options, masqueradePods: true }, tableContent(all))).toMatchFileSnapshot('table.golden.nft');
  });

  test('an endpoint that comes changes its service alone', () => {
    const more: Balancer = { ...web, endpoints: [...web.endpoints, { ip: '10.244.3.5', port: 8080 }] };
    expect(changes('t', tableContent(rules(web)), tableContent(rules(more)))).toBe(`flush chain ip t service/default/web/tcp/http
add chain ip t endpoint/10.244.3.5/tcp/8080
add rule ip t endpoint/10.244.3.5/tcp/8080 meta l4proto tcp dnat to 10.244.3.5:8080
add rule ip t service/default/web/tcp/http numgen random mod 3 vmap { 0 : goto endpoint/10.244.1.5/tcp/8080, 1 : goto endpoint/10.244.2.5/tcp/8080, 2 : goto endpoint/10.244.3.5/tcp/8080 }
add element ip t hairpins { 10.244.3.5 . 10.244.3.5 }
`);
  });

  test('a service that goes takes with it what only it used', () => {
    expect(changes('t', tableContent(rules({ ...web, endpoints: web.endpoints.slice(0, 1) })), emptyContent)).toBe(`delete element ip t hairpins { 10.244.1.5 . 10.244.1.5 }
delete element ip t services { 10.96.0.10 . tcp . 80 }
flush chain ip t endpoint/10.244.1.5/tcp/8080
flush chain ip t service/default/web/tcp/http
delete chain ip t endpoint/10.244.1.5/tcp/8080
delete chain ip t service/default/web/tcp/http
`);
  });

  test('another time of affinity makes the sets anew, and the chains that use them', () => {
    const script = changes('t', tableContent(rules({ ...web, affinitySeconds: 60 })), tableContent(rules({ ...web, affinitySeconds: 90 })));
    expect(script).toContain('flush chain ip t service/default/web/tcp/http\n');
    expect(script).toMatch(/delete set ip t (clients\S+10.244.1.5\S+)\n[^]*add set ip t \1 { type ipv4_addr; flags dynamic,timeout; timeout 90s; }\n/);
  });

  test('nothing changed, nothing to do; and a change leads where a fresh start leads', () => {
    const balancer: fc.Arbitrary<Balancer> = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      protocol: fc.constant('tcp' as const),
      endpoints: fc.uniqueArray(fc.record({ ip: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'), port: fc.constant(80) }), { minLength: 1, selector: ({ ip }) => ip }),
      affinitySeconds: fc.constantFrom(10, 20),
    });
    const state = fc.uniqueArray(balancer, { selector: ({ name }) => name }).map((balancers) => tableContent({ nodeAddresses: [], balancers, frontends: balancers.map(({ name }, index) => ({ ip: `10.96.0.${index}`, protocol: 'tcp', port: 80, balancer: name })) }));
    fc.assert(
      fc.property(state, state, (from, to) => {
        expect(changes('t', from, from)).toBe('');
        const table = new Map<string, string[]>();
        for (const script of [changes('t', emptyContent, from), changes('t', from, to)]) play(table, script);
        const fresh = new Map<string, string[]>();
        play(fresh, changes('t', emptyContent, to));
        expect(Object.fromEntries(table)).toEqual(Object.fromEntries(fresh));
      }),
    );
  });
});

/** What nft does with a script, as far as names go: refuses to add what is there, to take what is not, and to drop chains in use. */
function play(table: Map<string, string[]>, script: string): void {
  for (const line of script.split('\n').filter((line) => line !== '')) {
    const [, verb = '', kind = '', rest = ''] = /^(add|delete|flush) (\w+) ip t (.*)$/.exec(line) ?? [];
    const [name = ''] = rest.split(' ');
    const key = kind === 'element' ? `element ${rest.replace(/ : goto .*/, ' }')}` : `${kind === 'rule' ? 'chain' : kind} ${name}`;
    if (kind === 'rule') table.get(key)?.push(rest);
    else if (verb === 'flush') table.set(key, []);
    else if (verb === 'add') {
      expect(table.has(key)).toBe(false);
      table.set(key, kind === 'element' ? [rest] : []);
    } else {
      expect(table.has(key)).toBe(true);
      table.delete(key);
      if (kind !== 'element') for (const lines of table.values()) for (const used of lines) expect(used.split(/[ ,]+/)).not.toContain(kind === 'set' ? `@${name}` : name);
    }
  }
}
