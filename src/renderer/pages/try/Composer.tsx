// The field for the next message: text, pictures, a sound, the model, and Send or Stop. Enter sends, Shift+Enter begins a new line, Escape
// stops.
import { ActionIcon, Button, Textarea } from '@mantine/core';
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react';
import { KeyCaps } from '../../components/shortcuts/KeyCaps';
import { useIsPhone } from '../../components/use-is-phone';
import { useLabels } from '../../i18n/use-labels';
import { ACCEPTED_PICTURES, ACCEPTED_SOUNDS, type Picture } from './chat';
import { Icon } from '../../components/Icon';
import { ModelPicker } from './ModelPicker';
import { NoNodeNow } from './NoNodeNow';
import type { UsableModel, Use } from '../../queries/usable-models';
import { RecordButton } from './RecordButton';
import classes from './Composer.module.css';

export interface ComposerProps {
  readonly models: readonly UsableModel[];
  readonly model: UsableModel;
  readonly onModel: (key: string) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly pictures: readonly Picture[];
  readonly onRemovePicture: (picture: Picture) => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onSound: (wav: Uint8Array<ArrayBuffer>) => void;
  readonly isBusy: boolean;
  /** Nothing can be sent now. The text stays. */
  readonly isPoolLost: boolean;
  readonly onSend: () => void;
  readonly onStop: () => void;
  /** What keeps a message from being sent, or happens beside it. */
  readonly note: string | null;
}

/** Where a browser does not size the field by its content. */
const MAX_ROWS = 8;

const takesFiles: readonly Use[] = ['chat', 'transcribe'];

export function Composer(props: ComposerProps) {
  const { t } = useLabels();
  const isPhone = useIsPhone();
  const { models, model, text, pictures, isBusy, isPoolLost, note } = props;
  const [recordNote, setRecordNote] = useState<string | null>(null);
  const canSend = !isPoolLost && (text.trim() !== '' || pictures.length > 0);
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter chooses a word of an input method.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (canSend && !isBusy) props.onSend();
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    props.onFiles(pasted);
  };
  return (
    <div className={classes['composer']}>
      {pictures.length > 0 && <Pictures pictures={pictures} onRemove={props.onRemovePicture} />}
      <Textarea
        variant="unstyled"
        classNames={{ input: classes['field'] ?? '' }}
        rows={Math.min(MAX_ROWS, text.split('\n').length)}
        aria-label={t('try_it.message')}
        placeholder={t(`try_it.${isPhone ? 'placeholder_phone' : 'placeholder'}.${model.use}`)}
        value={text}
        onChange={(event) => props.onText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        disabled={model.use === 'transcribe'}
        data-autofocus
      />
      {(note ?? recordNote) !== null && (
        <p className={classes['note']} role="status">
          {note ?? recordNote}
        </p>
      )}
      <div className={classes['row']}>
        <ModelPicker models={models} model={model} onChange={props.onModel} />
        {takesFiles.includes(model.use) && (
          <FileButtons use={model.use} onFiles={props.onFiles} onSound={props.onSound} onNote={setRecordNote} />
        )}
        <span className={classes['end']}>
          {isBusy ? (
            <Button
              size="compact-md"
              variant="default"
              leftSection={<Icon name="stop" />}
              rightSection={<KeyCaps keys="Escape" />}
              onClick={props.onStop}
            >
              {t('try_it.stop')}
            </Button>
          ) : (
            <Button size="compact-md" leftSection={<Icon name="send" />} disabled={!canSend} onClick={props.onSend}>
              {t(model.use === 'speak' ? 'try_it.speak_it' : 'try_it.send')}
            </Button>
          )}
        </span>
      </div>
      {isPoolLost && (
        <p className={classes['note']} role="status">
          {t('pool_lost_wait')}
        </p>
      )}
      {!isBusy && !isPoolLost && <NoNodeNow model={model.model.model_id} />}
    </div>
  );
}

interface FileButtonsProps extends Pick<ComposerProps, 'onFiles' | 'onSound'> {
  readonly use: Use;
  readonly onNote: (note: string | null) => void;
}

function FileButtons({ use, onFiles, onSound, onNote }: FileButtonsProps) {
  const { t } = useLabels();
  const files = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept={use === 'chat' ? `${ACCEPTED_PICTURES},${ACCEPTED_SOUNDS}` : ACCEPTED_SOUNDS}
        aria-label={t('try_it.attach')}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('try_it.attach')}
        title={t('try_it.attach')}
        onClick={() => files.current?.click()}
      >
        <Icon name="clip" />
      </ActionIcon>
      <RecordButton onRecorded={onSound} onNote={onNote} />
    </>
  );
}

function Pictures({ pictures, onRemove }: { readonly pictures: readonly Picture[]; readonly onRemove: (picture: Picture) => void }) {
  const { t } = useLabels();
  return (
    <ul className={classes['pictures']}>
      {pictures.map((picture) => (
        <li key={picture.dataUrl.slice(-64)}>
          <img src={picture.dataUrl} alt={picture.name} />
          <ActionIcon
            size="sm"
            variant="default"
            aria-label={t('try_it.remove_file', { name: picture.name })}
            onClick={() => onRemove(picture)}
          >
            <Icon name="close" />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
