package io.kubra.apiserver.pki;

import io.kubra.transport.tls.KeyMaterial;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that is kept in a file and renewed in time. {@link #get} always returns valid
 * credentials, so a TLS endpoint that asks for each handshake never has to be restarted.
 */
public final class IssuedCertificate implements Supplier<Credentials> {
  private final PemFolder folder;
  private final String name;
  private final CertificateAuthority authority;
  private final InstantSource clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile CertificateProfile profile;
  private volatile @Nullable Credentials current;
  private volatile @Nullable KeyMaterial material;
  private FileTime seen = FileTime.fromMillis(0);

  IssuedCertificate(
      PemFolder folder,
      String name,
      CertificateAuthority authority,
      CertificateProfile profile,
      InstantSource clock) {
    this.folder = folder;
    this.name = name;
    this.authority = authority;
    this.profile = profile;
    this.clock = clock;
  }

  /** The credentials of now. */
  @Override
  public Credentials get() {
    Credentials credentials = current;
    return credentials == null ? refresh() : credentials;
  }

  /** The credentials of now for a TLS endpoint; the same object as long as nothing changes. */
  public KeyMaterial keyMaterial() {
    KeyMaterial known = material;
    Credentials credentials = get();
    if (known == null || !known.leaf().equals(credentials.certificate())) {
      known = credentials.keyMaterial();
      material = known;
    }
    return known;
  }

  /** Calls the listener after the credentials have changed. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Where the certificate is kept; the key is beside it. */
  public Path certificateFile() {
    return folder.path(name + ".crt");
  }

  public Path keyFile() {
    return folder.path(name + ".key");
  }

  /** Issues the certificate anew, with what the new profile says, if it says something else. */
  public Credentials require(CertificateProfile newProfile) {
    profile = newProfile;
    return refresh();
  }

  /** Reads the file again if it was changed, and renews the certificate if that is due. */
  public Credentials refresh() {
    Credentials credentials;
    synchronized (this) {
      Credentials before = current;
      FileTime modified = folder.modified(name + ".crt");
      credentials = before;
      if (credentials == null || !modified.equals(seen)) {
        credentials = folder.credentials(name).orElse(null);
      }
      if (credentials == null || !usable(credentials)) {
        credentials = authority.issue(profile, clock.instant());
        folder.write(name, credentials);
        modified = folder.modified(name + ".crt");
      }
      seen = modified;
      current = credentials;
      if (before == null || before.certificate().equals(credentials.certificate())) {
        return credentials;
      }
    }
    listeners.forEach(Runnable::run);
    return credentials;
  }

  private boolean usable(Credentials credentials) {
    X509Certificate certificate = credentials.certificate();
    if (credentials.dueForRenewal(clock.instant())) {
      return false;
    }
    try {
      if (!authority.namedAsIssuerBy(certificate)) {
        certificate.verify(authority.certificate().getPublicKey());
      }
      Set<String> names = new HashSet<>();
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
        names.add(canonical(String.valueOf(alternative.get(1))));
      }
      List<String> wanted = new ArrayList<>(profile.dnsNames());
      profile.ipAddresses().forEach(address -> wanted.add(canonical(address)));
      return names.containsAll(wanted)
          && DistinguishedName.of(certificate.getSubjectX500Principal()).equals(profile.subject());
    } catch (CertificateParsingException e) {
      return false;
    } catch (GeneralSecurityException signedByAnother) {
      return false;
    }
  }

  private static String canonical(String name) {
    return name.indexOf(':') < 0 ? name : java.net.InetAddress.ofLiteral(name).getHostAddress();
  }
}
