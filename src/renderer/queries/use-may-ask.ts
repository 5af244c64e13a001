import { may } from '../../shared/api/pool-access';
import { useApp } from '../store/Screen';

/** False for a member whose role may not send jobs. A member has no rights until the pool has answered, so it is true until then. */
export const useMayAsk = (): boolean => useApp(({ pool }) => pool === null || pool.rights.length === 0 || may(pool, 'submit_jobs'));
