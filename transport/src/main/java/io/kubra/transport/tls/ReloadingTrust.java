package io.kubra.transport.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's checks against whatever authorities its supplier has at the time of a handshake. */
final class ReloadingTrust extends X509ExtendedTrustManager {
  private record Generation(List<X509Certificate> authorities, X509ExtendedTrustManager checks) {}

  private final Supplier<List<X509Certificate>> source;
  private volatile @Nullable Generation current;

  ReloadingTrust(Supplier<List<X509Certificate>> source) {
    this.source = source;
  }

  private X509ExtendedTrustManager checks() throws CertificateException {
    List<X509Certificate> authorities = source.get();
    Generation known = current;
    if (known == null || !known.authorities.equals(authorities)) {
      known = new Generation(authorities, build(authorities));
      current = known;
    }
    return known.checks;
  }

  private static X509ExtendedTrustManager build(List<X509Certificate> authorities)
      throws CertificateException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new CertificateException("the JDK has no certificate checks");
    } catch (GeneralSecurityException | IOException e) {
      throw new CertificateException("the authorities cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return source.get().toArray(X509Certificate[]::new);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    checks().checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    checks().checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checks().checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checks().checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checks().checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checks().checkServerTrusted(chain, type, engine);
  }
}
