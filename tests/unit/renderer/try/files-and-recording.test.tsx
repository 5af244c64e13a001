import { act, render, renderHook, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MantineProvider } from '@mantine/core';
import { afterEach, expect, test, vi } from 'vitest';
import { LabelsProvider } from '../../../../src/renderer/i18n/use-labels';
import { RecordButton } from '../../../../src/renderer/pages/try/RecordButton';
import { type SoundFile, useFiles } from '../../../../src/renderer/pages/try/use-files';
import { labelsIn } from '../support/labels';

const picture = (name: string): File => new File(['x'], name, { type: 'image/png' });
const sound = (name: string): File => new File(['x'], name, { type: 'audio/wav' });

async function added(files: readonly File[]) {
  const sounds: SoundFile[] = [];
  const { result } = renderHook(() => useFiles((file) => sounds.push(file)));
  await act(() => result.current.add(files));
  return {
    pictures: result.current.pictures.map(({ name }) => name),
    sounds: sounds.map(({ name }) => name),
    fault: result.current.fault,
  };
}

test.each<[string, readonly File[], Awaited<ReturnType<typeof added>>]>([
  ['pictures and a sound', [picture('a.png'), sound('b.wav')], { pictures: ['a.png'], sounds: ['b.wav'], fault: null }],
  ['two sounds', [sound('a.wav'), sound('b.wav')], { pictures: [], sounds: ['a.wav'], fault: { code: 'one_sound', name: 'b.wav' } }],
  [
    'a file of another type between pictures',
    [picture('a.png'), new File(['x'], 'b.txt', { type: 'text/plain' }), picture('c.png')],
    { pictures: ['a.png', 'c.png'], sounds: [], fault: { code: 'file_type', name: 'b.txt' } },
  ],
  [
    'more pictures than a message takes',
    Array.from({ length: 9 }, (_, i) => picture(`${String(i)}.png`)),
    {
      pictures: ['0.png', '1.png', '2.png', '3.png', '4.png', '5.png', '6.png', '7.png'],
      sounds: [],
      fault: { code: 'too_many_pictures', max: 8 },
    },
  ],
])('files: %s -> all that fit are added, the first other one is named', async (_name, files, expected) => {
  expect(await added(files)).toEqual(expected);
});

test('files: a sound that cannot be read -> named', async () => {
  const gone = sound('gone.wav');
  vi.spyOn(gone, 'arrayBuffer').mockRejectedValue(new Error('gone'));
  expect(await added([gone])).toEqual({ pictures: [], sounds: [], fault: { code: 'file_unreadable', name: 'gone.wav' } });
});

/** Decodes nothing: what was recorded does not matter here. */
class NoSound {
  decodeAudioData(): Promise<never> {
    return Promise.reject(new Error('no sound'));
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A microphone whose permission the test gives. */
function microphone() {
  const track = { stop: vi.fn() };
  const asked = Promise.withResolvers<unknown>();
  class Recorder extends EventTarget {
    state = 'inactive';
    start(): void {
      this.state = 'recording';
    }
    stop(): void {
      this.state = 'inactive';
      this.dispatchEvent(new Event('stop'));
    }
  }
  vi.stubGlobal('MediaRecorder', Recorder);
  vi.stubGlobal('AudioContext', NoSound);
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia: () => asked.promise } });
  return { track, permit: () => asked.resolve({ getTracks: () => [track] }) };
}

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'mediaDevices');
});

const button = (
  <MantineProvider>
    <LabelsProvider value={labelsIn('en')}>
      <RecordButton onRecorded={() => undefined} onNote={() => undefined} />
    </LabelsProvider>
  </MantineProvider>
);

test('recording: page closed before the microphone is permitted -> the microphone is released', async () => {
  const { track, permit } = microphone();
  const { unmount } = render(button);
  await userEvent.click(screen.getByRole('button', { name: 'Record' }));
  unmount();
  permit();
  await waitFor(() => expect(track.stop).toHaveBeenCalled());
});

test('recording: page closed while it records -> the microphone is released', async () => {
  const { track, permit } = microphone();
  const { unmount } = render(button);
  await userEvent.click(screen.getByRole('button', { name: 'Record' }));
  permit();
  await screen.findByRole('button', { name: 'Stop recording' });
  unmount();
  expect(track.stop).toHaveBeenCalled();
});
