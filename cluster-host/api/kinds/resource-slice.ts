import type { V1ResourceSlice } from '../generated/types.ts';
import { validateResourceSlice } from '../validation/resource-slice.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

/** Devices that a driver offers on a node, or to several. */
export const resourceSlice = defineKind<V1ResourceSlice>({
  group: 'resource.k8s.io',
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  namespaced: false,
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.driver': ({ spec }) => spec?.driver ?? '',
  },
  generationOf: ['spec'],
  *validate({ spec }) {
    yield* validateResourceSlice(spec ?? { driver: '', pool: { generation: 0, name: '', resourceSliceCount: 0 } }, undefined);
  },
  *validateUpdate({ spec }, old) {
    if (spec) yield* validateResourceSlice(spec, old.spec);
  },
  columns: [
    text('Node', 'The node of the devices.', ({ spec }) => spec?.nodeName || (spec?.allNodes === true ? '<all>' : '<unset>')),
    text('Driver', 'Who drives them.', ({ spec }) => spec?.driver ?? ''),
    text('Pool', 'The pool they belong to.', ({ spec }) => spec?.pool?.name ?? ''),
    ageColumn,
  ],
});
