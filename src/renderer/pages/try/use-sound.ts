// Plays one sound at a time, until it ends, is stopped or the page closes.
import { useEffect, useRef, useState } from 'react';
import { playAudio } from '../../components/play-audio';

export interface Sound {
  readonly isPlaying: boolean;
  readonly play: (bytes: Uint8Array) => Promise<void>;
  readonly stop: () => void;
}

export function useSound(onUnplayable: () => void): Sound {
  const [isPlaying, setIsPlaying] = useState(false);
  const stopPlaying = useRef<() => void>(() => undefined);
  useEffect(() => () => stopPlaying.current(), []);
  return {
    isPlaying,
    async play(bytes) {
      stopPlaying.current();
      const stop = await playAudio(new Uint8Array(bytes), () => setIsPlaying(false));
      if (stop === null) onUnplayable();
      else {
        stopPlaying.current = stop;
        setIsPlaying(true);
      }
    },
    stop: () => stopPlaying.current(),
  };
}
