// The explanation of a dispatch: the node that would get the job, how many nodes each reason excludes, and nodes one by one with
// wanted and found values. The scheduler lists only some nodes of a large pool; its counts are of all nodes.
import { type ReactNode, useMemo } from 'react';
import { availabilityOf } from '../../../../shared/api/availability';
import type { ExplainRequest, Explanation } from '../../../../shared/api/dispatch';
import type { AvailabilityState } from '../../../../shared/protocol/status';
import { AvailabilityReason } from '../../../components/Availability';
import { Card } from '../../../components/Card';
import type { Column } from '../../../components/DataTable/column';
import { DataTable } from '../../../components/DataTable/DataTable';
import { Dim } from '../../../components/Dim';
import { ExclusionText } from '../../../components/Exclusion';
import { NodeName, useNodeName } from '../../../components/NodeName';
import { NodeState } from '../../../components/NodeState';
import { ReasonList } from '../../../components/ReasonList';
import { Rich } from '../../../components/Rich';
import { SimulatedBadge } from '../../../components/Badge';
import { StatusLabel } from '../../../components/StatusLabel';
import { WakeLine } from '../../../components/WakeLine';
import { HeldNode } from '../../../components/WhyNode/HeldNode';
import { WhyNode } from '../../../components/WhyNode/WhyNode';
import { useLabels, type Labels } from '../../../i18n/use-labels';
import { needsOf } from '../../../labels/job-needs';
import { useApp } from '../../../store/Screen';
import { ableCount } from './able-count';
import classes from './ExplanationCard.module.css';
import { ReasonGroups } from './ReasonGroups';
import { WhatIf } from './WhatIf';

type ExplainedNode = Explanation['nodes'][number];

export interface ExplanationCardProps {
  readonly explanation: Explanation;
  readonly request: ExplainRequest;
}

/** The states of a node that is ready. */
const TAKES_JOBS: readonly AvailabilityState[] = ['available', 'full', 'busy'];

/** So many nodes are clear without groups. */
const FEW_NODES = 8;

export function ExplanationCard({ explanation, request }: ExplanationCardProps) {
  const { chosen, nodes, nodes_total, reasons, held, wake, groups, names = [] } = explanation;
  const {
    node_limit: _limit,
    grouped: _grouped,
    what_if: _whatIf,
    input_tokens: _input,
    output_tokens: _output,
    ...requirements
  } = request;
  const model = requirements.required_models[0] ?? null;
  const able = ableCount(explanation);
  // The table says the same of each node.
  const isFew = nodes_total < FEW_NODES && nodes.length === nodes_total;
  const labels = useLabels();
  const { t, format } = labels;
  const wantedNode = useNodeName(requirements.node_id ?? null);
  const columns = useMemo(() => explanationColumns(labels, held === undefined ? chosen : null), [labels, chosen, held]);
  return (
    <Card title={needsOf(labels, requirements, [], wantedNode)}>
      <div className={classes['explanation']}>
        <div className={classes['head']}>
          <p role="status" className={classes['answer']}>
            {held !== undefined && <Rich k="why_node.would_hold" values={{ name: <NodeName nodeId={held.node.node_id} /> }} />}
            {held === undefined && chosen !== null && <Rich k="dispatch.chosen" values={{ name: <NodeName nodeId={chosen} /> }} />}
            {chosen === null && t(nodes_total === 0 ? 'dispatch.no_nodes' : 'dispatch.no_candidate')}
          </p>
          {able > 0 && <Dim as="p">{t('dispatch.eligible', { eligible: format.number(able), total: format.number(nodes_total) })}</Dim>}
        </div>
        {names.length > 0 && <Names names={names} />}
        {wake !== undefined && (
          <p>
            <WakeLine wake={wake} />
          </p>
        )}
        <Why explanation={explanation} />
        {groups === undefined ? (
          <ReasonList reasons={reasons} />
        ) : (
          <>
            {!isFew && (
              <ReasonGroups
                title={t('reason_group.not_considered')}
                groups={groups}
                nodesTotal={nodes_total - able}
                model={model}
                nodes={nodes}
              />
            )}
            {nodes_total > 0 && <WhatIf requirements={requirements} explanation={explanation} model={model} />}
          </>
        )}
        {nodes.length > 0 && (
          <NodeByNode isFolded={groups !== undefined && !isFew} count={nodes.length}>
            <DataTable label={t('dispatch.result')} columns={columns} rows={nodes} keyOf={keyOf} />
            {nodes.length < nodes_total && (
              <Dim as="p">{t('dispatch.shown', { shown: format.number(nodes.length), total: format.number(nodes_total) })}</Dim>
            )}
          </NodeByNode>
        )}
      </div>
    </Card>
  );
}

