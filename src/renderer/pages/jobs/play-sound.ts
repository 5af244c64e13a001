// Plays sound from bytes with Web Audio. It needs no element and no URL, so that the Content-Security-Policy stays strict.

/** Resolves to a function that stops the sound, or null where the browser cannot play it. `onEnd` is called once, also after a stop. */
export async function playSound(bytes: Uint8Array<ArrayBuffer>, onEnd: () => void): Promise<(() => void) | null> {
  if (typeof AudioContext === 'undefined') return null;
  const context = new AudioContext();
  try {
    // Decoding detaches the buffer. A copy is passed, so that the sound can be played again.
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
