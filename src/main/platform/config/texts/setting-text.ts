// The texts of a setting on screens. The English meaning in keys.ts is the reference for the documents.
import type { Localized } from '../../../../shared/language';

export interface SettingText {
  readonly title: Localized;
  /** One sentence. */
  readonly help: Localized;
  /** What to enter. Null: the control shows it (a number with a range, a choice, a switch). */
  readonly expected: Localized | null;
}

type Pair = readonly [en: string, zh: string];

const both = ([en, zh]: Pair): Localized => ({ en, zh });

export const settingText = (title: Pair, help: Pair, expected: Pair | null = null): SettingText => ({
  title: both(title),
  help: both(help),
  expected: expected === null ? null : both(expected),
});
