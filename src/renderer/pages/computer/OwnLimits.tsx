// When jobs may start on this computer: with controls for its owner, else as the agent reports it.
import { useCallback } from 'react';
import type { AgentView, HardwareView } from '../../../shared/api/agent-view';
import type { RuleView } from '../../../shared/api/agent-rules';
import { SHARE_MODES, type ShareMode } from '../../../shared/api/share-modes';
import { ErrorNote } from '../../components/ErrorNote';
import { LIMIT_KEYS, type LoadRow, ownLoadRows } from '../../components/Load/load-rows';
import { LimitsCard } from '../../components/sharing/LimitsCard';
import { isLocked, SELDOM_MS, useSettings } from '../../queries/settings';
import { useOperation } from '../../queries/use-operation';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { LoadCard } from './LoadCard';
import { OwnRules } from './OwnRules';

/** One list for all renders. */
const NO_RULES: readonly RuleView[] = [];

export function OwnLimits({ agent, hardware }: { readonly agent: AgentView; readonly hardware: HardwareView }) {
  const own = useApp(ownNode);
  const { value: view } = useSettings(SELDOM_MS);
  const { run, error } = useOperation('settings.set');
  const setMode = useCallback((mode: ShareMode) => void run({ key: 'agent.share', value: mode }), [run]);
  const setLimit = useCallback((use: LoadRow['use'], percent: number) => void run({ key: LIMIT_KEYS[use], value: percent }), [run]);
  const settingOf = (key: string) => view?.settings.find((setting) => setting.key === key);
  const share = settingOf('agent.share');
  if (share === undefined) return <LoadCard agent={agent} hardware={hardware} />;
  const limitOf = (key: string) => {
    const setting = settingOf(key);
    return { percent: typeof setting?.value === 'number' ? setting.value : null, isLocked: isLocked(setting) };
  };
  return (
    <>
      <LimitsCard
        rows={ownLoadRows(agent, own)}
        asOfWallMs={agent.link.state === 'connected' ? null : (agent.node_status?.received_at ?? null)}
        control={{
          mode: SHARE_MODES.find((mode) => mode === share.value) ?? null,
          isModeLocked: isLocked(share),
          limits: { cpu: limitOf(LIMIT_KEYS.cpu), gpu: limitOf(LIMIT_KEYS.gpu), mem: limitOf(LIMIT_KEYS.mem) },
          setMode,
          setLimit,
        }}
      >
        <OwnRules rules={agent.rules ?? NO_RULES} />
      </LimitsCard>
      <ErrorNote error={error} />
    </>
  );
}
