/** Whom a request wants to act as, by its headers (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation). Pure. */
import { quote } from '../../api/text.ts';
import { badRequest } from '../failure.ts';
import { valuesOf, type ApiRequest } from '../request.ts';
import type { UserInfo } from '../server.ts';

const extraPrefix = 'impersonate-extra-';

/** Undefined where the request does not impersonate; 400 where it names no user. */
export function wantedUser(headers: ApiRequest['headers']): Required<UserInfo> | undefined {
  const [name = ''] = valuesOf(headers, 'impersonate-user');
  const [uid = ''] = valuesOf(headers, 'impersonate-uid');
  const groups = valuesOf(headers, 'impersonate-group');
  const extra: Record<string, readonly string[]> = {};
  for (const header of Object.keys(headers)) {
    if (!header.startsWith(extraPrefix)) continue;
    const key = unescaped(header.slice(extraPrefix.length));
    extra[key] = [...(extra[key] ?? []), ...valuesOf(headers, header)];
  }
  const wanted = { name, uid, groups, extra };
  if (name !== '') return wanted;
  if (uid !== '' || groups.length > 0 || Object.keys(extra).length > 0) throw badRequest(`requested ${goText(wanted)} without impersonating a user name`);
  return undefined;
}

/** A key that is not well-formed stands for itself. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** The user as Go prints it, which is what the refusal says. */
function goText({ name, uid, groups, extra }: Required<UserInfo>): string {
  const texts = (values: readonly string[]): string => (values.length === 0 ? '[]string(nil)' : `[]string{${values.map(quote).join(', ')}}`);
  const entries = Object.entries(extra).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const map = entries.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${entries.map(([key, values]) => `${quote(key)}:${texts(values)}`).join(', ')}}`;
  return `&user.DefaultInfo{Name:${quote(name)}, UID:${quote(uid)}, Groups:${texts(groups)}, Extra:${map}}`;
}
