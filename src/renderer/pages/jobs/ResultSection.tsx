// The result of a job: its type and size, and its content on request, because the content belongs to the submitter.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { AppJob, ContentFacts } from '../../../shared/api/app-job';
import type { JobTimingsMessage } from '../../../shared/protocol/job-timings';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { useJobContent } from '../../queries/jobs';
import { ResultContent } from './ResultContent';
import classes from './ResultSection.module.css';

export function ResultSection({ job }: { readonly job: AppJob }) {
  const labels = useLabels();
  const { t } = labels;
  const { result } = job;
  const [isRequested, setIsRequested] = useState(false);
  const { value: content, error, isFetching, refetch } = useJobContent(job.job_id, isRequested);
  const kind = result?.content.kind ?? 'none';
  const canShow = kind === 'text' || kind === 'binary' || job.has_program_output;
  const isRefusal = result?.http_status != null && result.http_status >= 400;
  return (
    <section className={classes['result']}>
      <h3>{t(result === null ? 'jobs.show_output' : 'jobs.result')}</h3>
      {isRefusal && <p className={classes['refused']}>{t('jobs.refused', { status: result.http_status })}</p>}
      {result !== null && <p>{factsText(labels, result.content)}</p>}
      {result?.timings !== undefined && <Dim as="p">{timingsText(labels, result.timings)}</Dim>}
      {canShow && content === null && (
        <>
          <Group gap="xs">
            <Button variant="default" loading={isFetching} onClick={() => (isRequested ? refetch() : setIsRequested(true))}>
              {t(kind === 'none' ? 'jobs.show_output' : 'jobs.show')}
            </Button>
          </Group>
          <Dim as="p">{t('jobs.private')}</Dim>
        </>
      )}
      <ErrorNote error={error} />
      {content !== null && <ResultContent jobId={job.job_id} content={content} />}
    </section>
  );
}

/** The tokens of the prompt. The head has those of the answer. */
function timingsText({ t, format }: Labels, timings: JobTimingsMessage): string {
  const { prompt_tokens: prompt, cached_tokens: cached } = timings;
  const parts = [
    prompt == null ? null : t('job_timings.prompt', { tokens: format.number(prompt) }),
    cached == null || cached === 0 ? null : t('job_timings.cached', { tokens: format.number(cached) }),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function factsText({ t, format }: Labels, facts: ContentFacts): string {
  switch (facts.kind) {
    case 'text':
      return t('jobs.text', { characters: format.number(facts.characters) });
    case 'binary':
      return t('jobs.binary', { type: facts.content_type, size: format.bytes(facts.bytes) });
    case 'not_stored':
      return t('jobs.not_stored');
    case 'none':
      return t('jobs.no_result');
  }
}
