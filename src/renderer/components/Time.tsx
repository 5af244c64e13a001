// Points in time: as an age, as a time of day, to the second, as a day, and as the time that is left. Each renders again
// when its text changes.
import { useClockPart } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { useScreenState } from '../store/Screen';

interface TimeProps {
  /** Unix ms. */
  readonly wallMs: number;
}

/** `3 s ago`. Without a connection to the program the page has old data, whose age says nothing: `as of 19:42`. */
export const Ago = ({ wallMs }: TimeProps) => <TimeText wallMs={wallMs} text={useAge(wallMs)} />;

/** The text of `Ago`, for a sentence. */
export function useAge(wallMs: number): string {
  const labels = useLabels();
  const isOpen = useScreenState((state) => state.connection === 'open');
  return useClockPart((nowWallMs) =>
    isOpen ? labels.ago(wallMs, nowWallMs) : labels.t('age.as_of', { time: labels.format.clock(wallMs, nowWallMs) }),
  );
}

/** `19:42`, with the date when it was another day. */
export function ClockTime({ wallMs }: TimeProps) {
  const { format } = useLabels();
  return <TimeText wallMs={wallMs} text={useClockPart((nowWallMs) => format.clock(wallMs, nowWallMs))} />;
}

/** `19:42:03`, for a sequence of events. */
export function ExactTime({ wallMs }: TimeProps) {
  const { format } = useLabels();
  return <TimeText wallMs={wallMs} text={useClockPart((nowWallMs) => format.exactClock(wallMs, nowWallMs))} />;
}

/** `2 Nov`. */
export function Day({ wallMs }: TimeProps) {
  const { format } = useLabels();
  return <TimeText wallMs={wallMs} text={useClockPart((nowWallMs) => format.day(wallMs, nowWallMs))} />;
}

/** `1:42` until this time. */
export function TimeLeft({ wallMs }: TimeProps) {
  const { format } = useLabels();
  return <TimeText wallMs={wallMs} text={useClockPart((nowWallMs) => format.countdown(wallMs - nowWallMs))} />;
}

function TimeText({ wallMs, text }: TimeProps & { readonly text: string }) {
  return <time dateTime={new Date(wallMs).toISOString()}>{text}</time>;
}
