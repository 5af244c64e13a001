// A state of the program: while the connection to the program is lost, it is the last known one, and says so.
import type { ReactNode } from 'react';
import { Rich } from './Rich';
import { useScreenState } from '../store/Screen';

export function KnownState({ state }: { readonly state: ReactNode }) {
  const isOpen = useScreenState(({ connection }) => connection === 'open');
  return isOpen ? state : <Rich k="connection.last_known" values={{ state }} />;
}
