// Many nodes lost at once: a fault of the network rather than of the nodes. The scheduler keeps their jobs meanwhile.
import { Button } from '@mantine/core';
import { useClockPart } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { useApp } from '../store/Screen';
import { Card } from './Card';
import classes from './MassLossBanner.module.css';
import { Rich } from './Rich';
import { StatusShape } from './StatusShape';
import { Ago } from './Time';

/** The scheduler ends the pause at a sweep, so its end can pass a moment before. */
const LEAST_LEFT_MS = 1000;

export interface MassLossBannerProps {
  /** The page of the nodes. Absent there. */
  readonly nodesHref?: string;
}

export function MassLossBanner({ nodesHref }: MassLossBannerProps) {
  const { t, format } = useLabels();
  const loss = useApp(({ pool }) => pool?.mass_loss ?? null);
  // The pause lasts one more heartbeat timeout.
  const endWallMs = useApp(({ pool }) => (pool?.mass_loss?.since ?? 0) + (pool?.heartbeat_timeout_seconds ?? 0) * 1000);
  const left = useClockPart((nowWallMs) => format.duration(Math.max(LEAST_LEFT_MS, endWallMs - nowWallMs)));
  if (loss === null) return null;
  return (
    <Card tone="warning">
      <div className={classes['banner']}>
        <StatusShape shape="degraded" size={20} />
        <div role="alert">
          <p>
            <Rich k="nodes.mass_loss" values={{ lost: loss.lost, total: loss.of, age: <Ago wallMs={loss.since} /> }} />
          </p>
          <p>{t('nodes.mass_loss_jobs', { left })}</p>
        </div>
        {nodesHref !== undefined && (
          <Button component="a" variant="default" href={nodesHref}>
            {t('pool_overview.item.show_nodes')}
          </Button>
        )}
      </div>
    </Card>
  );
}
