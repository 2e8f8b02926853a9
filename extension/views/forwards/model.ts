/** The port forwards view's view-model. */
import { t } from '../../l10n.ts';
import type { ForwardEntry } from '../../forwards/forwards.ts';
import { colors, type Icon, type Item } from '../item.ts';
import type { TreeModel } from '../tree-binding.ts';

export class ForwardsModel implements TreeModel<ForwardEntry> {
  readonly #entries: () => readonly ForwardEntry[];

  constructor(entries: () => readonly ForwardEntry[]) {
    this.#entries = entries;
  }

  roots(): readonly ForwardEntry[] {
    return this.#entries();
  }

  children(): readonly ForwardEntry[] {
    return [];
  }

  item(entry: ForwardEntry): Item {
    return {
      id: entry.id,
      label: `localhost:${entry.localPort}`,
      description: `→ ${entry.kind.toLowerCase()}/${entry.name}:${entry.port}${entry.problem === undefined ? '' : ` · ${entry.problem}`}`,
      tooltip: [`${entry.context} · ${entry.namespace}/${entry.name}`, t('{0} open connections', entry.connections), entry.problem ?? ''].filter((line) => line !== '').join('\n'),
      icon: iconOf(entry),
      context: 'forward',
      expansion: 'none',
      command: { id: 'kubicle.openForward', title: t('Open in Browser') },
    };
  }
}

function iconOf(entry: ForwardEntry): Icon {
  if (!entry.listening) return { codicon: 'watch', color: colors.warning };
  if (entry.problem !== undefined) return { codicon: 'warning', color: colors.warning };
  return { codicon: 'arrow-swap', color: entry.connections > 0 ? colors.good : colors.busy };
}
