/** Taints of nodes and the tolerations of pods. */
import { forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V1Taint, V1Toleration } from '../generated/types.ts';
import { checkLabelValue } from '../names.ts';
import { goJson } from '../text.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { qualifiedName } from './errors.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function* validateTolerations(tolerations: readonly V1Toleration[], field: string): Errors {
  for (const [index, toleration] of tolerations.entries()) yield* validateToleration(toleration, `${field}[${index}]`);
}

function* validateToleration({ key, operator = '', value = '', effect, tolerationSeconds }: V1Toleration, field: string): Errors {
  if (key) yield* qualifiedName(`${field}.key`, key);
  else if (operator !== 'Exists') {
    yield invalid(`${field}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"');
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    yield invalid(`${field}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set");
  }
  if (operator === '' || operator === 'Equal') {
    const problems = checkLabelValue(value);
    if (problems.length > 0) yield invalid(`${field}.operator`, value, problems.join(';'));
  } else if (operator === 'Exists') {
    if (value !== '') yield invalid(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'");
  } else {
    yield notSupported(`${field}.operator`, operator, ['Equal', 'Exists']);
  }
  if (effect && !effects.includes(effect)) yield notSupported(`${field}.effect`, effect, effects);
}

/** A pod may get more tolerations but keeps those it has; only their seconds may change. */
export function* validateAddedTolerations(tolerations: readonly V1Toleration[], old: readonly V1Toleration[], field: string): Errors {
  const kept = old.every((one) => tolerations.some((other) => equal({ ...one, tolerationSeconds: other.tolerationSeconds }, other)));
  if (!kept) yield forbidden(field, 'existing toleration can not be modified except its tolerationSeconds');
  else yield* validateTolerations(tolerations, field);
}

export function* validateTaints(taints: readonly V1Taint[], field: string): Errors {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const at = `${field}[${index}]`;
    yield* qualifiedName(`${at}.key`, taint.key ?? '');
    const problems = checkLabelValue(taint.value ?? '');
    if (problems.length > 0) yield invalid(`${at}.value`, taint.value, problems.join(';'));
    if (!taint.effect) yield required(`${at}.effect`);
    else if (!effects.includes(taint.effect)) yield notSupported(`${at}.effect`, taint.effect, effects);
    const pair = `${taint.effect}/${taint.key}`;
    if (seen.has(pair)) {
      yield { type: 'FieldValueDuplicate', field: at, message: `Duplicate value: ${goJson(taint)}: taints must be unique by key and effect pair` };
    }
    seen.add(pair);
  }
}
