// The translations of client APIs, for the benchmark.
export { translateMessages } from '../src/main/scheduler/api/client-apis/core/messages/request';
export { startMessage } from '../src/main/scheduler/api/client-apis/core/messages/stream';
export { responsesBodySchema } from '../src/main/scheduler/api/client-apis/core/responses/request';
export { translateResponses } from '../src/main/scheduler/api/client-apis/core/responses/translate';
export { startLines } from '../src/main/scheduler/api/client-apis/core/ollama/stream';
