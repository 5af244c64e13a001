// Records the microphone, where the browser has one and permits it.
import { ActionIcon } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { Icon } from '../../components/Icon';
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
  /** The user may be asked for the microphone. */
  const isStarting = useRef(false);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
      void recording.current?.stop();
      recording.current = null;
    };
  }, []);
  if (!canRecord()) return null;
  const start = async (): Promise<void> => {
    if (isStarting.current) return;
    isStarting.current = true;
    try {
      const started = await startRecording(() => void stop());
      if (!isShown.current) {
        void started.stop();
        return;
      }
      recording.current = started;
      setIsRecording(true);
      onNote(t('try_it.recording'));
    } catch {
      onNote(t('try_it.no_microphone'));
    } finally {
      isStarting.current = false;
    }
  };
  const stop = async (): Promise<void> => {
    const current = recording.current;
    if (current === null) return;
    recording.current = null;
    setIsRecording(false);
    const wav = await current.stop();
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
