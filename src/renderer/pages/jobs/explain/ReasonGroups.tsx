// The nodes that a job cannot use, by their first reason: how many, the numbers of the reason, one shape for each node, and where to change it.
import { Fragment } from 'react';
import type { Explanation } from '../../../../shared/api/dispatch';
import type { ReasonGroup } from '../../../../shared/api/what-if';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../../shared/protocol/status';
import { Dim } from '../../../components/Dim';
import { NodeName } from '../../../components/NodeName';
import { StatusShape } from '../../../components/StatusShape';
import { type Labels, useLabels } from '../../../i18n/use-labels';
import { hrefOf } from '../../../routes';
import { ExplainRows, ExplainSection } from './ExplainSection';
import classes from './ReasonGroups.module.css';

type ExplainedNode = Explanation['nodes'][number];

/** More nodes are one number for each state. */
const MAX_SHAPES = 48;
/** Nodes of a group that are named. */
const MAX_NAMED = 3;
const MS_PER_SECOND = 1000;

export interface ReasonGroupsProps {
  readonly title: string;
  readonly groups: readonly ReasonGroup[];
  readonly nodesTotal: number;
  /** The model of the request. Null: it names none. */
  readonly model: string | null;
  /** With their reasons, where they are known. */
  readonly nodes: readonly ExplainedNode[];
}

export function ReasonGroups({ title, groups, nodesTotal, model, nodes }: ReasonGroupsProps) {
  const { t, format } = useLabels();
  if (groups.length === 0) return null;
  return (
    <ExplainSection title={title} note={t('reason_group.note', { count: nodesTotal, formatted: format.number(nodesTotal) })}>
      <ExplainRows className={classes['groups']}>
        {groups.map((group) => (
          <Group key={group.code} group={group} model={model} nodeIds={namedIn(group, nodes)} />
        ))}
      </ExplainRows>
    </ExplainSection>
  );
}

/** The nodes of a small group by their first reason. None where not all are known. */
function namedIn({ code, count }: ReasonGroup, nodes: readonly ExplainedNode[]): readonly string[] {
  const ids = nodes.filter(({ excluded }) => excluded[0]?.code === code).map(({ node_id: id }) => id);
  return count <= MAX_NAMED && ids.length === count ? ids : [];
}

interface GroupProps {
  readonly group: ReasonGroup;
  readonly model: string | null;
  /** Empty: the group is shown by its count. */
  readonly nodeIds: readonly string[];
}

function Group({ group, model, nodeIds }: GroupProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const { code, count } = group;
  const isAboutModel = code === 'model_not_available' && model !== null;
  const isMissing = isAboutModel && (group.model_states?.not_installed ?? 0) > 0;
  const href = isAboutModel
    ? hrefOf({ page: 'models', id: isMissing ? model : null, search: model })
    : hrefOf({ page: 'nodes', state: mostIn(group) });
  if (nodeIds.length > 0)
    return (
      <li className={classes['named']}>
        <span>
          {nodeIds.map((id, index) => (
            <Fragment key={id}>
              {index > 0 && t('punctuation.list')}
              <a href={hrefOf({ page: 'nodes', id })}>
                <NodeName nodeId={id} />
              </a>
            </Fragment>
          ))}
        </span>
        <span>{t(`exclusion.${code}`)}</span>
        <Dim as="span">{figuresText(labels, group, model) ?? t(`exclusion_help.${code}`)}</Dim>
      </li>
    );
  return (
    <li>
      <b className={classes['count']}>{format.number(count)}</b>
      <div className={classes['text']}>
        <div>{t(`exclusion.${code}`)}</div>
        <p>{figuresText(labels, group, model) ?? t(`exclusion_help.${code}`)}</p>
        <States states={group.states} count={count} />
      </div>
      <a href={href}>{t(isMissing ? 'reason_group.install' : isAboutModel ? 'reason_group.show_models' : 'reason_group.show_nodes')}</a>
    </li>
  );
}

const mostIn = ({ states }: ReasonGroup): AvailabilityState | null =>
  AVAILABILITY_STATES.reduce<AvailabilityState | null>(
    (most, state) => ((states[state] ?? 0) > (most === null ? 0 : (states[most] ?? 0)) ? state : most),
    null,
  );

function States({ states, count }: Pick<ReasonGroup, 'states' | 'count'>) {
  const { t, format } = useLabels();
  const present = AVAILABILITY_STATES.flatMap((state) => ((states[state] ?? 0) > 0 ? [[state, states[state] ?? 0] as const] : []));
  const isFew = count <= MAX_SHAPES;
  return (
    <ul className={classes['states']}>
      {present.map(([state, number]) => (
        <li key={state} title={`${format.number(number)} ${t(`availability.${state}`)}`}>
          {Array.from({ length: isFew ? number : 1 }, (_, index) => (
            <StatusShape key={index} shape={state} size={11} />
          ))}
          <span>
            {format.number(number)} {t(`availability.${state}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The numbers of a reason as sentences. Null: it has none. */
function figuresText(labels: Labels, group: ReasonGroup, model: string | null): string | null {
  const { t, format } = labels;
  const { model_states: modelStates, fits, needed_gb: needed, largest_gb: largest, over, slot_seconds: seconds, code } = group;
  const isOne = group.count === 1;
  if (modelStates !== undefined) {
    const states = MODEL_STATES.flatMap((state) => {
      const count = modelStates[state] ?? 0;
      return count === 0 ? [] : [t(`reason_group.${isOne ? 'only_model_state' : 'model_state'}.${state}`, { count: format.number(count) })];
    });
    const sentences = [sentenceOf(labels, states)];
    if (fits !== undefined && needed !== undefined && model !== null) {
      const values = { model, needed: format.gb(needed), count: format.number(fits) };
      const several = fits === group.count ? 'fits_all' : 'fits';
      sentences.push(t(`reason_group.${!isOne ? several : fits === 0 ? 'only_not_fits' : 'only_fits'}`, values));
    }
    return sentences.join(labels.gap);
  }
  if (needed !== undefined && largest !== undefined)
    return t(code === 'vram_insufficient' ? 'reason_group.needs_vram' : 'reason_group.needs_gpu', {
      needed: format.gb(needed),
      largest: format.gb(largest),
    });
  if (over !== undefined) return sentenceOf(labels, overTexts(labels, over, isOne));
  if (seconds !== undefined) return t('reason_group.slot', { left: format.duration(Math.max(1, Math.ceil(seconds)) * MS_PER_SECOND) });
  return null;
}

const MODEL_STATES = ['not_installed', 'downloading', 'disabled', 'error', 'unknown', 'ready'] as const;
const LOADS = ['gpu', 'cpu', 'memory'] as const;

function overTexts({ t, format }: Labels, over: NonNullable<ReasonGroup['over']>, isOne: boolean): string[] {
  return LOADS.flatMap((load) => {
    const known = over[load];
    if (known === undefined) return [];
    const { lowest, highest } = known.limits;
    const limit =
      lowest === highest
        ? format.percent(lowest)
        : t('reason_group.limits', { lowest: format.percent(lowest), highest: format.percent(highest) });
    return [t(`reason_group.${isOne ? 'only_over' : 'over'}.${load}`, { limit, count: format.number(known.count) })];
  });
}

function sentenceOf({ t }: Labels, parts: readonly string[]): string {
  const text = parts.join(t('punctuation.comma'));
  return t('why_node.sentence', { reason: text.charAt(0).toUpperCase() + text.slice(1) });
}
