// When a credential expires: today as a time of day, later as a day, in the past as expired.
import { useNow } from '../../clock/Clock';
import { Rich } from '../../components/Rich';
import { ClockTime, Day } from '../../components/Time';

const SOON_MS = 36 * 3_600_000;

export function Expiry({ wallMs }: { readonly wallMs: number }) {
  const leftMs = wallMs - useNow();
  if (leftMs <= 0) return <Rich k="members.expired" values={{ day: <Day wallMs={wallMs} /> }} />;
  return leftMs < SOON_MS ? <ClockTime wallMs={wallMs} /> : <Day wallMs={wallMs} />;
}
