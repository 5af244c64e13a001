// Why a program failed, from its output. The output may repeat the request, so the dashboard gets only the cause by default.
import type { FailureCause } from '../../../shared/api/app-job';

/** Of CUDA, ROCm, PyTorch, llama.cpp, Ollama, Vulkan and Metal. */
const OUT_OF_MEMORY =
  /out[ _-]?of[ _-]?(?:device|host)?[ _-]?memory|requires more system memory|(?:not enough|insufficient) (?:gpu |system )?memory/i;
/** A refusal of the request may quote the request. */
const FAILED = /^(?:runtime_http_5\d\d|runtime_stream_error|command_failed)$/;

export const failureCauseOf = (code: string, programOutput: string | null): FailureCause | null =>
  programOutput !== null && FAILED.test(code) && OUT_OF_MEMORY.test(programOutput) ? 'out_of_memory' : null;