interface NodeByNodeProps {
  /** The groups above say the same of many nodes at once. */
  readonly isFolded: boolean;
  readonly count: number;
  readonly children: ReactNode;
}

function NodeByNode({ isFolded, count, children }: NodeByNodeProps) {
  const { t, format } = useLabels();
  if (!isFolded) return <div>{children}</div>;
  return (
    <details className={classes['all']}>
      <summary>{t('dispatch.node_by_node', { count, formatted: format.number(count) })}</summary>
      <div>{children}</div>
    </details>
  );
}

/** Which model serves an alias or `auto`. */
function Names({ names }: { readonly names: NonNullable<Explanation['names']> }) {
  const { t } = useLabels();
  return (
    <ul>
      {names.map(({ name, model, by }) => (
        <li key={name}>
          <Rich k="dispatch.served_by" values={{ name, model }} />
          {t('punctuation.in_brackets', { text: t(`dispatch.served_as.${by}`) })}
        </li>
      ))}
    </ul>
  );
}

/** Why the chosen node is chosen, or for which full node the job would wait first. Nothing for a scheduler of an earlier version. */
function Why({ explanation: { prediction, held } }: { readonly explanation: Explanation }) {
  const { t, format } = useLabels();
  if (prediction === undefined) return null;
  return (
    <div>
      {held === undefined ? (
        <WhyNode prediction={prediction} />
      ) : (
        <HeldNode hold={held} until={t('why_node.held_at_most', { seconds: format.number(held.max_seconds) })} />
      )}
    </div>
  );
}

const keyOf = ({ node_id }: ExplainedNode): string => node_id;

/** `chosen`: null while the job would wait for a full node. */
function explanationColumns(labels: Labels, chosen: string | null): readonly Column<ExplainedNode>[] {
  const { t } = labels;
  return [
    {
      key: 'node',
      title: t('dispatch.node_column'),
      width: '25%',
      cell: ({ node_id }) => (
        <span className={classes['node']}>
          <NodeName nodeId={node_id} />
          <SimulatedMark nodeId={node_id} />
          <NodeState nodeId={node_id} />
        </span>
      ),
    },
    {
      key: 'result',
      title: t('dispatch.result'),
      width: '20%',
      cell: ({ node_id, excluded }) =>
        excluded.length === 0 ? (
          <StatusLabel shape="ready" label={t(node_id === chosen ? 'dispatch.would_get' : 'dispatch.could')} />
        ) : (
          <StatusLabel shape="stopped" label={t('dispatch.excluded')} />
        ),
    },
    { key: 'why', title: t('dispatch.why'), width: '55%', cell: (node) => <Exclusions node={node} /> },
  ];
}

function Exclusions({ node: { node_id: nodeId, excluded } }: { readonly node: ExplainedNode }) {
  const { t } = useLabels();
  if (excluded.length === 0) return t('dispatch.passes');
  return (
    <ul>
      {excluded.map((exclusion) => (
        <li key={exclusion.filter}>
          {exclusion.code === 'status_not_ready' ? (
            <NotReady nodeId={nodeId} exclusion={exclusion} />
          ) : (
            <NamedExclusion exclusion={exclusion} />
          )}
        </li>
      ))}
    </ul>
  );
}

type Exclusion = ExplainedNode['excluded'][number];

function NamedExclusion({ exclusion }: { readonly exclusion: Exclusion }) {
  const labels = useLabels();
  const name = <b>{labels.code('exclusion', exclusion.code)}</b>;
  // Its detail only says the same again.
  if (exclusion.code === 'not_online') return name;
  return (
    <>
      {name}
      {labels.t('punctuation.colon')}
      <ExclusionText exclusion={exclusion} />
    </>
  );
}

interface NotReadyProps {
  readonly nodeId: string;
  readonly exclusion: Exclusion;
}

/** The reason of the state that stands beside the name, as on the page Nodes. A node that is ready by now: what the explanation says. */
function NotReady({ nodeId, exclusion }: NotReadyProps) {
  const node = useApp(({ nodes }) => nodes.get(nodeId) ?? null);
  return node === null || TAKES_JOBS.includes(availabilityOf(node).state) ? (
    <NamedExclusion exclusion={exclusion} />
  ) : (
    <AvailabilityReason node={node} />
  );
}

function SimulatedMark({ nodeId }: { readonly nodeId: string }) {
  return useApp(({ nodes }) => nodes.get(nodeId)?.simulated === true) ? <SimulatedBadge /> : null;
}
