package io.kubra.apiserver.pki;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates and keys of one cluster in a folder, under the names that kubeadm gives them
 * (ca, front-proxy-ca, sa, apiserver …). What is missing is made, what is there is used, also if
 * the operator put it there. One daemon thread renews.
 */
public final class ClusterPki implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterPki.class);
  private final PemFolder folder;
  private final InstantSource clock;
  private final CertificateAuthority authority;
  private final CertificateAuthority frontProxyAuthority;
  private final ServiceAccountKeys serviceAccountKeys;
  private final Map<String, IssuedCertificate> issued = new ConcurrentHashMap<>();
  private final List<Thread> renewal = new ArrayList<>(1);

  private ClusterPki(PemFolder folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
    authority = authority("ca", "kubernetes");
    frontProxyAuthority = authority("front-proxy-ca", "front-proxy-ca");
    serviceAccountKeys = serviceAccountKeys();
  }

  /**
   * Opens the folder and makes what is missing.
   *
   * @throws PkiException if it cannot be written or something in it is malformed
   */
  public static ClusterPki open(Path folder) {
    return open(folder, InstantSource.system());
  }

  /** As {@link #open(Path)}, with a clock. */
  public static ClusterPki open(Path folder, InstantSource clock) {
    return new ClusterPki(new PemFolder(folder), clock);
  }

  /** Issues the certificates of servers, users and nodes. */
  public CertificateAuthority authority() {
    return authority;
  }

  /** Issues the certificate with which the API server forwards requests to aggregated servers. */
  public CertificateAuthority frontProxyAuthority() {
    return frontProxyAuthority;
  }

  /** The keys of service account tokens. */
  public ServiceAccountKeys tokenKeys() {
    return serviceAccountKeys;
  }

  public Path authorityFile() {
    return folder.path("ca.crt");
  }

  /**
   * A certificate by the cluster's authority, kept under the file name (without extension) and
   * renewed from now on. Asked again with other names it is issued anew.
   */
  public IssuedCertificate certificate(String fileName, CertificateProfile profile) {
    return issued(fileName, authority, profile);
  }

  /** As {@link #certificate}, by the front proxy's authority. */
  public IssuedCertificate frontProxyCertificate(String fileName, CertificateProfile profile) {
    return issued(fileName, frontProxyAuthority, profile);
  }

  private IssuedCertificate issued(
      String fileName, CertificateAuthority by, CertificateProfile profile) {
    IssuedCertificate certificate =
        issued.computeIfAbsent(
            fileName, name -> new IssuedCertificate(folder, name, by, profile, clock));
    certificate.require(profile);
    return certificate;
  }

  /** Renews what is due, and reads again what was changed from outside. */
  public void refresh() {
    for (Map.Entry<String, IssuedCertificate> entry : issued.entrySet()) {
      try {
        entry.getValue().refresh();
      } catch (PkiException e) {
        LOG.warn("Certificate {} was not renewed: {}", entry.getKey(), e.getMessage());
      }
    }
  }

  /** Refreshes now and then until closed. */
  public synchronized void startRenewal(Duration interval) {
    if (renewal.isEmpty()) {
      renewal.add(
          Thread.ofVirtual()
              .name("certificate-renewal")
              .start(
                  () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                      try {
                        Thread.sleep(interval);
                        refresh();
                      } catch (InterruptedException closed) {
                        return;
                      }
                    }
                  }));
    }
  }

  @Override
  public synchronized void close() {
    renewal.forEach(Thread::interrupt);
  }

  private CertificateAuthority authority(String fileName, String commonName) {
    Credentials credentials =
        folder
            .credentials(fileName)
            .orElseGet(
                () -> {
                  if (folder.read(fileName + ".crt") != null) {
                    throw new PkiException(
                        folder.path(fileName + ".crt") + " is there, but its key is not");
                  }
                  Credentials made =
                      CertificateAuthority.create(commonName, clock.instant()).credentials();
                  folder.write(fileName, made);
                  return made;
                });
    return new CertificateAuthority(credentials.certificate(), credentials.key());
  }

  private ServiceAccountKeys serviceAccountKeys() {
    String key = folder.read("sa.key");
    String pub = folder.read("sa.pub");
    if (key != null && pub != null) {
      List<PublicKey> all =
          PemText.blocks(pub).stream()
              .map(b -> PemText.publicKey(PemText.block(b.type(), b.content())))
              .toList();
      return new ServiceAccountKeys(PemText.privateKey(key), all);
    }
    KeyPair pair = Keys.generate();
    folder.write("sa.pub", PemText.ofKey(pair.getPublic()));
    folder.write("sa.key", PemText.ofKey(pair.getPrivate()));
    return new ServiceAccountKeys(pair.getPrivate(), List.of(pair.getPublic()));
  }
}
