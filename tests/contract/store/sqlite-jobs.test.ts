// The contract of the jobs over SQLite.
import { describe } from 'vitest';
import { jobsContract } from './jobs-contract';
import { sqliteJobEngine } from './sqlite-engine';

describe('jobs on SQLite', () => {
  jobsContract(sqliteJobEngine);
});
