/** Rules in the nftables of the engine's host, in a table of the cluster's own. */
import type { Logger } from '../../platform/platform.ts';
import type { Engine } from '../../engine/engine.ts';
import { ProxyError, type ProxyBackend } from '../backend.ts';
import { changes, freshTable, tableContent, type TableContent, type TableOptions } from '../nft/table.ts';
import type { Rules } from '../rules.ts';
import { HostHelper } from './host-helper.ts';

export interface NftablesOptions {
  readonly engine: Engine;
  readonly log: Logger;
  /** Name of the cluster, and of its network on the engine. */
  readonly cluster: string;
  readonly network: string;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
}

export function nftablesBackend(options: NftablesOptions): ProxyBackend {
  return new NftablesBackend(options);
}

/** What we need of the engine's answer about a network. */
interface NetworkInspection {
  readonly Id: string;
  readonly Options?: Readonly<Record<string, string>>;
  readonly IPAM: { readonly Config: readonly { readonly Gateway: string }[] };
}

/** What is in force, as far as we know. */
interface InForce {
  readonly content: TableContent;
  readonly addresses: readonly string[];
}

class NftablesBackend implements ProxyBackend {
  readonly #options: NftablesOptions;
  readonly #helper: HostHelper;
  #table: TableOptions | undefined;
  #inForce: InForce | undefined;

  constructor(options: NftablesOptions) {
    this.#options = options;
    this.#helper = new HostHelper(options.engine, options.cluster);
  }

  async start(): Promise<void> {
    const { engine, cluster, network, clusterCidr, serviceCidr, log } = this.#options;
    const { Id, Options = {}, IPAM } = await engine.call<NetworkInspection>('GET', `/networks/${encodeURIComponent(network)}`);
    const bridge = Options['com.docker.network.bridge.name'] ?? `br-${Id.slice(0, 12)}`;
    const found = (await this.#helper.run(preparation(bridge, `${serviceCidr} dev lo src ${IPAM.Config[0]?.Gateway}`))).split('\n');
    if (!found.includes('nft')) throw new ProxyError('NftMissing', 'the host of the Docker Engine has no command nft: install the package nftables there');
    if (!found.includes('localnet')) log.warn('Node ports do not answer on 127.0.0.1: the host does not allow route_localnet on the bridge', { bridge });
    // Without the kernel's bridge filter an answer from pod to pod stays on the bridge and never finds its way back through the
    // rules; a changed source address makes it come back.
    const masqueradePods = !found.includes('bridgeFilter');
    if (masqueradePods) log.info('Pods see the address of the bridge as their client through services: the host has no br_netfilter', { bridge });
    this.#table = { name: tableName(cluster), bridge, clusterCidr, serviceCidr, masqueradePods };
  }

  async apply(rules: Rules): Promise<void> {
    const table = this.#table;
    if (table === undefined) throw new ProxyError('Lost', 'the rules were asked for before the start');
    const content = tableContent(rules);
    const before = this.#inForce;
    // Until it is known that they are: after a failure the table is made anew.
    this.#inForce = undefined;
    const transaction = before === undefined ? freshTable(table, content) : changes(table.name, before.content, content);
    await this.#helper.run(nftScript(transaction) + addressScript(table.bridge, before?.addresses ?? [], rules.nodeAddresses) + hairpinScript(table.bridge));
    this.#inForce = { content, addresses: rules.nodeAddresses };
  }

  async stop(): Promise<void> {
    await this.#helper.stop();
  }

  async remove(): Promise<void> {
    this.#inForce = undefined;
    await this.#helper.run(removal(this.#options.cluster, this.#options.serviceCidr));
  }
}

/** Removes what a host that is no more left in force; rejects as `ProxyBackend.start` does. The route stays where its range is not known. */
export async function removeRules(engine: Engine, cluster: string, serviceCidr: string | undefined): Promise<void> {
  const helper = new HostHelper(engine, cluster);
  try {
    await helper.run(removal(cluster, serviceCidr));
  } finally {
    await helper.stop();
  }
}

const tableName = (cluster: string): string => `kubicle-${cluster}`;

function removal(cluster: string, serviceCidr: string | undefined): string {
  const name = tableName(cluster);
  const route = serviceCidr === undefined ? '' : `ip route del ${serviceCidr} dev lo\n`;
  return `${nftScript(`add table ip ${name}\ndelete table ip ${name}\n`)}${route}exit 0\n`;
}

/**
 * Prints what the host has: `nft`, `bridgeFilter`, `localnet`. The route lets the host itself reach services where it has no
 * way to the outside, and keeps what no rule takes from leaving.
 */
function preparation(bridge: string, route: string): string {
  return `ip route replace ${route}
command -v nft >/dev/null && echo nft
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] && ip link set dev ${bridge} type bridge nf_call_iptables 1 && echo bridgeFilter
echo 1 2>/dev/null >/proc/sys/net/ipv4/conf/${bridge}/route_localnet && echo localnet
exit 0
`;
}

function nftScript(transaction: string): string {
  return transaction === '' ? '' : `nft -f - <<'end-of-rules' || exit 1\n${transaction}end-of-rules\n`;
}

function addressScript(bridge: string, before: readonly string[], after: readonly string[]): string {
  const added = after.filter((address) => !before.includes(address)).map((address) => `ip address replace ${address}/32 dev ${bridge} || exit 1\n`);
  const removed = before.filter((address) => !after.includes(address)).map((address) => `ip address del ${address}/32 dev ${bridge}\n`);
  return [...added, ...removed].join('');
}

/** A pod that reaches itself through its service sends to the port of the bridge that it came in by, which a bridge does not do unasked. */
function hairpinScript(bridge: string): string {
  return `for port in /sys/class/net/${bridge}/brif/*; do
  [ -e "$port" ] || continue
  read -r on <"$port/hairpin_mode"
  [ "$on" = 1 ] || ip link set dev "\${port##*/}" type bridge_slave hairpin on
done
exit 0
`;
}
