// The operations on the use of the pool.
import { USAGE_FILE, usageCsv } from '../../shared/api/usage';
import { notAvailableHere } from '../contracts/app-errors';
import { savedFile } from '../contracts/saved-file';
import type { JobHandlersOptions } from './job-handlers';
import type { OperationHandlers } from './operation-types';

export const usageHandlers = ({ pool, saveFile }: JobHandlersOptions): Pick<OperationHandlers, 'pool.usage' | 'pool.export_usage'> => ({
  'pool.usage': (query) => pool()?.usage(query) ?? notAvailableHere(),
  'pool.export_usage': async (query) => {
    const usage = await pool()?.usage(query);
    if (usage === undefined) return notAvailableHere();
    return usage.ok ? savedFile(saveFile, USAGE_FILE, Buffer.from(usageCsv(usage.value))) : usage;
  },
});
