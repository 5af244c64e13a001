// Records the microphone, where the browser has one and permits it.
import { ActionIcon } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { Icon } from './Icon';
import { canRecord, type Recording, startRecording } from './sound';

export interface RecordButtonProps {
  readonly onRecorded: (wav: Uint8Array<ArrayBuffer>) => void;
  /** Null: nothing to say. */
  readonly onNote: (note: string | null) => void;
}

export function RecordButton({ onRecorded, onNote }: RecordButtonProps) {
  const { t } = useLabels();
  const [isRecording, setIsRecording] = useState(false);
  const recording = useRef<Recording | null>(null);
  useEffect(
    () => () => {
      void recording.current?.stop();
    },
    [],
  );
  if (!canRecord()) return null;
  const start = async (): Promise<void> => {
    try {
      recording.current = await startRecording();
      setIsRecording(true);
      onNote(t('try_it.recording'));
    } catch {
      onNote(t('try_it.no_microphone'));
    }
  };
  const stop = async (): Promise<void> => {
    const current = recording.current;
    recording.current = null;
    setIsRecording(false);
    const wav = (await current?.stop()) ?? null;
    onNote(wav === null ? t('try_it.not_recorded') : null);
    if (wav !== null) onRecorded(wav);
  };
  const label = t(isRecording ? 'try_it.recording_stop' : 'try_it.record');
  return (
    <ActionIcon
      variant={isRecording ? 'filled' : 'subtle'}
      color={isRecording ? 'red' : 'gray'}
      aria-label={label}
      aria-pressed={isRecording}
      title={label}
      onClick={() => void (isRecording ? stop() : start())}
    >
      <Icon name={isRecording ? 'stop' : 'microphone'} />
    </ActionIcon>
  );
}
