// Whether the user may invite computers into the pool.
import { may } from '../../shared/api/pool-access';
import { useOwnerCheck } from './pool-history';
import { useApp } from '../store/Screen';

/** False until it is known. */
export const useMayInvite = (): boolean => useOwnerCheck(useApp(({ pool }) => may(pool, 'manage')));
