import { describe, expect, test } from 'vitest';
import { service, slice } from '../proxy/testing/objects.ts';
import { fixedNames } from './testing/fixed-names.ts';
import { lookUp, type Outcome } from './records.ts';

const names = fixedNames({
  namespaces: ['default'],
  services: [
    service('web', { clusterIP: '10.96.0.20', ports: [{ name: 'http', port: 80 }, { name: 'metrics', port: 9090 }] }),
    service('db', { clusterIP: 'None', ports: [{ name: 'sql', port: 5432 }] }),
    service('bare', { clusterIP: 'None' }),
    service('empty', { clusterIP: 'None', ports: [{ port: 1 }] }),
    service('outside', { type: 'ExternalName', externalName: 'example.com' }),
  ],
  slices: [
    slice('db', [{ name: 'sql', port: 5432 }], [{ ip: '10.244.1.5', hostname: 'db-0' }, { ip: '10.244.2.6' }, { ip: '10.244.3.7', ready: false }]),
    slice('bare', [], [{ ip: '10.244.1.9' }]),
    slice('web', [{ name: 'http', port: 8080 }], [{ ip: '10.244.1.8' }]),
  ],
});

const ask = (name: string, type = 'A'): Outcome => lookUp(names, 'cluster.local', name, type);

/** The data of the answers, or what there is instead. */
function data(name: string, type = 'A'): unknown {
  const outcome = ask(name, type);
  return outcome.type === 'records' ? outcome.answers.map((record) => record.data) : outcome.type;
}

describe('names of the cluster', () => {
  test.each([
    ['web.default.svc.cluster.local', ['10.96.0.20']],
    ['_http._tcp.web.default.svc.cluster.local', ['10.96.0.20']],
    ['db.default.svc.cluster.local', ['10.244.1.5', '10.244.2.6']],
    ['db-0.db.default.svc.cluster.local', ['10.244.1.5']],
    ['10-244-2-6.db.default.svc.cluster.local', ['10.244.2.6']],
    ['10-244-1-8.web.default.svc.cluster.local', ['10.244.1.8']],
    ['bare.default.svc.cluster.local', ['10.244.1.9']],
    ['10-1-2-3.default.pod.cluster.local', ['10.1.2.3']],
    ['no-such-1.db.default.svc.cluster.local', 'noName'],
    ['10-244-3-7.db.default.svc.cluster.local', 'noName'],
    ['empty.default.svc.cluster.local', 'noName'],
    ['nothing.default.svc.cluster.local', 'noName'],
    ['web.elsewhere.svc.cluster.local', 'noName'],
    ['10-1-2-3.elsewhere.pod.cluster.local', 'noName'],
    ['10-1-2.default.pod.cluster.local', 'noName'],
    ['a.b.c.web.default.svc.cluster.local', 'noName'],
    ['web.cluster.local', 'noName'],
    ['default.svc.cluster.local', 'noData'],
    ['svc.cluster.local', 'noData'],
    ['cluster.local', 'noData'],
    ['example.com', 'elsewhere'],
    ['notcluster.local', 'elsewhere'],
  ])('A %s', (name, expected) => {
    expect(data(name)).toEqual(expected);
  });

  test('other types of names that exist have no data; of names that do not, no name', () => {
    expect(data('web.default.svc.cluster.local', 'AAAA')).toBe('noData');
    expect(data('db.default.svc.cluster.local', 'MX')).toBe('noData');
    expect(data('nothing.default.svc.cluster.local', 'AAAA')).toBe('noName');
    expect(data('bare.default.svc.cluster.local', 'SRV')).toBe('noData');
  });

  test('SRV of a service leads to its own name, of a headless one to its endpoints', () => {
    expect(data('_http._tcp.web.default.svc.cluster.local', 'SRV')).toEqual([{ priority: 0, weight: 100, port: 80, target: 'web.default.svc.cluster.local' }]);
    expect(data('web.default.svc.cluster.local', 'SRV')).toHaveLength(2);
    const outcome = ask('_sql._tcp.db.default.svc.cluster.local', 'SRV');
    expect(outcome).toMatchObject({
      answers: [
        { data: { weight: 50, port: 5432, target: 'db-0.db.default.svc.cluster.local' } },
        { data: { weight: 50, port: 5432, target: '10-244-2-6.db.default.svc.cluster.local' } },
      ],
      additionals: [
        { type: 'A', name: 'db-0.db.default.svc.cluster.local', data: '10.244.1.5' },
        { type: 'A', name: '10-244-2-6.db.default.svc.cluster.local', data: '10.244.2.6' },
      ],
    });
    expect(data('_udp._udp.web.default.svc.cluster.local', 'SRV')).toBe('noName');
  });

  test('ExternalName is an alias', () => {
    expect(ask('outside.default.svc.cluster.local')).toMatchObject({ type: 'alias', target: 'example.com' });
  });

  test('addresses lead back to services and endpoints', () => {
    expect(data('20.0.96.10.in-addr.arpa', 'PTR')).toEqual(['web.default.svc.cluster.local']);
    expect(data('5.1.244.10.in-addr.arpa', 'PTR')).toEqual(['db-0.db.default.svc.cluster.local']);
    expect(data('6.2.244.10.in-addr.arpa', 'PTR')).toEqual(['10-244-2-6.db.default.svc.cluster.local']);
    expect(data('1.1.1.1.in-addr.arpa', 'PTR')).toBe('elsewhere');
  });

  test('the domain itself', () => {
    expect(data('cluster.local', 'NS')).toEqual(['ns.dns.cluster.local']);
    expect(data('cluster.local', 'SOA')).toMatchObject([{ mname: 'ns.dns.cluster.local' }]);
    expect(data('dns-version.cluster.local', 'TXT')).toEqual(['1.1.0']);
  });
});
