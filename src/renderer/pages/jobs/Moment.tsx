// A point in time to the second, as a sequence of events wants it.
import { useNow } from '../../clock/Clock';
import { useWords } from '../../i18n/use-words';

export function Moment({ timeMs }: { readonly timeMs: number }) {
  const { format } = useWords();
  return <time dateTime={new Date(timeMs).toISOString()}>{format.moment(timeMs, useNow())}</time>;
}
