package io.kubra.apiserver.pki;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;

/**
 * The key that signs service account tokens, and all keys that are accepted: the first belongs to
 * the signing key, others let tokens live on that were signed before a rotation.
 */
public record ServiceAccountKeys(PrivateKey signing, List<PublicKey> accepted) {

  public ServiceAccountKeys {
    accepted = List.copyOf(accepted);
  }

  /** New keys that are kept nowhere. */
  public static ServiceAccountKeys generate() {
    var pair = Keys.generate();
    return new ServiceAccountKeys(pair.getPrivate(), List.of(pair.getPublic()));
  }
}
