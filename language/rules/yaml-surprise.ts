/** Unquoted scalars that Kubernetes' YAML 1.1 reads as something else than they look: `yes`, `012`, `1e3`, and `y` as a key. */
import { isScalar, visit } from 'yaml';
import { resolvePlainScalar } from '../../cluster-host/api/decode/yaml-scalars.ts';
import { scalarText, spanOf } from '../syntax/nodes.ts';
import type { DocumentRule, RuleFinding } from './rule.ts';

const switches = /^(?:y|yes|n|no|on|off)$/i;
const octal = /^[-+]?0[0-7]+$/;
/** With an exponent, or with underscores. */
const number = /^[-+]?(?:\d+(?:\.\d*)?e[-+]?\d+|\d+(?:_\d+)+)$/i;
/** Most documents have nothing of the kind; then their nodes need not be visited. */
const suspicious = /(?:^|[\s[{,:-])(?:y|yes|n|no|on|off|[-+]?0[0-7]+|[-+]?\d[\d.]*e[-+]?\d+|[-+]?\d+_[\d_]+)(?:$|[\s\]},:])/im;
/** Octal is how file modes are written. */
const modes = /mode$/i;

export const yamlSurprise: DocumentRule = {
  name: 'yaml-surprise',
  severity: 'warning',
  checkDocument(syntax) {
    const findings: RuleFinding[] = [];
    if (syntax.yaml === undefined || !suspicious.test(syntax.text)) return findings;
    visit(syntax.yaml, {
      Pair(_index, { key, value }) {
        const isMode = isScalar(key) && modes.test(scalarText(key));
        for (const node of isMode ? [key] : [key, value]) findings.push(...surprise(node));
      },
      Seq(_index, { items }) {
        for (const item of items) findings.push(...surprise(item));
      },
    });
    return findings;
  },
};

function surprise(node: unknown): readonly RuleFinding[] {
  if (!isScalar(node) || node.type !== 'PLAIN' || node.tag !== undefined) return [];
  const text = scalarText(node);
  if (!switches.test(text) && !octal.test(text) && !number.test(text)) return [];
  const value = String(resolvePlainScalar(text));
  const span = spanOf(node);
  const fixes = [
    { title: `Quote it: "${text}"`, edits: [{ span, newText: `"${text}"` }] },
    { title: `Write ${value}`, edits: [{ span, newText: value }] },
  ];
  return value === text ? [] : [{ span, message: `Kubernetes reads ${text} as ${value} (YAML 1.1)`, fixes }];
}
