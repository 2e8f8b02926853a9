/** How the API server finds a program that it asks: a URL, or a service in the cluster. */
import { invalid, required } from '../field-errors.ts';
import type { Errors } from './errors.ts';
import { portNumber } from './errors.ts';

export interface WebhookClient {
  readonly url?: string;
  readonly service?: { readonly name: string; readonly namespace: string; readonly path?: string; readonly port?: number };
}

export function* validateClientConfig({ url, service }: WebhookClient, field: string): Errors {
  if ((url === undefined) === (service === undefined)) yield required(field, 'exactly one of url or service is required');
  if (url !== undefined) yield* validateUrl(url, `${field}.url`);
  if (service !== undefined) yield* validateService(service, `${field}.service`);
}

const form = 'desired format: https://host[/path]';

function* validateUrl(text: string, field: string): Errors {
  const url = URL.parse(text);
  if (url === null) {
    yield required(field, `url must be a valid URL: parse ${JSON.stringify(text)}: invalid URL; ${form}`);
    return;
  }
  if (url.protocol !== 'https:') yield invalid(field, url.protocol.slice(0, -1), `'https' is the only allowed URL scheme; ${form}`);
  if (url.host === '') yield invalid(field, url.host, `host must be specified; ${form}`);
  if (url.username !== '' || url.password !== '') yield invalid(field, url.username, 'user information is not permitted in the URL');
  if (url.hash !== '') yield invalid(field, url.hash.slice(1), 'fragments are not permitted in the URL');
  if (url.search !== '') yield invalid(field, url.search.slice(1), 'query parameters are not permitted in the URL');
}

function* validateService({ name, namespace, path, port }: NonNullable<WebhookClient['service']>, field: string): Errors {
  // Kubernetes hands the two over in the wrong order, and so names the other field.
  if (namespace === '') yield required(`${field}.name`, 'service name is required');
  if (name === '') yield required(`${field}.namespace`, 'service namespace is required');
  if (port !== undefined) yield* portNumber(`${field}.port`, port);
  if (path === undefined || path === '/' || path === '') return;
  if (!path.startsWith('/')) yield invalid(`${field}.path`, path, "must start with a '/'");
  const parts = path.slice(1).split('/');
  if (parts.at(-1) === '') parts.pop();
  for (const [index, part] of parts.entries()) if (part === '') yield invalid(`${field}.path`, path, `segment[${index}] may not be empty`);
}

