/** The node that a user is: `system:node:NAME` of group `system:nodes`. */
import type { UserInfo } from '../../server.ts';

const prefix = 'system:node:';

/** The node's name, empty where the user gives none; undefined for who is no node. */
export function nodeOf({ name, groups }: UserInfo): string | undefined {
  return name.startsWith(prefix) && groups.includes('system:nodes') ? name.slice(prefix.length) : undefined;
}
