// One node in full: availability with its reasons, health, drain, load with limits, models, missed jobs; and the actions of an operator.
import { ActionIcon } from '@mantine/core';
import { availabilityFacts, availabilityOf } from '../../../shared/api/availability';
import type { NodeView } from '../../../shared/api/node-view';
import { isDamage } from '../../../shared/api/own-damage';
import { may } from '../../../shared/api/pool-access';
import { AvailabilityReason, checksOf } from '../../components/Availability';
import colours from '../../components/ShapeColour.module.css';
import { StatusShape } from '../../components/StatusShape';
import { Ago, ClockTime } from '../../components/Time';
import { CodeDetails } from '../../components/CodeDetails';
import { Dim } from '../../components/Dim';
import { FailingModels } from '../../components/FailingModels';
import { PauseLines } from '../../components/PauseLines';
import { DrainLines } from '../../components/DrainLines';
import { Drawer } from '../../components/Drawer/Drawer';
import { Facts } from '../../components/Facts';
import { ExclusionHelp, ExclusionText, hasFigures } from '../../components/Exclusion';
import { Icon } from '../../components/Icon';
import { MissedJobsList } from '../../components/MissedJobsList';
import { Rich } from '../../components/Rich';
import { LoadList } from '../../components/Load/LoadList';
import { nodeLoadRows } from '../../components/Load/load-rows';
import { Badge, OwnBadge, SimulatedBadge } from '../../components/Badge';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { EXPLAIN_ID, hrefOf } from '../../routes';
import { goTo, useRoute } from '../../store/use-route';
import { RightNote, useMay } from '../../components/RightNote';
import { HistorySection } from './HistorySection';
import { RunningSection } from './RunningSection';
import { HealthSection } from './HealthSection';
import { NodeActions } from './NodeActions';
import { ModelsSection } from './ModelsSection';
import { requiredModelsOf } from '../../labels/failed-check';
import { gpuSummary } from '../../labels/gpu-names';
import { missedJobsCount } from '../../labels/missed-jobs-count';
import { jobsText } from './node-figures';
import classes from './NodeDrawer.module.css';

export interface NodeDrawerProps {
  readonly node: NodeView;
  /** The ids of the rows above and below in the list; null: there is none. */
  readonly before: string | null;
  readonly after: string | null;
}

export function NodeDrawer({ node, before, after }: NodeDrawerProps) {
  const route = useRoute();
  const { t } = useLabels();
  const step = (id: string | null, label: string, icon: 'up' | 'down') => (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={label}
      disabled={id === null}
      onClick={() => goTo({ ...route, page: 'nodes', id }, { replace: true })}
    >
      <Icon name={icon} />
    </ActionIcon>
  );
  return (
    <Drawer
      subject={node.node_id}
      title={node.name}
      marks={<Marks node={node} />}
      actions={
        <>
          {step(before, t('nodes.previous'), 'up')}
          {step(after, t('nodes.next'), 'down')}
        </>
      }
      onClose={() => goTo({ ...route, page: 'nodes', id: null })}
    >
      <NodeDetails key={node.node_id} node={node} />
    </Drawer>
  );
}

