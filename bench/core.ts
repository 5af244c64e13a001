// What the benchmarks of the pure core measure, as one entry: it is bundled first, since the test runner's own module loader
// makes every call across modules dearer than it is in the product.
export { choose } from '../src/main/scheduler/dispatch/choose';
export { explain } from '../src/main/scheduler/dispatch/explain';
export { DEFAULT_DISPATCH_POLICY } from '../src/main/scheduler/dispatch/policy';
export { isDue } from '../src/main/scheduler/lifecycle/deadlines';
export { DEFAULT_LIFECYCLE_POLICY } from '../src/main/scheduler/lifecycle/policy';
export { chooseByScan } from '../tests/unit/scheduler/dispatch/choose-by-scan';
export { Pool } from './pools';
