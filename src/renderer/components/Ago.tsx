// Ages and countdowns: the smallest parts that render again each second.
import { useNow } from '../clock/Clock';
import { useWords } from '../i18n/use-words';

/** `3 s ago`. */
export function Ago({ timeMs }: { readonly timeMs: number }) {
  const words = useWords();
  return <time dateTime={new Date(timeMs).toISOString()}>{words.ago(timeMs, useNow())}</time>;
}

/** `19:42`, with the date when it was another day. */
export function ClockTime({ timeMs }: { readonly timeMs: number }) {
  const { format } = useWords();
  return <time dateTime={new Date(timeMs).toISOString()}>{format.clock(timeMs, useNow())}</time>;
}
