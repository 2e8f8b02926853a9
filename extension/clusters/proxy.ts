/** Which proxy leads to a server: that of the kubeconfig, else that of the environment, as Go and so kubectl have it. Pure. */
import { BlockList, isIP } from 'node:net';

/** Undefined for a direct connection. Throws a sentence for one that cannot be used. */
export function proxyFor(server: string, configured: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const url = new URL(server);
  const chosen = configured ?? fromEnvironment(url, env);
  if (chosen === undefined || url.protocol !== 'https:') return undefined;
  const proxy = URL.parse(chosen.includes('://') ? chosen : `http://${chosen}`);
  if (proxy === null) throw new Error(`"${chosen}" is not the address of a proxy.`);
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') throw new Error(`Proxies of the kind "${proxy.protocol.replace(':', '')}" are not supported: use an http or https proxy.`);
  return proxy.href;
}

function fromEnvironment({ hostname, port }: URL, env: NodeJS.ProcessEnv): string | undefined {
  const proxy = env['HTTPS_PROXY'] ?? env['https_proxy'] ?? '';
  const host = hostname.replaceAll(/[[\]]/g, '');
  const isLocal = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return proxy === '' || isLocal || isExcluded(host, port === '' ? '443' : port, env['NO_PROXY'] ?? env['no_proxy'] ?? '') ? undefined : proxy;
}

/** `NO_PROXY`: names with all below them, addresses, ranges, `*`; each with a port where only that is meant. */
function isExcluded(host: string, port: string, list: string): boolean {
  return list.split(',').some((entry) => {
    const rule = entry.trim().toLowerCase();
    if (rule === '') return false;
    if (rule === '*') return true;
    const [, name = rule, onlyPort] = isIP(rule) === 0 ? (/^(.*?)(?::(\d+))?$/.exec(rule) ?? []) : [];
    if (onlyPort !== undefined && onlyPort !== port) return false;
    if (name.includes('/')) return inRange(host, name);
    const suffix = name.replace(/^\*?\./, '');
    return (!name.startsWith('.') && !name.startsWith('*.') && host === suffix) || host.endsWith(`.${suffix}`);
  });
}

function inRange(host: string, range: string): boolean {
  const family = isIP(host);
  const [network = '', bits = ''] = range.split('/');
  if (family === 0 || isIP(network) !== family) return false;
  const ranges = new BlockList();
  ranges.addSubnet(network, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  return ranges.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
