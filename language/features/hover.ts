/** The table of hovers: the first that has something to say wins. */
import type { Position } from '../messages.ts';
import type { FeatureContext, Hover } from './feature.ts';
import { hoverLabel } from './hover-label.ts';
import { hoverSelector } from './hover-selector.ts';

const hovers: readonly ((context: FeatureContext, position: Position) => Hover | undefined | Promise<Hover | undefined>)[] = [hoverSelector, hoverLabel];

export async function hoverAt(context: FeatureContext, position: Position): Promise<Hover | undefined> {
  for (const hover of hovers) {
    const found = await hover(context, position);
    if (found !== undefined) return found;
  }
  return undefined;
}
