// The nodes by availability: one shape for each node, with the cause beside them. A large pool has one bar for each state.
import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { availabilityOf } from '../../../../shared/api/availability';
import type { AvailabilityState } from '../../../../shared/protocol/status';
import { useClockPart } from '../../../clock/Clock';
import { OwnBadge } from '../../../components/Badge';
import { Card } from '../../../components/Card';
import { StatusLabel } from '../../../components/StatusLabel';
import { StatusShape } from '../../../components/StatusShape';
import { useMay } from '../../../components/RightNote';
import { type Labels, useLabels } from '../../../i18n/use-labels';
import { availabilityReason } from '../../../labels/availability-labels';
import { namesText } from './names-text';
import { hrefOf, INVITE_HREF } from '../../../routes';
import { useApp } from '../../../store/Screen';
import classes from './AvailabilityCard.module.css';
import { type NodeGroup, nodeGroups } from './node-groups';
import { useMayInvite } from '../../../queries/use-may-invite';
import rows from './Rows.module.css';

/** Above this number of nodes the shapes are too many to compare. */
const MOST_SHAPES = 400;

export function AvailabilityCard() {
  const { t } = useLabels();
  const nodes = useApp((app) => app.nodes);
  const groups = useMemo(() => nodeGroups(nodes.values()), [nodes]);
  if (nodes.size === 0) return null;
  return (
    <Card
      title={t('pool_overview.availability')}
      aside={
        <a className="link-target" href={hrefOf({ page: 'nodes' })}>
          {t('pool_overview.all_nodes')}
        </a>
      }
    >
      <ul className={[classes['groups'], rows['rows']].join(' ')}>
        {groups.map((group) => (
          <Group key={group.state} group={group} total={nodes.size} />
        ))}
      </ul>
      {nodes.size === 1 && <FirstInvite />}
    </Card>
  );
}

function Group({ group, total }: { readonly group: NodeGroup; readonly total: number }) {
  const { t, format } = useLabels();
  const { state, count } = group;
  const isOwnState = useApp(({ agent, nodes }) => {
    const own = nodes.get(agent?.node_id ?? '');
    return own !== undefined && availabilityOf(own).state === state;
  });
  return (
    <li>
      <a className="link-target" href={hrefOf({ page: 'nodes', state })}>
        <StatusLabel shape={state} label={t(`availability.${state}`)} />
      </a>
      <b>{format.number(count)}</b>
      <span className={classes['nodes']}>
        {total <= MOST_SHAPES ? <Shapes state={state} count={count} /> : <Bar state={state} share={count / total} />}
        {group.only === null ? (
          <>
            {isOwnState && <OwnBadge isWhole />}
            <Why group={group} />
          </>
        ) : (
          <span className={classes['only']}>
            <Why group={group} />
            {isOwnState && (
              <>
                {' '}
                <OwnBadge isWhole />
              </>
            )}
          </span>
        )}
      </span>
    </li>
  );
}

function Shapes({ state, count }: { readonly state: AvailabilityState; readonly count: number }) {
  return (
    <span className={classes['shapes']} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <StatusShape key={index} shape={state} size={13} />
      ))}
    </span>
  );
}

const Bar = ({ state, share }: { readonly state: AvailabilityState; readonly share: number }) => (
  <span className={classes['bar']} data-state={state} aria-hidden="true">
    <i style={{ width: `${String(Math.max(share > 0 ? 0.5 : 0, share * 100))}%` }} />
  </span>
);

function Why({ group }: { readonly group: NodeGroup }) {
  const labels = useLabels();
  const mayView = useMay('view');
  // Members do not see the load of other nodes.
  const text = useClockPart((nowWallMs) =>
    group.state === 'busy' && !mayView ? (group.only?.name ?? null) : whyOf(labels, group, nowWallMs),
  );
  return text === null ? null : <span className={classes['why']}>{text}</span>;
}

function whyOf(labels: Labels, { state, only, causes, names, count }: NodeGroup, nowWallMs: number): string | null {
  const { t, format } = labels;
  if (state === 'full' && count > 0) {
    const why = t('pool_overview.full_why');
    return only === null ? why : t('pool_overview.node_why', { name: only.name, reason: why });
  }
  if (only !== null && state === 'available') return only.name;
  if (only !== null) return t('pool_overview.node_why', { name: only.name, reason: availabilityReason(labels, only, nowWallMs) });
  if (names.length > 0) return namesText(labels, { count, names });
  if (causes.length === 0) return null;
  return (
    causes
      // A line ends between two causes.
      .map(({ cause, count: some }) => t(`pool_overview.cause.${cause}`, { nodes: format.number(some) }).replaceAll(' ', '\u00a0'))
      .join(t('punctuation.comma'))
  );
}

function FirstInvite() {
  const { t } = useLabels();
  const mayInvite = useMayInvite();
  return (
    <div className={classes['first']}>
      <p>{t('pool_overview.only_one')}</p>
      {mayInvite && (
        <Button component="a" variant="default" size="xs" href={INVITE_HREF}>
          {t('pool_overview.invite_first')}
        </Button>
      )}
    </div>
  );
}
