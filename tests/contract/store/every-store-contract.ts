// The contracts of the port and of all stores on it. An engine calls it in its test file.
import { describe } from 'vitest';
import { auditLogContract } from './audit-log-contract';
import { historyTableContract } from './history-table-contract';
import { keyDayContract } from './key-day-contract';
import { memberTablesContract } from './member-tables-contract';
import { nodeEventTableContract } from './node-event-table-contract';
import { nodeTableContract } from './node-table-contract';
import { storeContract } from './store-contract';
import type { StoreEngine } from './store-engine';
import { usageStoreContract } from './usage-store-contract';

const CONTRACTS: Readonly<Record<string, (engine: StoreEngine) => void>> = {
  Store: storeContract,
  nodes: nodeTableContract,
  'keys, invitations and members': memberTablesContract,
  'audit log': auditLogContract,
  'tokens of keys': keyDayContract,
  usage: usageStoreContract,
  'history of the pool': historyTableContract,
  'events of nodes': nodeEventTableContract,
};

export function everyStoreContract(engine: StoreEngine): void {
  for (const [name, contract] of Object.entries(CONTRACTS))
    describe(`${name} on ${engine.name}`, () => {
      contract(engine);
    });
}
