package dev.sluice.origin.delivery;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.encrypt.EnvelopeBody;
import dev.sluice.origin.encrypt.EnvelopeCipher;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.policy.TrackProtection.Encrypted;

/** Encrypts whole bodies. */
final class Envelopes {
  private final KeyMaterial keys;
  private final EnvelopeCipher cipher;

  Envelopes(KeyMaterial keys, MediaCipher cipher) {
    this.keys = keys;
    this.cipher = new EnvelopeCipher(cipher);
  }

  /**
   * The body under AES-128-CBC. Ownership: takes the inner body, and closes it, also if the key
   * cannot be had.
   *
   * @param encrypted by {@code CBC}
   */
  Body around(Body inner, Resolver.Resolution resolution, Encrypted encrypted) {
    try (var key = keys.require(encrypted.keyId())) {
      var iv = KeyMaterial.constantIv(resolution, encrypted, key);
      return new EnvelopeBody(inner, key, iv, cipher);
    } catch (RuntimeException e) {
      inner.close();
      throw e;
    }
  }
}
