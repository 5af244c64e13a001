// Content of a job, as text that is never anything else; sound is played from its bytes, and a browser may save them.
import { Button, CopyButton, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { AppJobContent } from '../../../shared/api/app-job';
import { useWords } from '../../i18n/use-words';
import { useApp } from '../../store/Screen';
import { bytesOf, fileNameOf, isSound } from './content-bytes';
import { playSound } from './play-sound';
import classes from './ResultContent.module.css';

export function ResultContent({
  jobId,
  content: { content, program_output },
}: {
  readonly jobId: string;
  readonly content: AppJobContent;
}) {
  const { t, format } = useWords();
  return (
    <>
      {content.kind === 'text' && (
        <>
          <TextBox label={t('jobs.result')} text={content.text} isCode={/^[[{]/.test(content.text)} />
          {content.text.length < content.characters && (
            <p className={classes['dim']}>
              {t('jobs.cut', { shown: format.number(content.text.length), all: format.number(content.characters) })}
            </p>
          )}
        </>
      )}
      {content.kind === 'binary' && <Bytes jobId={jobId} type={content.content_type} base64={content.base64} />}
      {program_output !== null && <TextBox label={t('jobs.show_words')} text={program_output} isCode />}
    </>
  );
}

function TextBox({ label, text, isCode }: { readonly label: string; readonly text: string; readonly isCode: boolean }) {
  const { t } = useWords();
  return (
    <div className={classes['box']}>
      <pre className={classes['text']} data-code={isCode ? '' : undefined} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <CopyButton value={text} timeout={2000}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy}>
            {t(copied ? 'action.copied' : 'action.copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

function Bytes({ jobId, type, base64 }: { readonly jobId: string; readonly type: string; readonly base64: string }) {
  const { t } = useWords();
  // The desktop window downloads nothing, whatever asks it to (security.md).
  const canSave = useApp((app) => app.app.mode === 'headless');
  const bytes = bytesOf(base64);
  if (bytes === null) return <p>{t('jobs.no_result')}</p>;
  const save = (): void => {
    // Of no type: whatever it is, it is saved and never shown as a page.
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = fileNameOf(jobId, type);
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Group gap="xs">
      {isSound(type) && <PlayButton bytes={bytes} />}
      {canSave && (
        <Button variant="default" onClick={save}>
          {t('jobs.download')}
        </Button>
      )}
    </Group>
  );
}

function PlayButton({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }) {
  const { t } = useWords();
  const [stop, setStop] = useState<(() => void) | null>(null);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => () => stop?.(), [stop]);
  const play = async (): Promise<void> => {
    const playing = await playSound(bytes, () => setStop(null));
    setHasFailed(playing === null);
    setStop(() => playing);
  };
  return (
    <>
      <Button variant="default" onClick={() => (stop === null ? void play() : setStop(null))}>
        {t(stop === null ? 'jobs.play' : 'jobs.stop')}
      </Button>
      {hasFailed && <span role="status">{t('jobs.cannot_play')}</span>}
    </>
  );
}
