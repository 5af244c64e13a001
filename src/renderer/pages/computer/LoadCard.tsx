// When jobs may start on this computer: the owner's load and the pool's load, each limit with its source, and where limits are set.
import type { AgentView, HardwareView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { LoadList } from '../../components/Load/LoadList';
import { ownLoadRows } from '../../components/Load/load-rows';
import { Ago } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import classes from './LoadCard.module.css';

export interface LoadCardProps {
  readonly agent: AgentView;
  readonly hardware: HardwareView;
}

export function LoadCard({ agent, hardware }: LoadCardProps) {
  const { t, format } = useLabels();
  const own = useApp(ownNode);
  const rows = ownLoadRows(agent, own);
  const isDivided = rows.some(({ shares }) => shares !== null);
  // The hero of a busy computer has the same help.
  const hasHelp = rows.some(({ limit }) => limit?.percent != null) && rows.every(({ result }) => result !== 'above');
  const sizes = { cpu: t('load.size.cpu', { count: hardware.cpu_cores }), mem: format.gb(hardware.memory_gb) };
  return (
    <Card title={t('load.title')} aside={hardware.read_at === null ? undefined : <Ago wallMs={hardware.read_at} />}>
      <div className={classes['load']}>
        {isDivided && <Dim as="p">{t('load.own_note')}</Dim>}
        <LoadList rows={rows} perspective="own" sizes={sizes} />
        {hasHelp && <Dim as="p">{t('load.change_own')}</Dim>}
      </div>
    </Card>
  );
}
