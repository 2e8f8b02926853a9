/** Contract of what puts rules in force. */
import type { Rules } from './rules.ts';

export interface ProxyBackend {
  /** Makes ready and finds out what this host allows; rejects with a `ProxyError`. */
  start(): Promise<void>;
  /** Brings the rules in force, all at once: a connection sees the old rules or the new ones. Called for one set after the other. */
  apply(rules: Rules): Promise<void>;
  /** Lets go of the host; the rules stay in force, so that pods go on reaching services while the cluster host is down. */
  stop(): Promise<void>;
  /** Takes the rules back. */
  remove(): Promise<void>;
}

export type ProxyErrorCode =
  /** The engine does not let a container into the host's network with CAP_NET_ADMIN. */
  | 'Refused'
  /** The engine's host has no `nft` command. */
  | 'NftMissing'
  /** The kernel or `nft` refused the rules; the message is theirs. */
  | 'RulesRefused'
  /** The helper ended in the middle of a change. */
  | 'Lost';

export class ProxyError extends Error {
  readonly code: ProxyErrorCode;
  constructor(code: ProxyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProxyError';
    this.code = code;
  }
}
