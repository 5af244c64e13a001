/** The pool that this computer is in. It stays until another one was joined. */
export type CurrentPool = 'none' | 'hosted' | 'member';
