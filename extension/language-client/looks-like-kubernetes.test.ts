import { expect, it } from 'vitest';
import { looksLikeKubernetes } from './looks-like-kubernetes.ts';

it.each([
  ['apiVersion: v1\nkind: Pod', true],
  ['# first\n---\nkind: Pod\r\napiVersion: v1', true],
  ['{\n  "apiVersion": "v1",\n  "kind": "Pod"\n}', true],
  ['services:\n  web:\n    image: nginx', false],
  ['apiVersion: v2\nname: chart', false],
  ['# apiVersion: v1\n# kind: Pod', false],
  ['', false],
])('%j: %s', (text, expected) => expect(looksLikeKubernetes(text)).toBe(expected));
