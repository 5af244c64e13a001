// The functions that the benchmarks of the pure core measure, as one entry. The entry is bundled first, because the module loader of
// the test runner makes calls between modules slower than they are in the product.
export { choose } from '../src/main/scheduler/dispatch/choose';
export { RequestForecasts } from '../src/main/scheduler/nodes/request-forecasts';
export { PoolCounter } from '../src/main/scheduler/history/core/pool-count';
export { explain } from '../src/main/scheduler/dispatch/explain';
export { DEFAULT_DISPATCH_POLICY } from '../src/main/scheduler/dispatch/policy';
export { isNodeDeadlineDue } from '../src/main/scheduler/lifecycle/deadlines';
export { DEFAULT_LIFECYCLE_POLICY } from '../src/main/scheduler/lifecycle/policy';
export { chooseByScan } from '../tests/unit/scheduler/dispatch/choose-by-scan';
export { Pool } from './pools';
