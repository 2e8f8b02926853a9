import { beforeEach, expect, it, vi } from 'vitest';
import type { Item } from './item.ts';
import type { Row } from './row.ts';
import type { TreeBinding } from './tree-binding.ts';

vi.mock('vscode', () => ({
  EventEmitter: class {
    listener: ((value: unknown) => void) | undefined;
    event = (listener: (value: unknown) => void) => void (this.listener = listener);
    fire = (value: unknown) => this.listener?.(value);
  },
  TreeItemCollapsibleState: {},
}));

interface Node {
  readonly name: string;
  readonly text?: string;
  readonly below?: readonly Node[];
}

let roots: readonly Node[] = [];
let tree: TreeBinding<Node>;
let redrawn: (readonly string[] | 'all')[] = [];

beforeEach(async () => {
  vi.useFakeTimers();
  const { TreeBinding } = await import('./tree-binding.ts');
  const item = ({ name, text = '' }: Node): Item => ({ id: name, label: name, description: text, icon: { codicon: 'x' }, context: '', expansion: 'expanded' });
  tree = new TreeBinding<Node>({ roots: () => roots, children: ({ below = [] }) => below, item });
  redrawn = [];
  tree.onDidChangeTreeData((rows) => redrawn.push(rows === undefined ? 'all' : rows.map(({ id }) => id)));
});

/** What VS Code does for a tree in which everything is open. */
function look(row?: Row<Node>): void {
  for (const child of tree.getChildren(row)) look(child);
}

function becomes(next: readonly Node[]): (readonly string[] | 'all')[] {
  roots = next;
  redrawn = [];
  tree.refresh();
  vi.runAllTimers();
  return redrawn;
}

it('draws again only what looks different', () => {
  roots = [{ name: 'a', below: [{ name: 'b' }, { name: 'c' }] }, { name: 'd' }];
  look();
  expect(becomes([{ name: 'a', below: [{ name: 'b' }, { name: 'c' }] }, { name: 'd' }])).toEqual([]);
  expect(becomes([{ name: 'a', below: [{ name: 'b' }, { name: 'c', text: 'new' }] }, { name: 'd' }])).toEqual([['c']]);
  expect(becomes([{ name: 'a', below: [{ name: 'b' }] }, { name: 'd' }])).toEqual([['a']]);
  expect(becomes([{ name: 'a', below: [{ name: 'b' }] }])).toEqual(['all']);
});

it('keeps a row while the thing exists, with what it is by now', () => {
  roots = [{ name: 'a' }];
  const [before] = tree.getChildren();
  roots = [{ name: 'z' }, { name: 'a', text: 'later' }];
  const [, after] = tree.getChildren();
  expect(after).toBe(before);
  expect(after?.node.text).toBe('later');
});

it('asks nobody to look at a tree that nobody has looked at but for its roots', () => expect(becomes([{ name: 'a' }])).toEqual(['all']));
