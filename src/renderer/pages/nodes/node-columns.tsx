// The columns of the node table, and the text that a search looks through.
import type { NodeView } from '../../../shared/api/node-view';
import { availabilityOf, READY_STATES, slotsOf } from '../../../shared/api/availability';
import { AVAILABILITY_STATES } from '../../../shared/protocol/status';
import { Ago, ClockTime } from '../../components/Time';
import { AvailabilityLabel, AvailabilityReason } from '../../components/Availability';
import type { Column } from '../../components/DataTable/column';
import { DetailsLink } from '../../components/DetailsLink';
import { Dim } from '../../components/Dim';
import { Badge, SimulatedBadge } from '../../components/Badge';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { availabilityReason } from '../../labels/availability-labels';
import { gpuSummary, modelCount, missingModels } from './node-figures';
import classes from './node-columns.module.css';

/** `ownId`: of this computer's node. */
export function nodeColumns(labels: Labels, ownId: string | null): readonly Column<NodeView>[] {
  const { t } = labels;
  return [
    {
      key: 'name',
      title: t('nodes.name'),
      width: '18%',
      sortBy: ({ name }) => name,
      cell: (node) => <NameCell node={node} isThisComputer={node.node_id === ownId} />,
    },
    {
      key: 'state',
      title: t('nodes.state'),
      width: '21%',
      className: classes['state'],
      sortBy: (node) => AVAILABILITY_STATES.indexOf(availabilityOf(node).state),
      cell: (node) => <StateCell node={node} />,
    },
    {
      key: 'since',
      title: t('nodes.since'),
      width: '7%',
      className: classes['nowrap'],
      sortBy: (node) => availabilityOf(node).since,
      cell: (node) => <ClockTime wallMs={availabilityOf(node).since} />,
    },
    {
      key: 'gpus',
      title: t('nodes.gpus'),
      width: '18%',
      className: classes['gpus'],
      sortBy: (node) => gpuSummary(node, labels),
      cell: (node) => gpuSummary(node, labels),
    },
    {
      key: 'models',
      title: t('nodes.models'),
      width: '10%',
      className: classes['nowrap'],
      sortBy: (node) => modelCount(node).ready,
      cell: (node) => `${String(modelCount(node).ready)}/${String(modelCount(node).enabled)}`,
    },
    {
      key: 'jobs',
      title: t('nodes.jobs'),
      width: '7%',
      className: classes['nowrap'],
      sortBy: ({ in_flight_jobs }) => in_flight_jobs,
      cell: (node) => `${String(node.in_flight_jobs)}/${String(slotsOf(node).total)}`,
    },
    {
      key: 'heartbeat',
      title: t('nodes.heartbeat'),
      width: '11%',
      className: classes['nowrap'],
      sortBy: ({ last_heartbeat_at }) => last_heartbeat_at,
      cell: ({ last_heartbeat_at, online }) =>
        last_heartbeat_at === null ? online ? '–' : t('nodes.never') : <Ago wallMs={last_heartbeat_at} />,
    },
    { key: 'version', title: t('nodes.version'), width: '8%', sortBy: ({ version }) => version, cell: ({ version }) => version },
  ];
}

interface NameCellProps {
  readonly node: NodeView;
  readonly isThisComputer: boolean;
}

function NameCell({ node: { node_id, name, name_conflict: conflict, simulated }, isThisComputer }: NameCellProps) {
  const { t } = useLabels();
  return (
    <span className={classes['name']}>
      <DetailsLink page="nodes" id={node_id} label={t('nodes.details_of', { name })}>
        {name}
      </DetailsLink>
      {isThisComputer && <Badge>{t('nodes.this_one')}</Badge>}
      {conflict != null && <Badge title={t(`nodes.name_${conflict}`)}>{t(`nodes.name_${conflict}_badge`)}</Badge>}
      {simulated && <SimulatedBadge />}
    </span>
  );
}

function StateCell({ node }: { readonly node: NodeView }) {
  return (
    <span className={classes['stateAndReason']}>
      <AvailabilityLabel node={node} />
      <Dim as="span">
        <AvailabilityReason node={node} />
      </Dim>
    </span>
  );
}

/** The text that a search looks through: the row, and the id and models of the node. */
export function nodeText(node: NodeView, labels: Labels): string {
  const { node_id, name, name_conflict: conflict, installed_models, version, simulated } = node;
  const { state } = availabilityOf(node);
  // An age is not searched: the text of a row is built once.
  const reason = availabilityReason(labels, node, node.last_heartbeat_at ?? node.since);
  return [
    name,
    node_id,
    labels.t(`availability.${state}`),
    READY_STATES.some((ready) => ready === state) ? labels.t('status.ready') : '',
    reason,
    gpuSummary(node, labels),
    ...(installed_models ?? []).map(({ model_id }) => model_id),
    ...missingModels(node).map(([modelId]) => modelId),
    version,
    conflict == null ? '' : labels.t(`nodes.name_${conflict}_badge`),
    simulated ? labels.t('simulated.badge') : '',
  ].join(' ');
}
