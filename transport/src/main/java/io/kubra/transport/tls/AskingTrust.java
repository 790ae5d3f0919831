package io.kubra.transport.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Names the authorities it would like certificates from, and lets every handshake pass. The server
 * judges a client's certificate afterwards (see {@link PeerVerifier}), so that a client with a bad
 * certificate gets an answer it can read and not a broken handshake.
 */
final class AskingTrust extends X509ExtendedTrustManager {
  private final Supplier<List<X509Certificate>> authorities;

  AskingTrust(Supplier<List<X509Certificate>> authorities) {
    this.authorities = authorities;
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.get().toArray(X509Certificate[]::new);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}
}
