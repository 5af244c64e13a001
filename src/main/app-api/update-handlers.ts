// The operations of the update.
import type { OperationName } from '../../shared/api/app-api';
import type { UpdatePort } from '../contracts/update-port';
import type { OperationHandlers } from './operation-types';
import { emptied } from './outcomes';

type UpdateHandlers = Pick<OperationHandlers, Extract<OperationName, `update.${string}`>>;

/** Null: this program is not the desktop app. */
export const updateHandlers = (update: UpdatePort | null): UpdateHandlers => ({
  'update.check': async () => emptied(await update?.check()),
  'update.download': () => emptied(update?.download()),
  'update.cancel': async () => emptied(await update?.cancel()),
  'update.install': async () => emptied(await update?.install()),
});
