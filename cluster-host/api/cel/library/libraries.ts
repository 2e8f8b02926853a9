/** The functions that every expression in Kubernetes 1.36 may call (`k8s.io/apiserver/pkg/cel/environment`). */
import { functionsOf, type FunctionRow, type Functions } from '../functions.ts';
import { authorizer } from './authorizer.ts';
import { conversions } from './conversions.ts';
import { formats } from './formats.ts';
import { lists } from './lists.ts';
import { network } from './network.ts';
import { operators } from './operators.ts';
import { optionals } from './optionals.ts';
import { quantities } from './quantity.ts';
import { regex } from './regex.ts';
import { strings } from './strings.ts';
import { time } from './time.ts';

const everywhere: readonly (readonly FunctionRow[])[] = [operators, conversions, strings, time, lists, regex, network, quantities, formats, authorizer, optionals];

/** `more` are libraries that only some expressions have. */
export function functionsWith(...more: readonly (readonly FunctionRow[])[]): Functions {
  return functionsOf([...everywhere, ...more]);
}
