import { describe, expect, it } from 'vitest';
import { exitOf } from './exec.ts';

describe('exitOf', () => {
  it.each([
    ['{"status":"Success"}', { exitCode: 0 }],
    ['{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"137"}]}}', { exitCode: 137 }],
    ['{"status":"Failure","message":"container not found (\\"web\\")"}', { failure: 'container not found ("web")' }],
    ['not json', { failure: 'not json' }],
  ])('%s', (text, expected) => expect(exitOf(text)).toEqual(expected));
});
