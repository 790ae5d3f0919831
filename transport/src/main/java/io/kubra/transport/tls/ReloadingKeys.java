package io.kubra.transport.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Offers whatever key its supplier has at the time of a handshake. The engine asks first for an
 * alias and then for the certificate and the key by alias, so an alias names one generation, and
 * the previous generation stays known while handshakes that chose it finish.
 */
final class ReloadingKeys extends X509ExtendedKeyManager {
  private record Generation(String alias, KeyMaterial material) {}

  private final Supplier<KeyMaterial> source;
  private @Nullable Generation current;
  private @Nullable Generation previous;
  private int count;

  ReloadingKeys(Supplier<KeyMaterial> source) {
    this.source = source;
  }

  private synchronized Generation latest() {
    KeyMaterial material = source.get();
    Generation known = current;
    if (known == null || !known.material.equals(material)) {
      previous = known;
      known = new Generation("key-" + ++count, material);
      current = known;
    }
    return known;
  }

  private synchronized @Nullable KeyMaterial named(String alias) {
    for (Generation generation : new @Nullable Generation[] {current, previous}) {
      if (generation != null && generation.alias.equals(alias)) {
        return generation.material;
      }
    }
    return null;
  }

  private @Nullable String aliasFor(String... keyTypes) {
    Generation generation = latest();
    String algorithm = generation.material.key().getAlgorithm();
    for (String type : keyTypes) {
      boolean pss = type.equals("RSASSA-PSS") && algorithm.equals("RSA");
      if (pss || type.equals(algorithm) || type.startsWith(algorithm + "_")) {
        return generation.alias;
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return aliasFor(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return aliasFor(keyType);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return aliasFor(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return aliasFor(keyType);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = aliasFor(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return getClientAliases(keyType, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    KeyMaterial material = named(alias);
    return material == null ? null : material.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    KeyMaterial material = named(alias);
    return material == null ? null : material.key();
  }
}
