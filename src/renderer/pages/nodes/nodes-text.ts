// A text about nodes: one node is named, several are counted. These are no plural forms: Chinese has one form for both.
import type { Labels } from '../../i18n/use-labels';

export interface NodesNamed {
  readonly count: number;
  /** Of the only node. */
  readonly name: string;
}

export const nodesText = (
  t: Labels['t'],
  text: 'drain_title' | 'tag_title' | 'drained' | 'resumed' | 'tagged',
  { count, name }: NodesNamed,
): string => (count === 1 ? t(`nodes.${text}_named`, { name }) : t(`nodes.${text}_many`, { count }));
