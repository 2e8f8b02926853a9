import { describe, expect, it } from 'vitest';
import { labelPatch, labelsText, parseLabels, parseTaints, taintsText } from './pairs.ts';

describe('labels', () => {
  it('are written and read', () => {
    const labels = { app: 'web', 'example.com/tier': '' };
    expect(parseLabels(labelsText(labels))).toEqual({ labels });
  });

  it.each(['app', '=x', 'a b=c', 'app=-x'])('refuses %j', (text) => expect(parseLabels(text)).toHaveProperty('problem'));
  it('take away what is gone', () => expect(labelPatch({ a: '1', b: '2' }, { b: '3' })).toEqual({ a: null, b: '3' }));
});

describe('taints', () => {
  it('are written and read', () => {
    const taints = [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }, { key: 'gone', effect: 'NoExecute' }];
    expect(parseTaints(taintsText(taints))).toEqual({ taints });
  });

  it.each(['a', 'a=b', 'a:Never', ':NoSchedule'])('refuses %j', (text) => expect(parseTaints(text)).toHaveProperty('problem'));
});
