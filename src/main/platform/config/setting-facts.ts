// The facts of a setting that screens and the live application need: its texts, section, reader, unit and control. One row for each key
// of keys.ts.
import { z } from 'zod';
import type { SettingControl, SettingReader, SettingSection, SettingUnit } from '../../../shared/api/settings';
import type { ConfigKey } from './config-key';
import { CONFIG_KEYS, type ConfigPath } from './keys';
import { CLUSTER_TEXTS } from './texts/cluster';
import { DESKTOP_TEXTS } from './texts/desktop';
import { RULE_TEXTS } from './texts/rules';
import { SCHEDULER_TEXTS } from './texts/scheduler';
import { SERVER_TEXTS } from './texts/server';
import type { SettingText } from './texts/setting-text';
import { THIS_COMPUTER_TEXTS } from './texts/this-computer';

export const SETTING_TEXTS: Readonly<Record<ConfigPath, SettingText>> = {
  ...SERVER_TEXTS,
  ...CLUSTER_TEXTS,
  ...SCHEDULER_TEXTS,
  ...THIS_COMPUTER_TEXTS,
  ...RULE_TEXTS,
  ...DESKTOP_TEXTS,
};

const READ_AT_START: readonly ConfigPath[] = [
  'agent.scheduler',
  'agent.other_schedulers',
  'agent.token_file',
  'agent.simulate_gpu',
  'log.format',
];

/** What the scheduler looks up at each request or decision (ADR 0029). No deadline was computed from these. */
const LIVE_IN_SCHEDULER = ['scheduler.load_balancer.', 'scheduler.jobs.', 'scheduler.keys.', 'scheduler.openai.'] as const;

export function readerOf(key: ConfigPath): SettingReader {
  if (READ_AT_START.includes(key)) return 'program';
  if (key === 'log.level') return 'log';
  if (key.startsWith('desktop.')) return 'desktop';
  if (LIVE_IN_SCHEDULER.some((beginning) => key.startsWith(beginning))) return 'scheduler_live';
  return key.startsWith('agent.') || key.startsWith('runtimes.') ? 'agent' : 'scheduler';
}

/** The first beginning that fits decides. */
const SECTIONS: readonly (readonly [beginning: string, section: SettingSection])[] = [
  ['agent.scheduler', 'membership'],
  ['agent.other_schedulers', 'membership'],
  ['agent.token_file', 'membership'],
  ['agent.name', 'membership'],
  ['agent.simulate_gpu', 'gpus'],
  ['agent.gpus', 'gpus'],
  ['agent.vram_limits_gb', 'gpus'],
  ['agent.model_folders', 'models'],
  ['agent.allow_model_control', 'models'],
  ['agent.unshared_models', 'models'],
  ['agent.sharing_hours', 'pauses'],
  ['agent.pause_', 'pauses'],
  ['agent.full_screen_exceptions', 'pauses'],
  ['agent.mains_power_only', 'pauses'],
  ['agent.move_jobs_at_pause', 'pauses'],
  ['agent.', 'sharing'],
  ['runtimes.', 'models'],
  ['desktop.check_for_updates', 'updates'],
  ['desktop.', 'desktop'],
  ['log.', 'diagnostics'],
  ['server.max_', 'keys'],
  ['server.registration_', 'keys'],
  ['server.first_message_', 'keys'],
  ['server.', 'network'],
  ['cluster.', 'cluster'],
  ['scheduler.keys.', 'keys'],
  ['scheduler.load_balancer.', 'dispatch'],
  ['scheduler.max_concurrent_jobs_per_node', 'dispatch'],
  ['scheduler.drain_timeout_seconds', 'dispatch'],
  ['scheduler.jobs.', 'jobs'],
  ['scheduler.openai.', 'jobs'],
  ['scheduler.job_timeout_seconds', 'jobs'],
];

export const sectionOf = (key: ConfigPath): SettingSection => SECTIONS.find(([beginning]) => key.startsWith(beginning))?.[1] ?? 'nodes';

const UNITS: readonly (readonly [ending: RegExp, unit: SettingUnit])[] = [
  [/_seconds$/, 'seconds'],
  [/_percent$|^scheduler\.load_balancer\..*_threshold$/, 'percent'],
  [/_bytes$/, 'bytes'],
  [/_mb$/, 'mebibytes'],
  [/megabytes_per_minute$/, 'megabytes_per_minute'],
  [/requests_per_second$/, 'per_second'],
  [/_celsius$/, 'celsius'],
];

export const unitOf = (key: ConfigPath): SettingUnit | null => UNITS.find(([ending]) => ending.test(key))?.[1] ?? null;

export function controlOf(key: ConfigPath): SettingControl {
  const { kind, schema }: ConfigKey = CONFIG_KEYS[key];
  if (kind === 'boolean') return 'switch';
  if (kind === 'number') return 'number';
  if (kind === 'list') return key === 'agent.model_folders' ? 'paths' : 'list';
  if (schema instanceof z.ZodEnum) return 'choice';
  return key.endsWith('_file') ? 'path' : 'text';
}

/** The values of a choice. Empty: any value of its kind. */
export function choicesOf(key: ConfigPath): readonly string[] {
  const { schema }: ConfigKey = CONFIG_KEYS[key];
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

/** The bounds of a number. A bound that the number must exceed is the bound itself. */
export function rangeOf(key: ConfigPath): NumberRange | null {
  const { schema }: ConfigKey = CONFIG_KEYS[key];
  if (!(schema instanceof z.ZodNumber)) return null;
  const { minValue, maxValue, format } = schema;
  return { min: minValue ?? Number.MIN_SAFE_INTEGER, max: maxValue ?? Number.MAX_SAFE_INTEGER, whole: format?.includes('int') === true };
}
