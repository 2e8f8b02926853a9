import { setResourceListDefaults } from '../defaults/resources.ts';
import { duplicate, forbidden, invalid, required } from '../field-errors.ts';
import type { V1LimitRange, V1LimitRangeItem } from '../generated/types.ts';
import { checkQualifiedName } from '../names.ts';
import type { Quantity } from '../quantity.ts';
import { compareQuantities, formatQuantity, quantityFromNumber, quantityOf } from '../quantity.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor } from '../validation/errors.ts';
import { isOvercommitAllowed, validateContainerResourceName, validateResourceName } from '../validation/resources.ts';
import { createdAtColumn } from './columns.ts';
import { defineKind } from './define-kind.ts';

const types = ['Pod', 'Container', 'PersistentVolumeClaim'];
const lists = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

export const limitRange = defineKind<V1LimitRange>({
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  setDefaults({ spec }) {
    for (const limit of spec?.limits ?? []) {
      if (limit.type === 'Container') {
        // What is not said of defaults follows from the extremes.
        limit.default = { ...limit.max, ...limit.default };
        limit.defaultRequest = { ...limit.min, ...limit.default, ...limit.defaultRequest };
        if (Object.keys(limit.default).length === 0) delete limit.default;
        if (Object.keys(limit.defaultRequest).length === 0) delete limit.defaultRequest;
      }
      for (const list of lists) setResourceListDefaults(limit[list]);
    }
  },
  *validate({ spec }) {
    const seen = new Set<string>();
    for (const [index, limit] of (spec?.limits ?? []).entries()) {
      const at = `spec.limits[${index}]`;
      yield* validateType(limit.type ?? '', `${at}.type`);
      if (seen.has(limit.type)) yield duplicate(`${at}.type`, limit.type);
      seen.add(limit.type);
      yield* validateLimit(limit, at);
    }
  },
  columns: [createdAtColumn],
});

function* validateType(type: string, field: string): Errors {
  const problems = checkQualifiedName(type);
  yield* invalidFor(field, type, problems);
  if (problems.length === 0 && !type.includes('/') && !types.includes(type)) yield invalid(field, type, 'must be a standard limit type or fully qualified');
}

function* validateLimit(limit: V1LimitRangeItem, field: string): Errors {
  const nameRule = limit.type === 'Pod' || limit.type === 'Container' ? validateContainerResourceName : validateResourceName;
  const names = new Set<string>();
  for (const list of lists) {
    const resources = Object.keys(limit[list] ?? {});
    if (limit.type === 'Pod' && (list === 'default' || list === 'defaultRequest')) {
      if (resources.length > 0) yield forbidden(`${field}.${list}`, "may not be specified when `type` is 'Pod'");
      continue;
    }
    if (list === 'maxLimitRequestRatio') yield* requireStorage(limit, field);
    for (const name of resources) {
      yield* nameRule(name, `${field}.${list}[${name}]`);
      names.add(name);
    }
  }
  for (const name of names) yield* validateOrder(limit, name, field);
}

function* requireStorage({ type, min, max }: V1LimitRangeItem, field: string): Errors {
  if (type !== 'PersistentVolumeClaim' || min?.['storage'] !== undefined || max?.['storage'] !== undefined) return;
  yield required(`${field}.limits`, 'either minimum or maximum storage value is required, but neither was provided');
}

/** The amounts of one resource against each other: min, default request, default and max in this order. */
function* validateOrder(limit: V1LimitRangeItem, name: string, field: string): Errors {
  const amount = (list: (typeof lists)[number]): Quantity | undefined => {
    const text = limit.type === 'Pod' && list.startsWith('default') ? undefined : limit[list]?.[name];
    return text === undefined ? undefined : quantityOf(text);
  };
  const [max, min, limitDefault, request, ratio] = lists.map(amount);
  const exceeds = (a: Quantity | undefined, b: Quantity | undefined): boolean => a !== undefined && b !== undefined && compareQuantities(a, b) > 0;
  const shown = (quantity: Quantity | undefined): string => (quantity === undefined ? '' : formatQuantity(quantity));
  const at = (list: string): string => `${field}.${list}[${name}]`;
  if (exceeds(min, max)) yield invalid(at('min'), shown(min), `min value ${shown(min)} is greater than max value ${shown(max)}`);
  if (exceeds(min, request)) yield invalid(at('defaultRequest'), shown(request), `min value ${shown(min)} is greater than default request value ${shown(request)}`);
  if (exceeds(request, max)) yield invalid(at('defaultRequest'), shown(request), `default request value ${shown(request)} is greater than max value ${shown(max)}`);
  if (exceeds(request, limitDefault)) {
    yield invalid(at('defaultRequest'), shown(request), `default request value ${shown(request)} is greater than default limit value ${shown(limitDefault)}`);
  }
  if (exceeds(min, limitDefault)) yield invalid(at('default'), shown(min), `min value ${shown(min)} is greater than default value ${shown(limitDefault)}`);
  if (exceeds(limitDefault, max)) yield invalid(at('default'), shown(max), `default value ${shown(limitDefault)} is greater than max value ${shown(max)}`);
  if (ratio !== undefined) yield* validateRatio(ratio, min, max, at('maxLimitRequestRatio'));
  if (!isOvercommitAllowed(name) && request && limitDefault && compareQuantities(request, limitDefault) !== 0) {
    yield invalid(at('defaultRequest'), shown(request), `default value ${shown(limitDefault)} must equal to defaultRequest value ${shown(request)} in ${name}`);
  }
}

function* validateRatio(ratio: Quantity, min: Quantity | undefined, max: Quantity | undefined, field: string): Errors {
  const shown = formatQuantity(ratio);
  if (compareQuantities(ratio, quantityFromNumber(1)) < 0) yield invalid(field, shown, `ratio ${shown} is less than 1`);
  if (min === undefined || max === undefined) return;
  const widest = Number(max.nanos) / Number(min.nanos);
  if (Number(ratio.nanos) / 1e9 > widest) yield invalid(field, shown, `ratio ${shown} is greater than max/min = ${widest.toFixed(6)}`);
}
