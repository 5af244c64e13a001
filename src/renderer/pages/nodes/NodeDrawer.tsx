// One node in full: status and reason, health, drain, use, models, missed jobs; and the actions of an operator.
import { Drawer } from '@mantine/core';
import type { NodeView } from '../../../shared/api/node-view';
import { useNow } from '../../clock/Clock';
import { Ago, ClockTime } from '../../components/Time';
import { Code } from '../../components/Code';
import { Dim } from '../../components/Dim';
import { Facts } from '../../components/Facts';
import { MissedJobsText } from '../../components/Exclusion';
import { Rich } from '../../components/Rich';
import { SimulatedBadge } from '../../components/Badge';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { goTo, useRoute } from '../../store/use-route';
import { speedText } from '../../labels/measurement-labels';
import { HealthSection } from './HealthSection';
import { NodeActions } from './NodeActions';
import { FailingModelsSection, QuarantineLines } from './TrustSection';
import { gpuSummary, missingModels } from './node-figures';
import classes from './NodeDrawer.module.css';

export function NodeDrawer({ node }: { readonly node: NodeView | null }) {
  const { t } = useLabels();
  const route = useRoute();
  return (
    <Drawer
      opened={node !== null}
      onClose={() => goTo({ ...route, page: 'nodes', id: null })}
      position="right"
      size="md"
      title={node?.name}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {node !== null && <NodeDetails node={node} />}
    </Drawer>
  );
}

function NodeDetails({ node }: { readonly node: NodeView }) {
  const labels = useLabels();
  return (
    <div className={classes['details']}>
      <div className={classes['status']}>
        <StatusLabel shape={node.status} label={labels.t(`status.${node.status}`)} />
        {node.simulated && <SimulatedBadge />}
        <span>
          {labels.code('status_reason', node.reason_code)} <Code>{node.reason_code}</Code>
        </span>
      </div>
      {node.drain !== null && <DrainLines drain={node.drain} />}
      {node.quarantine != null && <QuarantineLines quarantine={node.quarantine} />}
      <NodeActions node={node} />
      <HealthSection health={node.health} />
      {node.failing_models !== undefined && node.failing_models.length > 0 && <FailingModelsSection models={node.failing_models} />}
      <FactsSection node={node} />
      <ModelsSection node={node} />
      <MissedJobsSection missedJobs={node.missed_jobs} />
    </div>
  );
}

function FactsSection({ node }: { readonly node: NodeView }) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <section>
      <h3>{t('nodes.details')}</h3>
      <Facts
        facts={[
          [t('settings.node_id'), <code key="id">{node.node_id}</code>],
          [t('nodes.since'), <ClockTime key="since" wallMs={node.since} />],
          [t('nodes.heartbeat'), node.last_heartbeat_at === null ? t('nodes.never') : <Ago key="beat" wallMs={node.last_heartbeat_at} />],
          [t('nodes.gpus'), gpuSummary(node, labels)],
          [t('nodes.use'), useText(node, labels)],
          [
            t('nodes.jobs'),
            `${String(node.in_flight_jobs)}/${String(node.max_concurrent_jobs)}${t('punctuation.comma')}${t(node.accept_public_jobs ? 'nodes.public_yes' : 'nodes.public_no')}`,
          ],
          [t('nodes.version'), `Muster ${node.version}${t('punctuation.comma')}${t(`settings.platform_${node.platform}`)}`],
        ]}
      />
    </section>
  );
}

function useText({ resource_usage: usage }: NodeView, { t, format }: Labels): string {
  const unknown = t('unknown.not_reported');
  const percent = (value: number | null | undefined): string => (value === null || value === undefined ? unknown : format.percent(value));
  if (usage === null) return unknown;
  return [
    t('nodes.cpu', { value: percent(usage.cpu_percent) }),
    t('nodes.memory', { value: percent(usage.mem_percent) }),
    t('nodes.gpu', { value: percent(usage.gpu_percent) }),
  ].join(' · ');
}

function ModelsSection({ node }: { readonly node: NodeView }) {
  const labels = useLabels();
  const { t } = labels;
  const models = modelTexts(node, labels);
  return (
    <section>
      <h3>{t('nodes.model_list')}</h3>
      {models.length === 0 && <p>{t('nodes.no_models')}</p>}
      <ul className={classes['list']}>
        {models.map(({ modelId, text }) => (
          <li key={modelId}>
            <span>{modelId}</span>
            <Dim as="span">{text}</Dim>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Missing models first. */
function modelTexts(node: NodeView, labels: Labels): readonly { readonly modelId: string; readonly text: string }[] {
  const { t } = labels;
  const missing = missingModels(node).map(([modelId, state]) => ({ modelId, text: labels.code('node_model_state', state) }));
  const installed = node.installed_models.map(({ model_id: modelId, enabled, tasks, tokens_per_second: speed }) => {
    const state = node.capability_state === null ? 'ready' : (node.capability_state[modelId] ?? 'unknown');
    const parts = enabled ? [labels.code('node_model_state', state)] : [t('nodes.disabled')];
    if (tasks?.length === 0) parts.push(t('nodes.no_tasks'));
    if (speed != null) parts.push(speedText(speed, labels));
    return { modelId, text: parts.join(t('punctuation.comma')) };
  });
  return [...missing, ...installed];
}

function MissedJobsSection({ missedJobs: { reasons, window_seconds: windowSeconds } }: { readonly missedJobs: NodeView['missed_jobs'] }) {
  const { t, format } = useLabels();
  return (
    <section>
      <h3>{t('nodes.missed_jobs')}</h3>
      {reasons.length === 0 ? (
        <p>{t('nodes.missed_jobs_none', { window: format.duration(windowSeconds * 1000) })}</p>
      ) : (
        <ul className={classes['list']}>
          {reasons.map((reason) => (
            <li key={reason.code}>
              <MissedJobsText reason={reason} />
              <b>{t('dispatch.times', { count: reason.count })}</b>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function DrainLines({ drain }: { readonly drain: NonNullable<NodeView['drain']> }) {
  const { t, format, gap } = useLabels();
  const now = useNow();
  return (
    <div className={classes['drain']}>
      <p>
        <Rich k={`nodes.drain_by.${drain.by}`} values={{ age: <Ago wallMs={drain.requested_at} /> }} />
        {gap}
        {drain.deadline_at === null ? t('nodes.no_deadline') : t('nodes.deadline', { left: format.duration(drain.deadline_at - now) })}
      </p>
      {drain.reason !== null && <p>{t('nodes.drain_note', { reason: drain.reason })}</p>}
    </div>
  );
}
