// Plays sound from its bytes by Web Audio: no element and no URL, so that the policy of the page stays as strict as it is.

/** Resolves to how to stop it, or null where it cannot be played. `onEnd` is told once, also after a stop. */
export async function playSound(bytes: Uint8Array<ArrayBuffer>, onEnd: () => void): Promise<(() => void) | null> {
  if (typeof AudioContext === 'undefined') return null;
  const context = new AudioContext();
  try {
    // Decoding takes the buffer away: a copy is given, so that it can be played again.
    const sound = await context.decodeAudioData(bytes.slice().buffer);
    const source = context.createBufferSource();
    source.buffer = sound;
    source.connect(context.destination);
    source.addEventListener('ended', () => {
      void context.close();
      onEnd();
    });
    source.start();
    return () => {
      source.stop();
    };
  } catch {
    await context.close();
    return null;
  }
}
