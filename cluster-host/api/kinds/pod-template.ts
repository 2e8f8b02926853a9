import { setTemplateDefaults } from '../defaults/pod-spec.ts';
import type { V1PodTemplate } from '../generated/types.ts';
import { validatePodTemplate } from '../validation/pod-template.ts';
import { text } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { templateWarnings } from './pod-warnings.ts';
import { containerImages, containerNames, labelsText } from './workload-columns.ts';

export const podTemplate = defineKind<V1PodTemplate>({
  kind: 'PodTemplate',
  plural: 'podtemplates',
  namespaced: true,
  setDefaults: ({ template }) => setTemplateDefaults(template),
  generationOf: ['template'],
  *validate({ template = {} }) {
    yield* validatePodTemplate(template, 'template');
  },
  warnings: ({ template }) => templateWarnings(template, 'template'),
  columns: [
    text('Containers', 'Names of the containers.', ({ template }) => containerNames(template?.spec)),
    text('Images', 'Images of the containers.', ({ template }) => containerImages(template?.spec)),
    text('Pod Labels', 'Labels of the pods.', ({ template }) => labelsText(template?.metadata?.labels)),
  ],
});
