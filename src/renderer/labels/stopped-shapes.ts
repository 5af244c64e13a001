// The shape of the own pool while it does not run.
import type { StoppedHost } from '../../shared/api/own-host';
import type { Shape } from './shape';

export const STOPPED_SHAPES: Readonly<Record<StoppedHost['state'], Shape>> = { failed: 'refused', restarting: 'waiting' };
