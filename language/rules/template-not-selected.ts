/** A workload whose own selector does not match the labels of its template: in the API server's own words. */
import { goJson } from '../../cluster-host/api/text.ts';
import { matchesLabels } from '../../cluster-host/api/selectors/label-selector.ts';
import { markOf } from '../syntax/locate.ts';
import { labelsOf } from '../workspace/facts.ts';
import type { DocumentRule } from './rule.ts';

const path = ['spec', 'template', 'metadata', 'labels'];

export const templateNotSelected: DocumentRule = {
  name: 'template-not-selected',
  severity: 'error',
  checkDocument(syntax, { selections, podLabels }) {
    const labels = labelsOf(podLabels ?? []);
    const own = selections.find(({ field }) => field.scope === 'controlled');
    if (own === undefined || own.selector.requirements.length === 0 || matchesLabels(own.selector, labels)) return [];
    return [{ span: markOf(syntax, path, 'key'), message: `${path.join('.')}: Invalid value: ${goJson(labels)}: \`selector\` does not match template \`labels\`` }];
  },
};
