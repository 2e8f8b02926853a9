import { expect, it } from 'vitest';
import { DisposalStack } from './disposal-stack.ts';

it('ends the last first, all of them, once, and tells the first failure', async () => {
  const stack = new DisposalStack();
  const ended: number[] = [];
  stack.defer(() => ended.push(1));
  stack.defer(() => Promise.reject(new Error('two')));
  stack.defer(() => Promise.resolve().then(() => ended.push(3)));
  await expect(stack.disposeAsync()).rejects.toThrow('two');
  await stack.disposeAsync();
  expect(ended).toEqual([3, 1]);
});
