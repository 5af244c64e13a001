// The columns of the node table, and the text that a search looks through.
import type { NodeView } from '../../../shared/api/node-view';
import { availabilityOf, READY_STATES } from '../../../shared/api/availability';
import { AVAILABILITY_STATES } from '../../../shared/protocol/status';
import { Ago, ClockTime } from '../../components/Time';
import { AvailabilityLabel, AvailabilityReason } from '../../components/Availability';
import { UseBar } from '../../components/bars/UseBar';
import type { Column } from '../../components/DataTable/column';
import { DetailsLink } from '../../components/DetailsLink';
import { Dim } from '../../components/Dim';
import { OwnBadge, SimulatedBadge } from '../../components/Badge';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { availabilityReason } from '../../labels/availability-labels';
import { gpuSummary } from '../../labels/gpu-names';
import { shortNodeId } from '../../labels/node-name';
import { jobsText, modelCount, missingModels } from './node-figures';
import { gpuUse, percentUse, usedOf, vramTotalGb, vramUse } from '../../components/bars/node-use';
import classes from './node-columns.module.css';

/** Members do not get the load of the nodes of others (ADR 0030). */
const LOAD_KEYS: readonly string[] = ['gpu_use', 'vram', 'cpu', 'mem', 'tokens'];

/** `ownId`: of this computer's node. */
export const nodeColumns = (labels: Labels, ownId: string | null, seesLoad: boolean): readonly Column<NodeView>[] =>
  [...nameAndState(labels, ownId), ...loadColumns(labels), ...workColumns(labels), ...extraColumns(labels)].filter(
    ({ key }) => seesLoad || !LOAD_KEYS.includes(key),
  );

const nameAndState = ({ t }: Labels, ownId: string | null): readonly Column<NodeView>[] => [
  {
    key: 'name',
    title: t('nodes.name'),
    width: '15%',
    narrowWidth: '26%',
    sortBy: ({ name }) => name,
    cell: (node) => <NameCell node={node} isThisComputer={node.node_id === ownId} />,
  },
  {
    key: 'state',
    title: t('nodes.state'),
    width: '25.4%',
    sortBy: (node) => AVAILABILITY_STATES.indexOf(availabilityOf(node).state),
    cell: (node) => <StateCell node={node} />,
  },
];

function loadColumns(labels: Labels): readonly Column<NodeView>[] {
  const { t } = labels;
  return [
    {
      key: 'gpus',
      title: t('nodes.gpu'),
      width: '15%',
      fromWidthPx: 860,
      sortBy: (node) => gpuSummary(node, labels),
      cell: (node) => gpuSummary(node, labels) || '–',
    },
    {
      key: 'gpu_use',
      title: t('nodes.gpu_use'),
      help: t('nodes.gpu_use_help'),
      width: '10%',
      fromWidthPx: 600,
      className: classes['bar'],
      sortBy: (node) => usedOf(gpuUse(node)),
      cell: (node) => <GpuUse node={node} />,
    },
    {
      key: 'vram',
      title: t('nodes.vram'),
      width: '11.8%',
      fromWidthPx: 760,
      className: classes['vram'],
      sortBy: (node) => usedOf(vramUse(node)),
      cell: (node) => <VramUse node={node} />,
    },
    ...(['cpu', 'mem'] as const).map((kind): Column<NodeView> => ({
      key: kind,
      title: t(`use_name.${kind}`),
      width: '8%',
      fromWidthPx: 1000,
      className: classes['bar'],
      sortBy: (node) => percentUse(node, kind),
      cell: (node) => <PercentUse node={node} kind={kind} />,
    })),
  ];
}

const workColumns = ({ t, format }: Labels): readonly Column<NodeView>[] => [
  {
    key: 'jobs',
    title: t('nodes.jobs'),
    width: '5%',
    fromWidthPx: 440,
    align: 'number',
    sortBy: (node) => (jobsText(node) === null ? null : node.in_flight_jobs),
    cell: (node) => jobsText(node) ?? '–',
  },
  {
    key: 'tokens',
    title: t('nodes.tokens'),
    width: '6.5%',
    fromWidthPx: 800,
    align: 'number',
    sortBy: ({ tokens_per_second: rate }) => rate ?? null,
    cell: ({ online, tokens_per_second: rate }) => (rate === undefined || !online ? '–' : format.number(rate)),
  },
];

