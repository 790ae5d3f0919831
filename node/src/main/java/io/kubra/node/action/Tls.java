package io.kubra.node.action;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS for probes: they ask whether a server answers, not who it is. */
final class Tls {
  private static @Nullable SSLContext context;

  private Tls() {}

  static Socket trustingAll(Socket plain, String host, int port) throws IOException {
    return context().getSocketFactory().createSocket(plain, host, port, true);
  }

  private static synchronized SSLContext context() throws IOException {
    SSLContext known = context;
    if (known != null) {
      return known;
    }
    try {
      SSLContext fresh = SSLContext.getInstance("TLS");
      fresh.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
      context = fresh;
      return fresh;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
