// The jobs that run on the node now.
import type { NodeView } from '../../../shared/api/node-view';
import { MAX_JOBS_SHOWN } from '../../../shared/api/app-job';
import { slotsOf } from '../../../shared/api/availability';
import { useClockPart } from '../../clock/Clock';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { shortId, taskLabel } from '../../labels/job-labels';
import { useJobs } from '../../queries/jobs';
import { hrefOf } from '../../routes';
import classes from './NodeDrawer.module.css';

export function RunningSection({ node }: { readonly node: NodeView }) {
  const labels = useLabels();
  const { t, format } = labels;
  const { value } = useJobs({ status: ['running'], node_id: node.node_id, limit: MAX_JOBS_SHOWN });
  const jobs = (value?.jobs ?? []).filter(({ node_id: nodeId }) => nodeId === node.node_id);
  const { used, total } = slotsOf(node);
  const facts = [
    t('availability_reason.slots', { used: format.number(used), total: format.number(total) }),
    ...(node.tokens_per_second === undefined ? [] : [t('nodes.facts.tokens', { rate: format.number(node.tokens_per_second) })]),
  ];
  // What runs on a node without a connection is not known.
  if (!node.online && jobs.length === 0) return null;
  const speedOf = (rate: number | null): string =>
    rate === null ? t('unknown.none') : t('job_row.tokens_per_second', { rate: format.number(rate) });
  return (
    <section>
      <h3>
        {t('nodes.running')} <Dim as="span">{facts.join(' · ')}</Dim>
      </h3>
      {jobs.length > 0 && (
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">{t('nodes.job')}</th>
              <th scope="col">{t('nodes.model')}</th>
              <th scope="col">{t('nodes.from')}</th>
              <th scope="col" data-align="number">
                {t('nodes.speed')}
              </th>
              <th scope="col" data-align="number">
                {t('nodes.runs_for')}
              </th>
            </tr>
          </thead>
          <tbody>
            {jobs.map(({ job_id: id, task, submitter, progress, started_at: startedAt }) => (
              <tr key={id}>
                <td>
                  <a href={hrefOf({ page: 'jobs', id })}>{shortId(id)}</a>
                </td>
                <td>
                  {task.model} <Dim as="span">{taskLabel(labels, task)}</Dim>
                </td>
                <td>{submitter?.name ?? t('unknown.none')}</td>
                <td data-align="number">{speedOf(progress?.tokens_per_second ?? null)}</td>
                <td data-align="number">{startedAt === null ? '–' : <RunsFor sinceWallMs={startedAt} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function RunsFor({ sinceWallMs }: { readonly sinceWallMs: number }) {
  const { format } = useLabels();
  return useClockPart((nowWallMs) => format.duration(nowWallMs - sinceWallMs));
}
