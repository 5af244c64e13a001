// The session of a request, as clients name it in a header. The scheduler uses it to guess which node has the prompt in its cache (ADR 0024),
// and for nothing else. The session proves nothing, and is neither stored nor logged.
import { z } from 'zod';

/** In the order of preference, in lower case. The clients that send a header are named behind it. */
export const SESSION_HEADERS = [
  'x-claude-code-agent-id', // Claude Code; a subagent has its own prompts
  'x-claude-code-session-id', // Claude Code
  'session_id', // Codex
  'session-id', // Codex
  'thread-id', // Codex
  'x-opencode-session', // opencode
  'x-amp-thread-id', // Amp
  'x-litellm-session-id', // LiteLLM
  'x-client-request-id', // pi: the same in all requests of a session
] as const;

type SessionHeader = (typeof SESSION_HEADERS)[number];
type SessionHeaders = Readonly<Partial<Record<SessionHeader, string | undefined>>>;

/** Any text is valid: no request fails because of its session. */
export const sessionHeadersSchema = z.object(
  Object.fromEntries(SESSION_HEADERS.map((name) => [name, z.string().optional()])) as Record<SessionHeader, z.ZodOptional<z.ZodString>>,
);

/** Null: the request names no session in a header. */
export function sessionKeyOf(headers: SessionHeaders): string | null {
  for (const name of SESSION_HEADERS) {
    const key = headers[name]?.trim() ?? '';
    if (key !== '') return key;
  }
  return null;
}
