// The translations of client APIs, for the benchmark.
export { translateMessages } from '../src/main/scheduler/api/client-apis/core/messages/request';
export { startMessage } from '../src/main/scheduler/api/client-apis/core/messages/stream';
export { responsesBodySchema } from '../src/main/scheduler/api/client-apis/core/responses/request';
export { translateResponses } from '../src/main/scheduler/api/client-apis/core/responses/translate';
export { chatSchema } from '../src/main/scheduler/api/client-apis/core/ollama/request-schema';
export { startLines } from '../src/main/scheduler/api/client-apis/core/ollama/stream';
export { chatTask } from '../src/main/scheduler/api/client-apis/core/ollama/translate';
