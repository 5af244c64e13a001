// When jobs may start on this computer: how much the owner shares, the owner's load and the pool's load, and each limit with its source.
import type { AgentView, HardwareView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { LoadList } from '../../components/Load/LoadList';
import { ownLoadRows } from '../../components/Load/load-rows';
import { Ago } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import classes from './LoadCard.module.css';
import notes from './Rows.module.css';
import { ShareMode } from './ShareMode';

export interface LoadCardProps {
  readonly agent: AgentView;
  readonly hardware: HardwareView;
}

export function LoadCard({ agent, hardware }: LoadCardProps) {
  const { t, format } = useLabels();
  const own = useApp(ownNode);
  const rows = ownLoadRows(agent, own);
  const isDivided = rows.some(({ shares }) => shares !== null);
  const sizes = { cpu: t('load.size.cpu', { count: hardware.cpu_cores }), mem: format.gb(hardware.memory_gb) };
  const title = (
    <>
      {t('load.title')}{' '}
      {hardware.read_at !== null && (
        <span className={notes['note']}>
          <Ago wallMs={hardware.read_at} />
        </span>
      )}
    </>
  );
  return (
    <Card title={title} aside={<a href={hrefOf({ page: 'settings', id: 'sharing' })}>{t('load.change_own')}</a>}>
      <div className={classes['load']}>
        <ShareMode />
        {isDivided && <Dim as="p">{t('load.own_note')}</Dim>}
        <LoadList rows={rows} perspective="own" sizes={sizes} />
      </div>
    </Card>
  );
}
