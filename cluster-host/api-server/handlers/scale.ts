/** The scale subresource: replicas of any kind that has them, as one `autoscaling/v1` Scale. */
import { noOtherVersions, type FieldManagement } from '../../api/apply/management.ts';
import { parentManagedFields, scaleManagedFields } from '../../api/apply/scale.ts';
import { managedFieldsAfterUpdate } from '../../api/apply/update.ts';
import { schemaOf } from '../../api/catalogue/kind-schema.ts';
import { plainDocument } from '../../api/decode/parsed.ts';
import type { V1Scale } from '../../api/generated/types.ts';
import type { ScalePaths } from '../../api/kind.ts';
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import { getPath, scaleOf, setPath } from '../../api/scale.ts';
import { invalid as invalidField } from '../../api/field-errors.ts';
import { quote } from '../../api/text.ts';
import { badRequest, internalError, invalid, unknownResource } from '../failure.ts';
import { readDocument } from '../negotiation/body.ts';
import type { Answer, RequestContext } from '../request.ts';
import { applierOf, checkPatchOptions, isApply } from './apply.ts';
import { decodeDocument, type DocumentKind } from './decode-object.ts';
import { fieldManagerOf, writeContextOf, type Handler, type ResourceTarget } from './handler.ts';
import { writeOptionsOf } from './options.ts';
import { patcherOf } from './patcher.ts';

/** A Scale that is to be written, with its owners, made out of the live one. */
type NextScale = (live: KubeObject) => KubeObject;

const scaleKind: DocumentKind = { group: 'autoscaling', version: 'v1', kind: 'Scale', model: 'V1Scale' };

/** Stands for replicas that a custom resource does not have, while its Scale is changed. */
const unsetReplicas = -(2 ** 31);

export const getScale: Handler = async (_context, target) => {
  const { object } = await target.registry.get(target.namespace, target.name);
  const paths = pathsOf(target);
  if (getPath(object, paths.specReplicas) === undefined) throw internalError(`the spec replicas field ${quote(paths.specReplicas)} does not exist`);
  return { type: 'object', status: 200, object: scaleOf(object, paths) };
};

export const updateScale: Handler = async (context, target) => {
  const options = writeOptionsOf(context.request.query, 'UpdateOptions');
  const document = await readDocument(context.request, 'Scale');
  const scale = decodeDocument(context, document ?? plainDocument(undefined), scaleKind, options.fieldValidation);
  return writeScale(context, target, options.dryRun, tracked(context, target, () => scale));
};

export const patchScale: Handler = async (context, target) => {
  const options = writeOptionsOf(context.request.query, 'PatchOptions');
  if (isApply(context.request)) return writeScale(context, target, options.dryRun, await applierOf(context, managementOf(target), options));
  checkPatchOptions(context);
  const patch = await patcherOf(context, scaleKind, options.fieldValidation);
  return writeScale(context, target, options.dryRun, tracked(context, target, patch));
};

/** Who manages what of a Scale: it is a kind of its own, in one version. */
function managementOf({ registry }: ResourceTarget): FieldManagement {
  return { ...registry.managementOf('scale'), type: schemaOf(scaleKind), gvk: scaleKind, versions: noOtherVersions };
}

function tracked({ request }: RequestContext, target: ResourceTarget, next: NextScale): NextScale {
  return (live) => {
    const object = next(live);
    const managedFields = managedFieldsAfterUpdate({ ...managementOf(target), live, object, manager: fieldManagerOf(request) });
    return { ...object, metadata: { ...object.metadata, managedFields } };
  };
}

async function writeScale(context: RequestContext, target: ResourceTarget, dryRun: boolean, next: NextScale): Promise<Answer> {
  const { registry, namespace, name, definition } = target;
  const paths = pathsOf(target);
  const plan = {
    subresource: 'scale',
    tracked: true,
    next(current: KubeObject): KubeObject {
      const parent = { managedFields: current.metadata?.managedFields, apiVersion: apiVersionOf(definition), replicasPaths: registry.replicasPaths() };
      const { spec, ...live } = scaleOf(current, paths);
      const known = getPath(current, paths.specReplicas) === undefined ? { replicas: unsetReplicas } : spec;
      const scale: V1Scale = next({ ...live, metadata: { ...live.metadata, managedFields: scaleManagedFields(parent) }, spec: known });
      if (scale.spec?.replicas === unsetReplicas) throw badRequest(`the spec replicas field ${quote(paths.specReplicas)} cannot be empty`);
      checkScale(scale, target);
      setPath(current, paths.specReplicas, scale.spec?.replicas ?? 0);
      // The preconditions of the Scale are those of its parent.
      const { resourceVersion = '', uid, managedFields } = scale.metadata ?? {};
      current.metadata = { ...current.metadata, ...(uid === undefined ? {} : { uid }), resourceVersion, managedFields: parentManagedFields(parent, managedFields) };
      return current;
    },
  } as const;
  const { version } = await registry.update(namespace, name, plan, writeContextOf(context, dryRun));
  return { type: 'object', status: 200, object: scaleOf(version.object, paths) };
}

function checkScale({ spec, metadata }: V1Scale, { name }: ResourceTarget): void {
  const named = metadata?.name ?? '';
  if (named !== '' && named !== name) throw badRequest(`the name of the object (${named}) does not match the name on the URL (${name})`);
  const replicas = spec?.replicas ?? 0;
  if (replicas < 0) throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [invalidField('spec.replicas', replicas, 'must be greater than or equal to 0')]);
}

function pathsOf({ definition }: ResourceTarget): ScalePaths {
  if (definition.scale === undefined) throw unknownResource();
  return definition.scale;
}
