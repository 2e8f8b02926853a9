/**
 * The table of rules: a new rule is one file, one line here and one page in `docs/rules/`. Nothing opinionated is on by itself,
 * and nothing is here that the API server's own validation tells.
 */
import { apiNotServed } from './api-not-served.ts';
import { blocksEvictions } from './blocks-evictions.ts';
import { danglingReference } from './dangling-reference.ts';
import { definedTwice } from './defined-twice.ts';
import { namespaceDiffers } from './namespace-differs.ts';
import { probePortUnknown } from './probe-port-unknown.ts';
import type { DocumentRule, WorkspaceRule } from './rule.ts';
import { selectsNothing } from './selects-nothing.ts';
import { servicePortUnknown } from './service-port-unknown.ts';
import { targetPortUnknown } from './target-port-unknown.ts';
import { unknownCustomKind } from './unknown-custom-kind.ts';
import { volumeUnused } from './volume-unused.ts';
import { yamlSurprise } from './yaml-surprise.ts';

export const documentRules: readonly DocumentRule[] = [apiNotServed, unknownCustomKind, yamlSurprise, volumeUnused, probePortUnknown];

export const workspaceRules: readonly WorkspaceRule[] = [selectsNothing, targetPortUnknown, servicePortUnknown, danglingReference, namespaceDiffers, definedTwice, blocksEvictions];

/** What has a page in `docs/rules/` and can be silenced: the rules, and what building a kustomization finds. */
export const ruleNames: readonly string[] = [...[...documentRules, ...workspaceRules].map(({ name }) => name), 'kustomization'];
