// The settings as a dashboard shows and changes them: the values of the configuration, their origins, and when a change applies.
import { z } from 'zod';
import type { Localized } from '../language';

export const SETTING_SECTIONS = [
  'sharing',
  'pauses',
  'gpus',
  'models',
  'network',
  'membership',
  'dispatch',
  'jobs',
  'nodes',
  'keys',
  'cluster',
  'desktop',
  'updates',
  'diagnostics',
] as const;
export type SettingSection = (typeof SETTING_SECTIONS)[number];

const SETTING_CONTROLS = ['switch', 'number', 'choice', 'text', 'path', 'list', 'paths'] as const;
export type SettingControl = (typeof SETTING_CONTROLS)[number];

const SETTING_UNITS = ['seconds', 'percent', 'bytes', 'mebibytes', 'megabytes_per_minute', 'per_second', 'celsius'] as const;
export type SettingUnit = (typeof SETTING_UNITS)[number];

/** `at_once`; `restart_scheduler`: when the scheduler that this computer hosts starts again; `restart`: when Muster starts again. */
export const SETTING_APPLIES = ['at_once', 'restart_scheduler', 'restart'] as const;
export type SettingApplies = (typeof SETTING_APPLIES)[number];

/** The part of the program that reads a setting. `scheduler` and `program`: read once, at their start. `scheduler_live`: also later. */
export type SettingReader = 'agent' | 'desktop' | 'log' | 'scheduler_live' | 'scheduler' | 'program';

export const settingKeySchema = z
  .string()
  .regex(/^[a-z_]+(\.[a-z_]+)+$/)
  .max(128);
/** Null: not set. */
export const settingValueSchema = z.union([z.string().max(4096), z.number(), z.boolean(), z.array(z.string().max(4096)).max(64), z.null()]);
export type SettingValue = z.infer<typeof settingValueSchema>;

export const settingOriginSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('flag'), name: z.string().max(64) }),
  z.object({ from: z.literal('env'), name: z.string().max(128) }),
  z.object({ from: z.literal('file'), line: z.number().int().nullable() }),
  /** The app keeps its own choice (the page of the pool). */
  z.object({ from: z.literal('app') }),
  z.object({ from: z.literal('default') }),
]);
export type SettingOrigin = z.infer<typeof settingOriginSchema>;

const bothLanguages = z.object({ en: z.string().max(400), zh: z.string().max(400) }) satisfies z.ZodType<Localized>;

export const settingViewSchema = z.object({
  key: settingKeySchema,
  section: z.enum(SETTING_SECTIONS),
  control: z.enum(SETTING_CONTROLS),
  unit: z.enum(SETTING_UNITS).nullable(),
  choices: z.array(z.string().max(64)).max(16),
  /** Of a number. */
  range: z.object({ min: z.number(), max: z.number(), whole: z.boolean() }).nullable(),
  default: settingValueSchema,
  value: settingValueSchema,
  /** The value that the program uses, where it is another one until a restart. Absent: `value`. */
  running: settingValueSchema.optional(),
  origin: settingOriginSchema,
  /** Of the environment variable that would override the file. */
  env: z.string().max(128),
  applies: z.enum(SETTING_APPLIES),
  title: bothLanguages,
  help: bothLanguages,
  expected: bothLanguages.nullable(),
});
export type SettingView = z.infer<typeof settingViewSchema>;

/** The file cannot be used since it was changed. The program goes on with the settings before. */
export const settingsFaultSchema = z.object({
  line: z.number().int().nullable(),
  key: z.string().max(200).nullable(),
  reason: z.string().max(1000),
});

export const SETTINGS_FOLDERS = ['config', 'data', 'state', 'logs'] as const;
export type SettingsFolder = (typeof SETTINGS_FOLDERS)[number];

export const settingsViewSchema = z.object({
  file: z.string().max(4096),
  fault: settingsFaultSchema.nullable(),
  folders: z.object({ config: z.string().max(4096), data: z.string().max(4096), state: z.string().max(4096), logs: z.string().max(4096) }),
  /** The program can show a folder in the file manager of this computer. */
  can_open_folders: z.boolean(),
  settings: z.array(settingViewSchema).max(256),
});
export type SettingsView = z.infer<typeof settingsViewSchema>;

/** One change. Null removes the key, so that the default holds. */
const change = { key: settingKeySchema, value: settingValueSchema };
/** `with`: changes that are valid only together with this one, such as certificate and key. All are written or none. */
export const settingsSetSchema = z.strictObject({ ...change, with: z.array(z.strictObject(change)).max(8).default([]) });
export const settingsOpenFolderSchema = z.strictObject({ folder: z.enum(SETTINGS_FOLDERS) });
/** Of a setting whose control is `path` (a file) or `paths` (a folder). */
export const settingsChoosePathSchema = z.strictObject({ key: settingKeySchema });
/** Null: the user chose none. */
export const chosenPathSchema = z.object({ path: z.string().max(4096).nullable() });
export type ChosenPath = z.infer<typeof chosenPathSchema>;
export const settingsResetSchema = z.strictObject({ key: settingKeySchema });

/** Why a change was refused: `details.problem` of the error `SETTING_REFUSED`. */
export const SETTING_PROBLEMS = [
  'out_of_range',
  'not_expected',
  'conflict',
  'overridden',
  'file_invalid',
  'file_read_only',
  'file_unwritable',
  'file_changing',
  'not_editable',
] as const;
export type SettingProblem = (typeof SETTING_PROBLEMS)[number];

export const settingRefusalSchema = z.object({
  key: settingKeySchema,
  problem: z.enum(SETTING_PROBLEMS),
  /** The other setting of a conflict. */
  related: settingKeySchema.nullable(),
  /** For command lines and experts, in English. Of `file_read_only`: the path of the file. Of `file_unwritable`: it, and the error. */
  reason: z.string().max(1000).nullable(),
});
export type SettingRefusal = z.infer<typeof settingRefusalSchema>;
