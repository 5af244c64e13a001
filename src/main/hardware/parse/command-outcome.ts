/** How a program that was asked ended: what it said, or why it said nothing. Output is bounded by whoever ran it. */
export type CommandOutcome =
  | { readonly kind: 'exited'; readonly code: number | null; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'not_installed' }
  | { readonly kind: 'failed'; readonly detail: string };
