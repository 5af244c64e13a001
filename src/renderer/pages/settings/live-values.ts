// What the program measures beside a setting: the owner's load beside a limit, running jobs beside the slots.
import type { JudgedCode } from '../../../shared/api/agent-rules';
import type { AgentView } from '../../../shared/api/agent-view';
import type { NodeView } from '../../../shared/api/node-view';
import type { SettingView } from '../../../shared/api/settings';
import { isLoopbackHost } from '../../../shared/loopback';
import { LIMITS_OF_MODE, modeWith, SHARE_MODES, type ShareMode } from '../../../shared/api/share-modes';
import { LIMIT_KEYS, ownLoadRows } from '../../components/Load/load-rows';
import type { Labels } from '../../i18n/use-labels';
import { ruleNowLabel } from '../../labels/rule-labels';
import { ownStatusOf } from '../../../shared/api/own-status';
import type { LiveValue } from './SettingRow';

type LimitUse = keyof typeof LIMIT_KEYS;
const USES = ['cpu', 'gpu', 'mem'] as const satisfies readonly LimitUse[];

const RULE_KEYS: Readonly<Record<JudgedCode, string>> = {
  schedule: 'agent.sharing_hours',
  full_screen: 'agent.pause_on_full_screen',
  process: 'agent.pause_for_programs',
  battery: 'agent.mains_power_only',
  temperature: 'agent.pause_above_celsius',
};

export function liveValues(
  labels: Labels,
  agent: AgentView | null,
  own: NodeView | null,
  nowWallMs: number,
): ReadonlyMap<string, LiveValue> {
  if (agent === null) return new Map();
  const { t, format } = labels;
  const limits = ownLoadRows(agent, own).flatMap((row): readonly [string, LiveValue][] => {
    const percent = row.use === 'mem' ? row.totalPercent : row.shares?.ownerPercent;
    if (percent == null) return [];
    const use = row.use === 'mem' ? { used: percent } : { owner: percent, pool: 0 };
    const text = t('setting_now.use', { value: format.percent(percent) });
    return [[LIMIT_KEYS[row.use], { text, bar: { use, limit: row.limit?.percent ?? null } }]];
  });
  const running = ownStatusOf(agent)?.in_flight_jobs;
  const count = (number: number) => ({ count: number, formatted: format.number(number) });
  const rules = (agent.rules ?? []).map((rule): readonly [string, LiveValue] => [
    RULE_KEYS[rule.code],
    { text: `${ruleNowLabel(labels, rule, nowWallMs)}${t('punctuation.stop')}` },
  ]);
  return new Map([
    ...limits,
    ...rules,
    ...(running === undefined ? [] : [['agent.max_concurrent_jobs', { text: t('setting_now.jobs', count(running)) }] as const]),
    ['agent.model_folders', { text: t('setting_now.models', count(agent.models.filter(({ folder }) => folder !== '').length)) }],
  ]);
}

/** The chosen share mode. Null: the limits of the scheduler hold. */
export function modeOf(settings: readonly SettingView[]): ShareMode | null {
  const value = settings.find(({ key }) => key === 'agent.share')?.value;
  return SHARE_MODES.find((mode) => mode === value) ?? null;
}

/** The mode with the limits that hold now. Null: none has them, or they are not known. */
export function heldModeOf(agent: AgentView | null): ShareMode | null {
  const limits = heldLimitsOf(agent);
  return limits === undefined ? null : modeWith(limits);
}

const heldLimitsOf = (agent: AgentView | null) => (agent?.link.state === 'connected' ? agent.node_status?.message.limits : undefined);

/** The limit in percent that holds while the owner sets none. Null: no limit. Undefined: not known. */
export function defaultLimitOf(key: string, mode: ShareMode | null, agent: AgentView | null): number | null | undefined {
  const use = USES.find((name) => LIMIT_KEYS[name] === key);
  if (use === undefined) return undefined;
  if (mode !== null) return LIMITS_OF_MODE[mode][`${use}_percent`];
  return heldLimitsOf(agent)?.[`${use}_percent`];
}

const BALANCER = 'scheduler.load_balancer';
const POOL_LIMITS: Readonly<Record<string, LimitUse>> = {
  [`${BALANCER}.cpu_threshold`]: 'cpu',
  [`${BALANCER}.gpu_threshold`]: 'gpu',
  [`${BALANCER}.memory_threshold`]: 'mem',
};

/**
 * The limit of the pool in percent that holds while its setting has none: the common limit, else those of the mode `polite`. Null: no limit.
 * Undefined: the setting is another one. docs/dispatch.md has the rule. `isAlone`: the pool has one node or none.
 */
export function poolLimitOf(key: string, settings: readonly SettingView[], isAlone: boolean): number | null | undefined {
  const use = POOL_LIMITS[key];
  if (use === undefined) return undefined;
  const valueOf = (name: string) => settings.find((setting) => setting.key === name)?.value;
  const common = valueOf(`${BALANCER}.resource_threshold`);
  if (typeof common === 'number') return common;
  const host = valueOf('server.host');
  return isAlone && typeof host === 'string' && isLoopbackHost(host) ? null : LIMITS_OF_MODE.polite[`${use}_percent`];
}
