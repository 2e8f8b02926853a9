/** Requests that another server answers. */
import type { Step } from '../request-chain.ts';
import type { Aggregator } from './aggregator.ts';

/** `/apis/GROUP/VERSION/…`, and its document of OpenAPI. */
const ofAnother = /^(?:\/openapi\/v3)?\/apis\/([^/]+)\/([^/]+)(?:\/|$)/;

export function aggregationRoute(aggregator: Aggregator): Step {
  return ({ request: { path } }) => {
    const [, group = '', version = ''] = ofAnother.exec(path) ?? [];
    const remote = group === '' ? undefined : aggregator.remote(group, version);
    if (remote === undefined) return undefined;
    if (!remote.isAvailable) return { type: 'text', status: 503, contentType: 'text/plain; charset=utf-8', text: 'service unavailable\n', headers: { 'x-content-type-options': 'nosniff' } };
    const { name = '' } = remote.service.metadata ?? {};
    return { type: 'connect', target: { resource: 'apiservices', subresource: 'proxy', namespace: '', name, object: remote.service, rest: '' } };
  };
}
