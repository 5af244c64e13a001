// What a rule of the owner is judged from now, as text: `Now 74 °C`, `Open until 17:00`. Only the day of `nowWallMs` matters.
import type { RuleView } from '../../shared/api/agent-rules';
import type { Labels } from '../i18n/use-labels';

export function ruleNowLabel({ t, format }: Labels, rule: RuleView, nowWallMs: number): string {
  const { code, state, program, celsius, changes_at: changesAt } = rule;
  if (state === 'not_supported' && code === 'full_screen') return t('rule_now.full_screen_not_supported');
  if (state === 'not_read' || state === 'not_supported') return t(`rule_now.${state}`);
  switch (code) {
    case 'temperature':
      return celsius === null ? t('rule_now.not_read') : t('rule_now.temperature', { celsius: degrees({ t, format }, celsius) });
    case 'full_screen':
      return program === null ? t('rule_now.no_full_screen') : t('rule_now.full_screen', { program });
    case 'process':
      return program === null ? t('rule_now.no_process') : t('rule_now.process', { program });
    case 'battery':
      return t(state === 'holds' ? 'rule_now.on_battery' : 'rule_now.on_mains');
    case 'schedule': {
      const is = state === 'holds' ? 'closed' : 'open';
      return changesAt === null ? t(`rule_now.${is}`) : t(`rule_now.${is}_until`, { time: format.clock(changesAt, nowWallMs) });
    }
  }
}

export const degrees = ({ t, format }: Pick<Labels, 't' | 'format'>, celsius: number): string =>
  t('gpus.degrees', { value: format.number(celsius) });