const extraColumns = ({ t }: Labels): readonly Column<NodeView>[] => [
  {
    key: 'tags',
    title: t('nodes.tags'),
    width: '10%',
    isExtra: true,
    sortBy: ({ tags }) => tags?.[0] ?? null,
    cell: ({ tags = [] }) => tags.join(t('punctuation.list')),
  },
  {
    key: 'models',
    title: t('nodes.models'),
    width: '8%',
    align: 'number',
    isExtra: true,
    sortBy: (node) => modelCount(node).ready,
    cell: (node) => `${String(modelCount(node).ready)}/${String(modelCount(node).enabled)}`,
  },
  {
    key: 'since',
    title: t('nodes.since'),
    width: '7%',
    isExtra: true,
    sortBy: (node) => availabilityOf(node).since,
    cell: (node) => <ClockTime wallMs={availabilityOf(node).since} />,
  },
  {
    key: 'heartbeat',
    title: t('nodes.heartbeat'),
    width: '8%',
    isExtra: true,
    sortBy: ({ last_heartbeat_at }) => last_heartbeat_at,
    cell: ({ last_heartbeat_at, online }) =>
      last_heartbeat_at === null ? online ? '–' : t('nodes.never') : <Ago wallMs={last_heartbeat_at} />,
  },
  {
    key: 'version',
    title: t('nodes.version'),
    width: '7%',
    isExtra: true,
    sortBy: ({ version }) => version,
    cell: ({ version }) => version,
  },
  {
    key: 'platform',
    title: t('nodes.platform'),
    width: '8%',
    isExtra: true,
    sortBy: ({ platform }) => platform,
    cell: ({ platform }) => t(`settings.platform_${platform}`),
  },
];

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
      {conflict != null && (
        <span className={classes['id']} title={t(`nodes.name_${conflict}`)}>
          {shortNodeId(node_id)}
        </span>
      )}
      {simulated && <SimulatedBadge />}
      {isThisComputer && <OwnBadge />}
    </span>
  );
}

function StateCell({ node }: { readonly node: NodeView }) {
  // The number of used slots has its own column.
  const isAvailable = availabilityOf(node).state === 'available';
  return (
    <span className={classes['stateAndReason']}>
      <AvailabilityLabel node={node} />
      {!isAvailable && (
        <Dim as="span">
          <AvailabilityReason node={node} isShort />
        </Dim>
      )}
    </span>
  );
}

interface NodeProps {
  readonly node: NodeView;
}

export function GpuUse({ node }: NodeProps) {
  const { t, format } = useLabels();
  const use = gpuUse(node);
  return <UseBar label={t('nodes.gpu_use')} use={use} total={100} text={format.percent(usedOf(use) ?? 0)} />;
}

export function VramUse({ node }: NodeProps) {
  const { t, format } = useLabels();
  const [use, total] = [vramUse(node), vramTotalGb(node)];
  const text = t('nodes.vram_of', { used: format.number(usedOf(use) ?? 0, 1), total: format.number(total, total < 10 ? 1 : 0) });
  return <UseBar label={t('nodes.vram')} use={use} total={total} text={text} />;
}

function PercentUse({ node, kind }: NodeProps & { readonly kind: 'cpu' | 'mem' }) {
  const { t, format } = useLabels();
  const percent = percentUse(node, kind);
  return (
    <UseBar
      label={t(`use_name.${kind}`)}
      use={percent === null ? null : { used: percent }}
      total={100}
      text={percent === null ? '' : format.percent(percent)}
    />
  );
}

/** The text that a search looks through: the row, and the id, tags and models of the node. */
export function nodeText(node: NodeView, labels: Labels): string {
  const { node_id, name, name_conflict: conflict, installed_models, version, simulated, tags = [] } = node;
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
    ...tags,
    ...(installed_models ?? []).map(({ model_id }) => model_id),
    ...missingModels(node).map(([modelId]) => modelId),
    version,
    conflict == null ? '' : labels.t(`nodes.name_${conflict}_badge`),
    simulated ? labels.t('simulated.badge') : '',
  ].join(' ');
}
