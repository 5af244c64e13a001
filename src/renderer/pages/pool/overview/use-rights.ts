// What the user may do on this page. The same page is shown to all; a part that needs a right says so.
import { may } from '../../../../shared/api/pool-access';
import { useOwnerCheck } from '../../../queries/pool-history';
import { useApp } from '../../../store/Screen';

/** False until it is known. */
export const useMayInvite = (): boolean => useOwnerCheck(useApp(({ pool }) => may(pool, 'manage')));
