// The rules of the owner as rows below the limits. A rule with a list opens its picker instead of a switch.
import type { ReactNode } from 'react';
import type { RuleView } from '../../../shared/api/agent-rules';
import type { SettingValue, SettingView } from '../../../shared/api/settings';
import type { RuleRow } from '../../components/sharing/RuleRows';
import type { Labels } from '../../i18n/use-labels';
import { degrees, ruleNowLabel } from '../../labels/rule-labels';
import { hrefOf } from '../../routes';

/** The limit of the switch when the owner set none before. */
const DEFAULT_CELSIUS = 83;

export interface OwnRules {
  readonly settings: ReadonlyMap<string, SettingView>;
  /** The rules that are on. */
  readonly rules: readonly RuleView[];
  readonly set: (key: string, value: SettingValue) => void;
  readonly isLocked: (setting: SettingView | undefined) => boolean;
  /** What the rules with a list open. */
  readonly panels: Readonly<Record<'schedule' | 'process', ReactNode>>;
}

/** Only the day of `nowWallMs` matters. */
export function ruleRows(labels: Labels, { settings, rules, set, isLocked, panels }: OwnRules, nowWallMs: number): readonly RuleRow[] {
  const { t } = labels;
  const valueOf = (key: string): SettingValue => settings.get(key)?.value ?? null;
  const programs = valueOf('agent.pause_for_programs');
  const limit = valueOf('agent.pause_above_celsius');
  const row = (code: RuleView['code'], title: string, rest: Partial<Pick<RuleRow, 'link' | 'panel' | 'toggle'>>): RuleRow => {
    const rule = rules.find((one) => one.code === code);
    return {
      key: code,
      title,
      now: rule === undefined ? null : ruleNowLabel(labels, rule, nowWallMs),
      isPausing: rule?.state === 'holds',
      link: null,
      panel: null,
      toggle: null,
      ...rest,
    };
  };
  const link = (text: string, title: string) => ({
    text,
    label: `${text}${t('punctuation.colon')}${title}`,
    href: hrefOf({ page: 'settings', id: 'pauses' }),
  });
  const toggle = (key: string, isOn: boolean, on: SettingValue, off: SettingValue) => ({
    isOn,
    isLocked: isLocked(settings.get(key)),
    set: (next: boolean) => set(key, next ? on : off),
  });
  const titles = {
    full_screen: t('rules.full_screen'),
    temperature: t('rules.temperature', { limit: degrees(labels, typeof limit === 'number' ? limit : DEFAULT_CELSIUS) }),
    battery: t('rules.battery'),
    schedule: t('rules.schedule'),
    process:
      Array.isArray(programs) && programs.length > 0
        ? t('rules.process', { programs: programs.join(t('punctuation.list')) })
        : t('rules.process_none'),
  };
  const isFullScreenOn = valueOf('agent.pause_on_full_screen') === true;
  const listed = (code: 'schedule' | 'process'): RuleRow => {
    const isOn = rules.some((rule) => rule.code === code);
    const text = t(isOn ? 'rules.change' : 'rules.set');
    const label = `${text}${t('punctuation.colon')}${titles[code]}`;
    const listedRow = row(code, titles[code], { panel: { text, label, content: panels[code] } });
    return isOn ? listedRow : { ...listedRow, now: t('rules.off') };
  };
  return [
    row('full_screen', titles.full_screen, {
      link: isFullScreenOn ? link(t('rules.exceptions'), titles.full_screen) : null,
      toggle: toggle('agent.pause_on_full_screen', isFullScreenOn, true, false),
    }),
    row('temperature', titles.temperature, {
      toggle: toggle('agent.pause_above_celsius', typeof limit === 'number', DEFAULT_CELSIUS, null),
    }),
    row('battery', titles.battery, {
      toggle: toggle('agent.mains_power_only', valueOf('agent.mains_power_only') === true, true, false),
    }),
    listed('schedule'),
    listed('process'),
  ];
}
