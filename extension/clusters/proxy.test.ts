import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy.ts';

const env = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'internal, .corp, 10.0.0.0/8, special:8443' };

describe('proxyFor', () => {
  it.each<[string, string | undefined]>([
    ['https://cloud.example.com', 'http://proxy:3128/'],
    ['http://cloud.example.com', undefined],
    ['https://localhost:6443', undefined],
    ['https://127.0.0.1:6443', undefined],
    ['https://internal:6443', undefined],
    ['https://a.internal', undefined],
    ['https://corp', 'http://proxy:3128/'],
    ['https://a.corp', undefined],
    ['https://10.1.2.3', undefined],
    ['https://11.1.2.3', 'http://proxy:3128/'],
    ['https://special:8443', undefined],
    ['https://special', 'http://proxy:3128/'],
  ])('%s goes through %s', (server, proxy) => expect(proxyFor(server, undefined, env)).toBe(proxy));

  it('prefers the kubeconfig, also for this machine', () => expect(proxyFor('https://localhost:6443', 'https://me:secret@other', env)).toBe('https://me:secret@other/'));
  it('says what it cannot use', () => expect(() => proxyFor('https://a', 'socks5://b', {})).toThrow('Proxies of the kind "socks5" are not supported'));
});
