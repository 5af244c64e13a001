// One node in full: status and reason, health, drain, use, models, why jobs passed it over; and the acts of an operator.
import { Drawer } from '@mantine/core';
import type { NodeView } from '../../../shared/api/node-view';
import { useNow } from '../../clock/Clock';
import { Ago, ClockTime } from '../../components/Ago';
import { Code } from '../../components/Code';
import { Facts } from '../../components/Facts';
import { MissedJobsText } from '../../components/MissedJobsText';
import { Rich } from '../../components/Rich';
import { SimulatedBadge } from '../../components/SimulatedBadge';
import { StatusWord } from '../../components/StatusWord';
import { useWords } from '../../i18n/use-words';
import { speedText } from '../../words/speed-text';
import { HealthSection } from './HealthSection';
import { NodeActs } from './NodeActs';
import { gpuSummary, modelsOnTheWay } from './node-figures';
import classes from './NodeDrawer.module.css';

export function NodeDrawer({ node }: { readonly node: NodeView | null }) {
  const { t } = useWords();
  return (
    <Drawer
      opened={node !== null}
      onClose={() => (window.location.hash = '#/nodes')}
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
  const words = useWords();
  const { t, format } = words;
  const { missed_jobs, resource_usage: usage } = node;
  const unknown = t('unknown.not_reported');
  const percent = (value: number | null | undefined): string => (value === null || value === undefined ? unknown : format.percent(value));
  return (
    <div className={classes['details']}>
      <div className={classes['status']}>
        <StatusWord shape={node.status} word={t(`status.${node.status}`)} />
        {node.simulated && <SimulatedBadge />}
        <span>
          {words.code('status_reason', node.reason_code)} <Code>{node.reason_code}</Code>
        </span>
      </div>
      {node.drain !== null && <DrainLines drain={node.drain} />}
      <NodeActs node={node} />
      <HealthSection health={node.health} />
      <section>
        <h3>{t('nodes.details_of', { name: node.name })}</h3>
        <Facts
          facts={[
            [t('settings.node_id'), <code key="id">{node.node_id}</code>],
            [t('nodes.since'), <ClockTime key="since" timeMs={node.since} />],
            [t('nodes.heartbeat'), node.last_heartbeat_at === null ? t('nodes.never') : <Ago key="beat" timeMs={node.last_heartbeat_at} />],
            [t('nodes.gpus'), gpuSummary(node, words)],
            [
              t('nodes.use'),
              usage === null
                ? unknown
                : [
                    t('nodes.cpu', { value: percent(usage.cpu_percent) }),
                    t('nodes.memory', { value: percent(usage.mem_percent) }),
                    t('nodes.gpu', { value: percent(usage.gpu_percent) }),
                  ].join(' · '),
            ],
            [
              t('nodes.jobs'),
              `${String(node.in_flight_jobs)}/${String(node.max_concurrent_jobs)}${t('punctuation.comma')}${t(node.accept_public_jobs ? 'nodes.public_yes' : 'nodes.public_no')}`,
            ],
            [t('nodes.version'), `Muster ${node.version}${t('punctuation.comma')}${t(`settings.platform_${node.platform}`)}`],
          ]}
        />
      </section>
      <section>
        <h3>{t('nodes.model_list')}</h3>
        {node.installed_models.length + modelsOnTheWay(node).length === 0 && <p>{t('nodes.no_models')}</p>}
        <ul className={classes['list']}>
          {modelsOnTheWay(node).map(([modelId, state]) => (
            <li key={modelId}>
              <span>{modelId}</span>
              <span className={classes['dim']}>{words.code('node_model_state', state)}</span>
            </li>
          ))}
          {node.installed_models.map(({ model_id, enabled, tasks, tokens_per_second: speed }) => {
            const state = node.capability_state === null ? 'ready' : (node.capability_state[model_id] ?? 'unknown');
            const said = enabled ? [words.code('node_model_state', state)] : [t('nodes.disabled')];
            if (tasks?.length === 0) said.push(t('nodes.takes_nothing'));
            if (speed != null) said.push(speedText(speed, words));
            return (
              <li key={model_id}>
                <span>{model_id}</span>
                <span className={classes['dim']}>{said.join(t('punctuation.comma'))}</span>
              </li>
            );
          })}
        </ul>
      </section>
      <section>
        <h3>{t('nodes.missed_jobs')}</h3>
        {missed_jobs.reasons.length === 0 ? (
          <p>{t('nodes.missed_jobs_none', { window: format.duration(missed_jobs.window_seconds * 1000) })}</p>
        ) : (
          <ul className={classes['list']}>
            {missed_jobs.reasons.map((reason) => (
              <li key={reason.code}>
                <MissedJobsText reason={reason} />
                <b>{t('dispatch.times', { count: reason.count })}</b>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function DrainLines({ drain }: { readonly drain: NonNullable<NodeView['drain']> }) {
  const { t, format, gap } = useWords();
  const now = useNow();
  return (
    <div className={classes['drain']}>
      <p>
        <Rich k={`nodes.drain_by.${drain.by}`} values={{ age: <Ago timeMs={drain.requested_at} /> }} />
        {gap}
        {drain.deadline_at === null ? t('nodes.no_deadline') : t('nodes.deadline', { left: format.duration(drain.deadline_at - now) })}
      </p>
      {drain.reason !== null && <p>{t('nodes.drain_note', { reason: drain.reason })}</p>}
    </div>
  );
}
