// How a task ended on a runtime.

export type RunOutcome =
  | { readonly success: true; readonly output: unknown }
  | {
      readonly success: false;
      readonly error: {
        /** e.g. `runtime_unreachable`, `runtime_http_500`, `command_failed`, `timeout`, `cancelled`, `output_too_large`, `bad_request`. */
        readonly code: string;
        readonly message: string;
        readonly details: Readonly<Record<string, unknown>> & {
          /** Whether another attempt, perhaps on another node, may succeed. */
          readonly retryable: boolean;
        };
      };
    };

export const failed = (code: string, message: string, retryable: boolean, details: Readonly<Record<string, unknown>> = {}): RunOutcome => ({
  success: false,
  error: { code, message, details: { ...details, retryable } },
});
