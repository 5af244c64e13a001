// When jobs may start on this computer: with controls for its owner, else as the agent reports it.
import type { AgentView, HardwareView } from '../../../shared/api/agent-view';
import type { SettingValue, SettingView } from '../../../shared/api/settings';
import { SHARE_MODES } from '../../../shared/api/share-modes';
import { ErrorNote } from '../../components/ErrorNote';
import { useToday } from '../../clock/Clock';
import { LIMIT_KEYS, ownLoadRows } from '../../components/Load/load-rows';
import { LimitsCard } from '../../components/sharing/LimitsCard';
import { PROGRAMS_KEY, RulePicker, SCHEDULE_KEY } from '../../components/sharing/RulePicker';
import { RuleRows } from '../../components/sharing/RuleRows';
import { useLabels } from '../../i18n/use-labels';
import { localized } from '../../labels/setting-labels';
import { enteredOf, SELDOM_MS, type SettingChanges, useSettingChanges, useSettings } from '../../queries/settings';
import { hrefOf } from '../../routes';
import { useOperation } from '../../queries/use-operation';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { LoadCard } from './LoadCard';
import { ruleRows } from './own-rules';

export function OwnLimits({ agent, hardware }: { readonly agent: AgentView; readonly hardware: HardwareView }) {
  const labels = useLabels();
  const todayWallMs = useToday();
  const own = useApp(ownNode);
  const { value: view } = useSettings(SELDOM_MS);
  const change = useOperation('settings.set');
  const changes = useSettingChanges();
  const settings = new Map(view?.settings.map((setting) => [setting.key, setting]));
  const share = settings.get('agent.share');
  if (share === undefined) return <LoadCard agent={agent} hardware={hardware} />;
  const limitOf = (key: string) => {
    const setting = settings.get(key);
    return { percent: typeof setting?.value === 'number' ? setting.value : null, isLocked: isLocked(setting) };
  };
  const set = (key: string, value: SettingValue) => void change.run({ key, value });
  const panels = {
    schedule: <RulePanel setting={settings.get(SCHEDULE_KEY)} changes={changes} />,
    process: <RulePanel setting={settings.get(PROGRAMS_KEY)} changes={changes} />,
  };
  return (
    <>
      <LimitsCard
        rows={ownLoadRows(agent, own)}
        control={{
          mode: SHARE_MODES.find((mode) => mode === share.value) ?? null,
          isModeLocked: isLocked(share),
          limits: { cpu: limitOf(LIMIT_KEYS.cpu), gpu: limitOf(LIMIT_KEYS.gpu), mem: limitOf(LIMIT_KEYS.mem) },
          setMode: (mode) => void change.run({ key: 'agent.share', value: mode }),
          setLimit: (use, percent) => void change.run({ key: LIMIT_KEYS[use], value: percent }),
        }}
      >
        <RuleRows rows={ruleRows(labels, { settings, rules: agent.rules ?? [], set, isLocked, panels }, todayWallMs)} />
      </LimitsCard>
      <ErrorNote error={change.error} />
    </>
  );
}

interface RulePanelProps {
  /** Undefined: a program of an earlier version. */
  readonly setting: SettingView | undefined;
  readonly changes: SettingChanges;
}

/** The picker, and the list of texts in the settings as its alternative. */
function RulePanel({ setting, changes }: RulePanelProps) {
  const labels = useLabels();
  const { t } = labels;
  if (setting === undefined) return null;
  const change = changes.of(setting.key);
  return (
    <>
      <RulePicker
        setting={setting}
        label={localized(labels, setting.title)}
        entered={enteredOf(change)}
        isLocked={isLocked(setting)}
        onChange={(value) => changes.change(setting, value)}
      />
      {change?.kind === 'refused' && <ErrorNote error={change.error} />}
      <a href={hrefOf({ page: 'settings', id: 'sharing' })}>{t(setting.key === SCHEDULE_KEY ? 'rules.type_hours' : 'rules.type_names')}</a>
    </>
  );
}

const isLocked = (setting: SettingView | undefined): boolean => setting?.origin.from === 'flag' || setting?.origin.from === 'env';
