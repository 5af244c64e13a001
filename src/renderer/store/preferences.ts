// The user's language, theme, columns of tables, recent commands and the end of the first run, stored in localStorage. An unknown value counts as `system`.
import { z } from 'zod';
import { parseJsonAs } from '../../shared/json';

export const LANGUAGES = ['system', 'en', 'zh-CN'] as const;
/** `contrast`: strong lines and texts, light or dark as the system. */
export const THEMES = ['system', 'light', 'dark', 'contrast'] as const;

/** The columns that the user chose, by page. A table without a choice shows the columns of the page. */
const columnsSchema = z.record(z.string().max(40), z.array(z.string().max(40)).max(40).readonly()).readonly();

const preferencesSchema = z.object({
  language: z.enum(LANGUAGES).catch('system'),
  theme: z.enum(THEMES).catch('system'),
  columns: columnsSchema.catch({}),
  /** The ids of the commands that the user ran, the latest first. */
  recentCommands: z.array(z.string().max(300)).max(8).readonly().catch([]),
  /** The user ended the first run: the app opens another page. */
  setupEnded: z.boolean().catch(false),
  /** The user opened the first run and did not end it: the rail leads back to it. */
  isSettingUp: z.boolean().catch(false),
  /** Whether the list of chats is open beside the chat. Null: the page decides. */
  chatList: z.boolean().nullable().catch(null),
});
export type Preferences = z.infer<typeof preferencesSchema>;

const KEY = 'muster.preferences';
const NONE: Preferences = {
  language: 'system',
  theme: 'system',
  columns: {},
  recentCommands: [],
  setupEnded: false,
  isSettingUp: false,
  chatList: null,
};

/** The browser may deny storage (private windows, policies). Then preferences last as long as the page. */
export function readPreferences(storage: Storage): Preferences {
  try {
    return parseJsonAs(preferencesSchema, storage.getItem(KEY) ?? '{}');
  } catch {
    return NONE;
  }
}

export function writePreferences(storage: Storage, preferences: Preferences): void {
  try {
    storage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // As above: preferences are not stored.
  }
}
