/** A kind that today's Kubernetes serves in another version or group: the manifest is older, or newer, than the API. */
import { kindType, listKinds } from '../../cluster-host/api/catalogue/catalogue.ts';
import { apiVersionOf, parseApiVersion } from '../../cluster-host/api/object.ts';
import { markOf } from '../syntax/locate.ts';
import type { DocumentRule } from './rule.ts';

const preferred = /^v\d+$/;

export const apiNotServed: DocumentRule = {
  name: 'api-not-served',
  severity: 'warning',
  checkDocument(syntax, { apiVersion, kind }) {
    const groupVersion = parseApiVersion(apiVersion);
    if (groupVersion === undefined || kindType({ ...groupVersion, kind }) !== undefined) return [];
    // Kinds of other people's groups may well be called as Kubernetes' own are.
    if (groupVersion.group.includes('.') && !groupVersion.group.endsWith('.k8s.io')) return [];
    const served = listKinds().filter((one) => one.kind === kind);
    const versions = served.toSorted((a, b) => Number(preferred.test(b.version)) - Number(preferred.test(a.version))).map(apiVersionOf);
    if (versions.length === 0) return [];
    const span = markOf(syntax, ['apiVersion']);
    const fixes = versions.map((version) => ({ title: `Use ${version}`, edits: [{ span, newText: version }] }));
    return [{ span, message: `Kubernetes 1.36 serves ${kind} as ${versions.join(', ')}; its fields may differ from those of ${apiVersion}`, fixes }];
  },
};
