// The content of a job. Text is shown as plain text only; audio can be played, and a browser can save the bytes.
import { Button, Group, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { AppJobContent } from '../../../shared/api/app-job';
import { CopyButton } from '../../components/CopyButton';
import { Dim } from '../../components/Dim';
import { TextBlock } from '../../components/TextBlock';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { bytesOf, fileNameOf, isAudio } from './content-bytes';
import { playAudio } from '../../components/play-audio';

export function ResultContent({
  jobId,
  content: { content, program_output },
}: {
  readonly jobId: string;
  readonly content: AppJobContent;
}) {
  const { t, format } = useLabels();
  return (
    <>
      {content.kind === 'text' && (
        <>
          <CopiedText label={t('jobs.result')} text={content.text} isCode={/^[[{]/.test(content.text)} />
          {content.text.length < content.characters && (
            <Dim as="p">{t('jobs.cut', { shown: format.number(content.text.length), all: format.number(content.characters) })}</Dim>
          )}
        </>
      )}
      {content.kind === 'binary' && <Bytes jobId={jobId} type={content.content_type} base64={content.base64} />}
      {program_output !== null && <CopiedText label={t('jobs.show_output')} text={program_output} isCode />}
    </>
  );
}

function CopiedText({ label, text, isCode }: { readonly label: string; readonly text: string; readonly isCode: boolean }) {
  return (
    <Stack gap="xs" align="flex-start">
      <TextBlock label={label} text={text} isCode={isCode} />
      <CopyButton value={text} size="compact-sm" />
    </Stack>
  );
}

function Bytes({ jobId, type, base64 }: { readonly jobId: string; readonly type: string; readonly base64: string }) {
  const { t } = useLabels();
  // The desktop window blocks every download (security.md).
  const canSave = useApp((app) => app.app.mode === 'headless');
  const bytes = bytesOf(base64);
  if (bytes === null) return <p>{t('jobs.no_result')}</p>;
  const save = (): void => {
    // A generic type: the browser saves the bytes and never shows them as a page.
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = fileNameOf(jobId, type);
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Group gap="xs">
      {isAudio(type) && <PlayButton bytes={bytes} />}
      {canSave && (
        <Button variant="default" onClick={save}>
          {t('jobs.download')}
        </Button>
      )}
    </Group>
  );
}

function PlayButton({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }) {
  const { t } = useLabels();
  const [stop, setStop] = useState<(() => void) | null>(null);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => () => stop?.(), [stop]);
  const play = async (): Promise<void> => {
    const playing = await playAudio(bytes, () => setStop(null));
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
