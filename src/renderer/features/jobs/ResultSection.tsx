// What came of a job: what it is and how large, and its content when it is asked for, since it is the sender's.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { AppJob, AppJobContent, ContentFacts } from '../../../shared/api/app-job';
import { ErrorNote } from '../../components/ErrorNote';
import { useWords, type Words } from '../../i18n/use-words';
import { useOperation } from '../../store/use-operation';
import { ResultContent } from './ResultContent';
import classes from './ResultSection.module.css';

export function ResultSection({ job }: { readonly job: AppJob }) {
  const words = useWords();
  const { t } = words;
  const { result } = job;
  const [content, setContent] = useState<AppJobContent | null>(null);
  const ask = useOperation('pool.job_content');
  const kind = result?.content.kind ?? 'none';
  const canShow = kind === 'text' || kind === 'binary' || job.has_program_output;
  const show = async (): Promise<void> => {
    const outcome = await ask.run({ job_id: job.job_id });
    if (outcome.ok) setContent(outcome.value);
  };
  const isRefusal = result?.http_status != null && result.http_status >= 400;
  return (
    <section className={classes['result']}>
      <h3>{t(result === null ? 'jobs.show_words' : 'jobs.result')}</h3>
      {isRefusal && <p className={classes['refused']}>{t('jobs.refused', { status: result.http_status })}</p>}
      {result !== null && <p>{factsWords(words, result.content)}</p>}
      {canShow && content === null && (
        <>
          <Group gap="xs">
            <Button variant="default" loading={ask.pending} onClick={() => void show()}>
              {t(kind === 'none' ? 'jobs.show_words' : 'jobs.show')}
            </Button>
          </Group>
          <p className={classes['dim']}>{t('jobs.private')}</p>
        </>
      )}
      <ErrorNote error={ask.error} />
      {content !== null && <ResultContent jobId={job.job_id} content={content} />}
    </section>
  );
}

function factsWords({ t, format }: Words, facts: ContentFacts): string {
  switch (facts.kind) {
    case 'text':
      return t('jobs.text', { characters: format.number(facts.characters) });
    case 'binary':
      return t('jobs.binary', { type: facts.content_type, size: format.bytes(facts.bytes) });
    case 'streamed':
      return t('jobs.streamed');
    case 'none':
      return t('jobs.no_result');
  }
}
