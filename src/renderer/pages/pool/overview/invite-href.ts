// The link that opens the invitation on the Members page.
import { hrefOf, INVITE_ID } from '../../../routes';

export const INVITE_HREF = hrefOf({ page: 'members', id: INVITE_ID });
