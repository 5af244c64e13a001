// The translations of client APIs, for the benchmark.
export { translateMessages } from '../src/main/scheduler/api/client-apis/core/messages/request';
export { startMessage } from '../src/main/scheduler/api/client-apis/core/messages/stream';
