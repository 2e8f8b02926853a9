import { describe, expect, it } from 'vitest';
import { isLater, LineSplitter } from './log-stream.ts';

describe('LineSplitter', () => {
  it('joins chunks into lines and parts time from text', () => {
    const splitter = new LineSplitter();
    expect(splitter.push('2026-01-01T00:00:00.1Z hel')).toEqual([]);
    expect(splitter.push('lo\r\n2026-01-01T00:00:01Z \nno time\n')).toEqual([
      { time: '2026-01-01T00:00:00.1Z', text: 'hello' },
      { time: '2026-01-01T00:00:01Z', text: '' },
      { time: '2026-01-01T00:00:01Z', text: 'no time' },
    ]);
  });
});

describe('isLater', () => {
  it.each([
    ['2026-01-01T00:00:00.12Z', '2026-01-01T00:00:00.1Z', true],
    ['2026-01-01T00:00:00.1Z', '2026-01-01T00:00:00.12Z', false],
    ['2026-01-01T00:00:01Z', '2026-01-01T00:00:00.999999999Z', true],
    ['2026-01-01T00:00:01Z', '2026-01-01T00:00:01Z', false],
  ])('%s after %s: %s', (time, than, expected) => expect(isLater(time, than)).toBe(expected));
});
