/** A kind that is neither built in nor defined by a CustomResourceDefinition known here: nothing was checked, and that is said. */
import { kindType, listKinds } from '../../cluster-host/api/catalogue/catalogue.ts';
import { parseApiVersion } from '../../cluster-host/api/object.ts';
import type { DocumentRule } from './rule.ts';

export const unknownCustomKind: DocumentRule = {
  name: 'unknown-custom-kind',
  severity: 'hint',
  checkDocument(_syntax, { apiVersion, kind, kindSpan }, customKinds) {
    const groupVersion = parseApiVersion(apiVersion);
    if (groupVersion === undefined || kindType({ ...groupVersion, kind }) !== undefined || customKinds.find({ ...groupVersion, kind }) !== undefined) return [];
    // Another version of it is defined: the rule `api-not-served` tells.
    if (customKinds.list().some(({ definition }) => definition.group === groupVersion.group && definition.kind === kind)) return [];
    // Of Kubernetes' own groups the API server's error tells enough.
    if (!groupVersion.group.includes('.') || groupVersion.group.endsWith('.k8s.io') || listKinds().some(({ group }) => group === groupVersion.group)) return [];
    return [{ span: kindSpan, message: `${kind} of ${apiVersion} is not built into Kubernetes, and no definition of it is known: it was not validated` }];
  },
};
