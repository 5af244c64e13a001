/** How the run of a tool ended: its output, or why there is none. The caller bounds the output. */
export type ToolOutcome =
  | { readonly kind: 'exited'; readonly code: number | null; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'not_installed' }
  | { readonly kind: 'failed'; readonly detail: string };
