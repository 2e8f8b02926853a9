/** Answers the paths of discovery and `/version`. */
import type { KindDefinition } from '../../api/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Answer, RequestContext } from '../request.ts';
import type { Step } from '../request-chain.ts';
import { aggregated, coreVersions, groupDocument, groupList, resourceList, servedGroups } from './documents.ts';
import type { RemoteService } from '../aggregation/aggregator.ts';
import { withRemoteGroups, withRemoteVersions } from '../aggregation/discovery.ts';
import { versionInfo } from './version.ts';

export interface DiscoverySource {
  definitions(): readonly KindDefinition[];
  /** `127.0.0.1:6443`. */
  serverAddress(): string;
  /** What other servers serve. */
  remotes(): readonly RemoteService[];
}

const aggregatedForm = /(?:^|,)\s*application\/json\s*;[^,]*\bas=APIGroupDiscoveryList\b[^,]*/;

export function discoveryRoutes(source: DiscoverySource): Step {
  return (context) => {
    const { path, verb } = context.info;
    if (context.info.isResource || verb !== 'get') return undefined;
    if (path === '/version') return versionAnswer();
    const [root = '', group = '', version = '', ...more] = path.replace(/\/$/, '').split('/').slice(1);
    if (more.length > 0) return undefined;
    if (root === 'api' && version === '') return core(source, context, group);
    return root === 'apis' ? named(source, context, group, version) : undefined;
  };
}

function core(source: DiscoverySource, context: RequestContext, version: string): Answer | undefined {
  const definitions = source.definitions();
  const groups = servedGroups(definitions).filter(({ name }) => name === '');
  if (version === '') return aggregatedAnswer(context, definitions, groups) ?? object(coreVersions(source.serverAddress()));
  return groups[0]?.versions.includes(version) === true ? object(resourceList(definitions, '', version)) : undefined;
}

function named(source: DiscoverySource, context: RequestContext, name: string, version: string): Answer | undefined {
  const definitions = source.definitions();
  const own = servedGroups(definitions).filter((group) => group.name !== '');
  const remotes = source.remotes();
  const groups = withRemoteGroups(own, remotes);
  if (name === '') return aggregatedAnswer(context, definitions, own, remotes) ?? object(groupList(groups));
  const group = groups.find((candidate) => candidate.name === name);
  if (group === undefined) return undefined;
  if (version === '') return object(groupDocument(group));
  return own.some((one) => one.name === name && one.versions.includes(version)) ? object(resourceList(definitions, name, version)) : undefined;
}

/** The aggregated form, where the client takes it. */
function aggregatedAnswer({ request }: RequestContext, definitions: readonly KindDefinition[], groups: ReturnType<typeof servedGroups>, remotes: readonly RemoteService[] = []): Answer | undefined {
  const clause = aggregatedForm.exec(request.headers['accept'] ?? '')?.[0];
  const version = clause === undefined ? undefined : /\bv=(v2(?:beta1)?)\b/.exec(clause)?.[1];
  if (version === undefined) return undefined;
  const apiVersion = `apidiscovery.k8s.io/${version}`;
  const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  return { type: 'text', status: 200, contentType, text: JSON.stringify(withRemoteVersions(aggregated(definitions, groups, apiVersion), remotes)), headers: { vary: 'Accept' } };
}

/** Laid out for people, as Kubernetes does. */
function versionAnswer(): Answer {
  return { type: 'text', status: 200, contentType: 'application/json', text: JSON.stringify(versionInfo, undefined, 2) };
}

function object(body: object): Answer {
  return { type: 'object', status: 200, object: body as KubeObject };
}
