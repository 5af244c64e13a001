// Points in time: as an age, as a time of day, to the second, as a day, and as the time that is left. Only these components render again each second.
import { useNow } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';

interface TimeProps {
  /** Unix ms. */
  readonly wallMs: number;
}

/** `3 s ago`. */
export function Ago({ wallMs }: TimeProps) {
  const labels = useLabels();
  return <time dateTime={new Date(wallMs).toISOString()}>{labels.ago(wallMs, useNow())}</time>;
}

/** `19:42`, with the date when it was another day. */
export function ClockTime({ wallMs }: TimeProps) {
  const { format } = useLabels();
  return <time dateTime={new Date(wallMs).toISOString()}>{format.clock(wallMs, useNow())}</time>;
}

/** `19:42:03`, for a sequence of events. */
export function ExactTime({ wallMs }: TimeProps) {
  const { format } = useLabels();
  return <time dateTime={new Date(wallMs).toISOString()}>{format.exactClock(wallMs, useNow())}</time>;
}

/** `2 Nov`. */
export function Day({ wallMs }: TimeProps) {
  const { format } = useLabels();
  return <time dateTime={new Date(wallMs).toISOString()}>{format.day(wallMs, useNow())}</time>;
}

/** `1:42` until this time. */
export function TimeLeft({ wallMs }: TimeProps) {
  const { format } = useLabels();
  return <time dateTime={new Date(wallMs).toISOString()}>{format.countdown(wallMs - useNow())}</time>;
}