function Marks({ node: { node_id: id, simulated, tags = [] } }: { readonly node: NodeView }) {
  const isOwn = useApp(({ agent }) => agent?.node_id === id);
  return (
    <span className={classes['tags']}>
      {isOwn && <OwnBadge />}
      {simulated && <SimulatedBadge />}
      {tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
    </span>
  );
}

function NodeDetails({ node }: { readonly node: NodeView }) {
  const { t } = useLabels();
  const mayOperate = useMay('operate');
  const mayExplain = useMay('explain');
  const isOwn = useApp(({ agent }) => agent?.node_id === node.node_id);
  /** Members get the nodes of others in part. */
  const isWhole = useMay('view') || isOwn;
  const missed = <MissedJobsSection missedJobs={node.missed_jobs} isOwn={isOwn} />;
  const load = isWhole ? <LoadSection node={node} /> : <RightNote k="limited" />;
  /** Its load is the reason of the state. */
  const isBusy = isWhole && availabilityOf(node).state === 'busy';
  // A failed check is the reason of the state, so it stands beside it.
  const hasFailed = node.health.failed_checks.length > 0;
  const isSaid = availabilityFacts(node).kind === 'failed_check' && node.health.failed_checks.length === 1;
  const explain = mayExplain && (
    <a className={classes['explain']} href={hrefOf({ page: 'jobs', id: EXPLAIN_ID, filters: [{ key: 'node', value: node.node_id }] })}>
      {t('nodes.explain')}
    </a>
  );
  return (
    <div className={classes['details']}>
      <Status node={node} />
      <WakeNote node={node} />
      {node.name_conflict != null && <p>{t(`nodes.name_${node.name_conflict}`)}</p>}
      {node.pause != null && <PauseLines pause={node.pause} />}
      {node.drain !== null && availabilityFacts(node).kind !== 'drained' && <DrainLines drain={node.drain} />}
      {node.quarantine != null && <p>{t('nodes.quarantined_until')}</p>}
      {hasFailed && <HealthSection health={node.health} isSaid={isSaid} />}
      {availabilityOf(node).state === 'degraded' && <p>{t('hero.degraded.next')}</p>}
      <RequiredModels node={node} />
      {mayOperate ? <NodeActions node={node}>{explain}</NodeActions> : <RightNote k="operate" />}
      {!mayOperate && explain}
      <ReasonsSection node={node} />
      {isBusy && load}
      {node.failing_models !== undefined && node.failing_models.length > 0 && <FailingModels models={node.failing_models} />}
      {isWhole && node.missed_jobs.total > 0 && missed}
      <HistorySection node={node} hasLoad={isWhole} />
      {isWhole && <RunningSection node={node} />}
      <ModelsSection node={node} />
      {isWhole && node.missed_jobs.total === 0 && missed}
      {!isBusy && load}
      {!hasFailed && <HealthSection health={node.health} />}
      <FactsSection node={node} />
    </div>
  );
}

/** What helps a node that lacks a model which the pool requires: on the node, or in the settings of the pool. */
function RequiredModels({ node: { name, online, health, model_reasons: reasons = {} } }: { readonly node: NodeView }) {
  const { t, gap } = useLabels();
  const mayChange = useApp(({ pool }) => pool?.access === 'host' && may(pool, 'manage'));
  const required = health.failed_checks.flatMap(requiredModelsOf);
  if (!online || required.length === 0) return null;
  const is = (reason: (code: string) => boolean): boolean => required.every((id) => reason(reasons[id] ?? ''));
  const step = is((code) => code === 'runtime_not_running') ? 'start_server' : is(isDamage) ? 'replace_damaged' : 'mend_models';
  return (
    <p>
      {t(`nodes.${step}`, { name, models: required.join(t('punctuation.list')) })}
      {gap}
      {mayChange && <a href={hrefOf({ page: 'settings', search: 'scheduler.required_models' })}>{t('nodes.change_required')}</a>}
    </p>
  );
}

/** The answer to the first question: the state, its reason, and on which GPUs. */
function Status({ node }: { readonly node: NodeView }) {
  const labels = useLabels();
  const { state, since } = availabilityOf(node);
  return (
    <div className={classes['status']}>
      <StatusShape shape={state} size={28} progress={checksOf(node)} />
      <div>
        <b className={colours['colour']} data-shape={state}>
          {labels.t(`availability.${state}`)}
        </b>
        <p>
          <span>
            <AvailabilityReason node={node} />
          </span>
          <Dim as="span">
            <Rich k="nodes.since_time" values={{ since: <ClockTime wallMs={since} /> }} />
          </Dim>
        </p>
      </div>
      <Dim as="span">{gpuSummary(node, labels)}</Dim>
    </div>
  );
}

/** Whether jobs can wake a sleeping node. While one does, the reason of the state says so. */
function WakeNote({ node }: { readonly node: NodeView }) {
  const { t, format } = useLabels();
  const { wake } = node;
  if (availabilityOf(node).state !== 'asleep' || wake === undefined || (wake !== null && wake.waking_since !== null)) return null;
  if (wake === null) return <p>{t('wake.not_allowed')}</p>;
  const seconds = wake.ready_after_seconds;
  return <p>{seconds === null ? t('wake.allowed') : t('wake.allowed_about', { time: format.duration(seconds * 1000) })}</p>;
}

/** These reasons have their own details in the drawer. */
const SHOWN_ELSEWHERE: readonly string[] = ['status_not_ready', 'quarantined'];

/** Every filter that keeps all jobs from the node, with help. */
function ReasonsSection({ node }: { readonly node: NodeView }) {
  const labels = useLabels();
  const { t } = labels;
  const reasons = availabilityOf(node).reasons.filter(({ code }) => !SHOWN_ELSEWHERE.includes(code));
  if (reasons.length === 0) return null;
  return (
    <section>
      <h3>{t(availabilityOf(node).state === 'full' ? 'nodes.reasons_full' : 'nodes.reasons')}</h3>
      <ul className={classes['reasons']}>
        {reasons.map((reason) => (
          <li key={reason.filter}>
            <b>{labels.code('exclusion', reason.code)}</b>
            {hasFigures(labels, reason) && (
              <>
                {t('punctuation.colon')}
                <ExclusionText exclusion={reason} />
              </>
            )}
            <ExclusionHelp code={reason.code} />
            <CodeDetails code={reason.code} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function LoadSection({ node }: { readonly node: NodeView }) {
  const { t } = useLabels();
  const rows = nodeLoadRows(node);
  return (
    <section className={classes['load']}>
      <h3>{t('load.node_title')}</h3>
      <LoadList rows={rows} perspective="node" />
      {rows.some(({ limit }) => limit?.percent != null) && <Dim as="p">{t('load.change_node')}</Dim>}
    </section>
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
          [
            t('nodes.last_change'),
            <div key="change">
              {labels.code('status_reason', node.reason_code)}
              {t('punctuation.comma')}
              <ClockTime wallMs={node.since} />
              <CodeDetails code={node.reason_code} />
            </div>,
          ],
          [
            t('nodes.heartbeat'),
            node.last_heartbeat_at === null ? node.online ? '–' : t('nodes.never') : <Ago key="beat" wallMs={node.last_heartbeat_at} />,
          ],
          [t('nodes.gpus'), gpuSummary(node, labels)],
          [
            t('nodes.jobs'),
            [jobsText(node) ?? t('unknown.none'), ...(node.accept_public_jobs ? [] : [t('nodes.private_only')])].join(
              t('punctuation.comma'),
            ),
          ],
          [t('nodes.version'), `Muster ${node.version}${t('punctuation.comma')}${t(`settings.platform_${node.platform}`)}`],
        ]}
      />
    </section>
  );
}

interface MissedJobsSectionProps {
  readonly missedJobs: NodeView['missed_jobs'];
  readonly isOwn: boolean;
}

function MissedJobsSection({ missedJobs, isOwn }: MissedJobsSectionProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const { reasons, total, window_seconds: windowSeconds } = missedJobs;
  const window = format.duration(windowSeconds * 1000);
  return (
    <section>
      <h3>
        {t('nodes.missed_jobs')} {total > 0 && <Dim as="span">{missedJobsCount(labels, missedJobs)}</Dim>}
      </h3>
      {reasons.length === 0 ? <p>{t('nodes.missed_jobs_none', { window })}</p> : <MissedJobsList reasons={reasons} isOwn={isOwn} />}
    </section>
  );
}
