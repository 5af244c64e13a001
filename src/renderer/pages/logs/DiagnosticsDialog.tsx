// The diagnostics: their files with the content, before the user saves exactly these.
import { Button, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import type { DiagnosticsFile, DiagnosticsPreview } from '../../../shared/api/logs';
import type { SavedFile } from '../../../shared/api/saved-file';
import { ChoiceButton } from '../../components/ChoiceButton';
import { Dim } from '../../components/Dim';
import { downloadBase64 } from '../../components/download';
import { ErrorNote } from '../../components/ErrorNote';
import { TextBlock } from '../../components/TextBlock';
import { useToasts } from '../../components/toasts/use-toasts';
import { useLabels } from '../../i18n/use-labels';
import { useAnswer } from '../../queries/use-answer';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import classes from './DiagnosticsDialog.module.css';

export function DiagnosticsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLabels();
  const { value: preview, error, refetch } = useAnswer('diagnostics.preview', {}, { isPrivate: true, isFinal: () => true });
  return (
    <Modal
      opened
      onClose={onClose}
      size="min(960px, 94vw)"
      title={t('diagnostics.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="md">
        <div>
          <p>{t('diagnostics.text')}</p>
          <Dim as="p">{t('diagnostics.left_out')}</Dim>
        </div>
        <ErrorNote error={error} />
        {preview === null && error === null && <p role="status">{t('diagnostics.collecting')}</p>}
        {preview !== null && <Report preview={preview} onClose={onClose} onExpired={refetch} />}
      </Stack>
    </Modal>
  );
}

interface ReportProps {
  readonly preview: DiagnosticsPreview;
  readonly onClose: () => void;
  readonly onExpired: () => void;
}

function Report({ preview: { id, files }, onClose, onExpired }: ReportProps) {
  const { t, format } = useLabels();
  const { show } = useToasts();
  const isDesktop = useApp(({ app }) => app.mode === 'desktop');
  const [chosen, setChosen] = useState('');
  const save = useOperation('diagnostics.save');
  const file = files.find(({ name }) => name === chosen) ?? files[0];
  const onSaved = (saved: SavedFile): void => {
    if (saved.state === 'cancelled') return;
    if (saved.state === 'download') downloadBase64(saved.name, 'application/zip', saved.base64);
    show({ text: saved.state === 'saved' ? t('diagnostics.saved', { path: saved.path }) : t('diagnostics.downloaded') });
    onClose();
  };
  const start = async (): Promise<void> => {
    const outcome = await save.run({ id });
    if (outcome.ok) onSaved(outcome.value);
    else if (outcome.error.code === 'NOT_FOUND') onExpired();
  };
  const isExpired = save.error?.code === 'NOT_FOUND';
  return (
    <>
      <div className={classes['columns']}>
        <ul className={classes['files']} aria-label={t('diagnostics.files')}>
          {files.map(({ name, bytes }) => (
            <li key={name}>
              <ChoiceButton isChosen={name === file?.name} aside={format.bytes(bytes)} onClick={() => setChosen(name)}>
                {name}
              </ChoiceButton>
            </li>
          ))}
        </ul>
        {file !== undefined && <Content file={file} />}
      </div>
      {isExpired ? <p role="alert">{t('diagnostics.expired')}</p> : <ErrorNote error={save.error} />}
      <div className={classes['foot']}>
        <Dim as="span">
          {t('diagnostics.total', {
            files: format.number(files.length),
            size: format.bytes(files.reduce((sum, { bytes }) => sum + bytes, 0)),
          })}
        </Dim>
        <div className={classes['buttons']}>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button onClick={() => void start()} loading={save.pending}>
            {t(isDesktop ? 'diagnostics.save' : 'diagnostics.download')}
          </Button>
        </div>
      </div>
    </>
  );
}

/** A browser lays out this much text at once without a pause. */
const MOST_SHOWN = 100_000;

function Content({ file: { name, bytes, content } }: { readonly file: DiagnosticsFile }) {
  const { t, format } = useLabels();
  const isCut = content.length > MOST_SHOWN;
  return (
    <div className={classes['content']}>
      <TextBlock label={name} text={isCut ? content.slice(-MOST_SHOWN) : content} isCode />
      {isCut && <Dim as="span">{t('diagnostics.lines_shown', { size: format.bytes(bytes) })}</Dim>}
    </div>
  );
}
