/** What every tree of ours shows: plain data, made by a view-model and turned into a TreeItem by `tree-binding.ts`. */

export interface Icon {
  /** A codicon. */
  readonly codicon: string;
  /** A theme colour. */
  readonly color?: string;
}

export interface Item {
  /** Stable while the thing exists, so that what is expanded and selected stays so. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** Read to people who do not see; default: label and description. */
  readonly accessibilityLabel?: string;
  readonly icon: Icon;
  /** For `when` clauses of menus: words with a blank between, as `object pod logs exec`. */
  readonly context: string;
  readonly expansion: 'none' | 'collapsed' | 'expanded';
  /** Run by a click or Enter. */
  readonly command?: { readonly id: string; readonly title: string };
}

/** Colours of health, from the theme. */
export const colors = {
  good: 'charts.green',
  busy: 'charts.blue',
  warning: 'charts.yellow',
  bad: 'charts.red',
  quiet: 'disabledForeground',
} as const;
