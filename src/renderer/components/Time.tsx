// Points in time: as an age, as a time of day, and to the second. The smallest components that render again each second.
import { useNow } from '../clock/Clock';
import { useWords } from '../i18n/use-words';

interface TimeProps {
  /** Unix ms. */
  readonly timeMs: number;
}

/** `3 s ago`. */
export function Ago({ timeMs }: TimeProps) {
  const words = useWords();
  return <time dateTime={new Date(timeMs).toISOString()}>{words.ago(timeMs, useNow())}</time>;
}

/** `19:42`, with the date when it was another day. */
export function ClockTime({ timeMs }: TimeProps) {
  const { format } = useWords();
  return <time dateTime={new Date(timeMs).toISOString()}>{format.clock(timeMs, useNow())}</time>;
}

/** `19:42:03`, for a sequence of events. */
export function ExactTime({ timeMs }: TimeProps) {
  const { format } = useWords();
  return <time dateTime={new Date(timeMs).toISOString()}>{format.exactClock(timeMs, useNow())}</time>;
}
