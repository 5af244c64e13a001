// Many nodes lost at once: a fault of the network rather than of the nodes. The scheduler keeps their jobs meanwhile.
import { useApp } from '../store/Screen';
import { Card } from './Card';
import { Rich } from './Rich';
import { Ago } from './Time';
import { useLabels } from '../i18n/use-labels';

export interface MassLossBannerProps {
  /** The page of the nodes. Absent there. */
  readonly nodesHref?: string;
}

export function MassLossBanner({ nodesHref }: MassLossBannerProps) {
  const { t, gap } = useLabels();
  const loss = useApp(({ pool }) => pool?.mass_loss ?? null);
  if (loss === null) return null;
  return (
    <Card tone="warning">
      <p role="alert">
        <Rich k="nodes.eviction_pause" values={{ lost: loss.lost, total: loss.of, age: <Ago wallMs={loss.since} /> }} />
        {nodesHref !== undefined && (
          <>
            {gap}
            <a href={nodesHref}>{t('pool_overview.item.show_nodes')}</a>
          </>
        )}
      </p>
    </Card>
  );
}
