/** The Kubernetes objects of a file, and where their fields stand. */
import type { ManifestDocument, Range } from '../messages.ts';
import { parsePath } from '../../cluster-host/api/field-errors.ts';
import { markOf } from '../syntax/locate.ts';
import { rangeIn } from '../syntax/text.ts';
import { rangeOf } from '../workspace/index.ts';
import type { FeatureContext } from './feature.ts';

export function documentsOf({ file, index }: FeatureContext): readonly ManifestDocument[] {
  const manifests = index.manifestsIn(file.uri).filter(({ facts }) => !facts.isItem);
  return manifests.map((manifest) => {
    const { apiVersion, kind, name, namespace, span } = manifest.facts;
    return { index: manifest.index, apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }), range: rangeOf(manifest, span) };
  });
}

export function rangesOfFields({ file }: FeatureContext, documentIndex: number, fields: readonly string[]): readonly Range[] {
  const document = file.text.documents[documentIndex];
  if (document === undefined) return fields.map(() => file.text.lines.rangeOf({ start: 0, end: 0 }));
  return fields.map((field) => rangeIn(file.text, document, markOf(document.syntax, parsePath(field))));
}
