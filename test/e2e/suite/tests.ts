/** The suite, a file an area. */
import { activation } from './activation.ts';
import { manifests } from './manifests.ts';

export const tests: readonly (() => void)[] = [activation, manifests];
