// Dry runs with a changed pool: the changes that its reasons suggest and that help the job, and one of the user.
import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import type { Explanation, JobRequirementsView } from '../../../../shared/api/dispatch';
import { type Change, type ChangeOutcome, MAX_CHANGES } from '../../../../shared/api/what-if';
import { assertNever } from '../../../../shared/assert-never';
import { Dim } from '../../../components/Dim';
import { ErrorNote } from '../../../components/ErrorNote';
import { NodeName } from '../../../components/NodeName';
import { Rich } from '../../../components/Rich';
import { StatusShape } from '../../../components/StatusShape';
import { useLabels } from '../../../i18n/use-labels';
import { useWhatIf } from '../../../queries/dispatch';
import { ableCount } from './able-count';
import { ExplainRows, ExplainSection } from './ExplainSection';
import { NodeSelect } from './NodeSelect';
import { helpfulFirst, proposalsOf, secondsOf } from './proposals';
import classes from './WhatIf.module.css';

export interface WhatIfProps {
  readonly requirements: JobRequirementsView;
  readonly explanation: Explanation;
  /** The model of the request. Null: it names none. */
  readonly model: string | null;
}

export function WhatIf({ requirements, explanation, model }: WhatIfProps) {
  const { t } = useLabels();
  const [own, setOwn] = useState<Change | null>(null);
  const proposed = proposalsOf(explanation, model !== null);
  const changes = own === null || proposed.some((change) => isSame(change, own)) ? proposed : [...proposed.slice(0, MAX_CHANGES - 1), own];
  const { value, error } = useWhatIf(requirements, changes);
  const outcomes = value?.what_if;
  const runs = changes.flatMap((change, index) => {
    const outcome = outcomes?.[index];
    return outcome === undefined ? [] : [{ change, outcome }];
  });
  const isOwn = (change: Change): boolean => own !== null && isSame(change, own);
  const helpful = helpfulFirst(
    runs.filter(({ change }) => !isOwn(change)),
    explanation,
  );
  const shown = own === null ? helpful : [...helpful, { change: own, outcome: runs.find(({ change }) => isOwn(change))?.outcome ?? null }];
  return (
    <ExplainSection title={t('dry_run.title')} note={t('dry_run.note')}>
      {explanation.chosen === null && outcomes !== undefined && proposed.length > 0 && helpful.length === 0 && (
        <Dim as="p">{t('dry_run.none_helps')}</Dim>
      )}
      {shown.length > 0 && (
        <ExplainRows className={classes['runs']}>
          {shown.map(({ change, outcome }) => (
            <li key={JSON.stringify(change)}>
              <span>
                <ChangeText change={change} model={model ?? ''} />
              </span>
              <Outcome outcome={outcome} before={explanation} />
            </li>
          ))}
        </ExplainRows>
      )}
      <ErrorNote error={error} />
      <OwnChange hasModel={model !== null} onTry={setOwn} />
    </ExplainSection>
  );
}

const isSame = (one: Change, other: Change): boolean => JSON.stringify(one) === JSON.stringify(other);

function ChangeText({ change, model }: { readonly change: Change; readonly model: string }) {
  const { format } = useLabels();
  switch (change.kind) {
    case 'installed':
    case 'loaded':
      return <Rich k={`dry_run.${change.kind}`} values={{ model, node: <NodeName nodeId={change.node_id} /> }} />;
    case 'drained':
    case 'resumed':
      return <Rich k={`dry_run.${change.kind}`} values={{ node: <NodeName nodeId={change.node_id} /> }} />;
    case 'limits': {
      const name = LIMITS.find((limit) => change[limit] !== undefined);
      return name === undefined ? null : <Rich k={`dry_run.limits.${name}`} values={{ percent: format.percent(change[name] ?? 0) }} />;
    }
    default:
      return assertNever(change);
  }
}

interface OutcomeProps {
  /** Null: not known yet. */
  readonly outcome: ChangeOutcome | null;
  readonly before: Explanation;
}

function Outcome({ outcome, before }: OutcomeProps) {
  const { t, format } = useLabels();
  if (outcome === null) return <span aria-busy="true" />;
  const more = outcome.able - ableCount(before);
  const { chosen } = outcome;
  if (chosen === before.chosen && more === 0)
    return (
      <span className={classes['outcome']}>
        <StatusShape shape="offline" size={14} />
        {t('dry_run.same')}
      </span>
    );
  if (chosen === null)
    return (
      <span className={classes['outcome']} data-is="none">
        <StatusShape shape="refused" size={14} />
        {t('dry_run.none')}
      </span>
    );
  const seconds = secondsOf(outcome);
  const node = <NodeName nodeId={chosen} />;
  return (
    <span className={classes['outcome']} data-is={chosen === before.chosen ? undefined : 'starts'}>
      <StatusShape shape="ready" size={14} />
      <span>
        {chosen === before.chosen ? null : seconds === null ? (
          <Rich k="dry_run.starts" values={{ node }} />
        ) : (
          <Rich k="dry_run.starts_in" values={{ node, seconds: format.seconds(seconds) }} />
        )}
        {chosen === before.chosen && t(more > 0 ? 'dry_run.more' : 'dry_run.fewer', { count: Math.abs(more) })}
      </span>
    </span>
  );
}

const LIMITS = ['gpu_percent', 'cpu_percent', 'mem_percent'] as const;
const OF_NODE = ['drained', 'resumed', 'installed', 'loaded'] as const;
type Kind = (typeof LIMITS)[number] | (typeof OF_NODE)[number];
const NEEDS_MODEL: ReadonlySet<Kind> = new Set<Kind>(['installed', 'loaded']);

function OwnChange({ hasModel, onTry }: { readonly hasModel: boolean; readonly onTry: (change: Change) => void }) {
  const { t } = useLabels();
  const kinds: readonly Kind[] = [...OF_NODE.filter((kind) => hasModel || !NEEDS_MODEL.has(kind)), ...LIMITS];
  const [kind, setKind] = useState<Kind>('drained');
  const [nodeId, setNodeId] = useState('');
  const [percent, setPercent] = useState<number | string>(50);
  const change = changeOf();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (change !== null) onTry(change);
  };
  return (
    <details className={classes['own']}>
      <summary>{t('dry_run.add')}</summary>
      <form onSubmit={submit}>
        <NativeSelect
          label={t('dry_run.change')}
          value={kind}
          onChange={(event) => setKind(kinds.find((known) => known === event.currentTarget.value) ?? 'drained')}
          data={kinds.map((value) => ({ value, label: t(`dry_run.change_kind.${value}`) }))}
        />
        {isLimit(kind) ? (
          <NumberInput label={t('dry_run.percent')} value={percent} onChange={setPercent} min={0} max={100} allowDecimal={false} />
        ) : (
          <NodeSelect nodeId={nodeId} onChange={setNodeId} />
        )}
        <Button type="submit" variant="default" disabled={change === null}>
          {t('dry_run.try')}
        </Button>
      </form>
    </details>
  );

  function changeOf(): Change | null {
    if (isLimit(kind)) return typeof percent === 'number' ? { kind: 'limits', [kind]: percent } : null;
    return nodeId === '' ? null : { kind, node_id: nodeId };
  }
}

const isLimit = (kind: Kind): kind is (typeof LIMITS)[number] => LIMITS.some((limit) => limit === kind);
