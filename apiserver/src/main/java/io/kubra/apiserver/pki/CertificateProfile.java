package io.kubra.apiserver.pki;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a certificate is to say. Alternative names are DNS names, or IP addresses in text.
 *
 * @param authority whether it may issue certificates itself
 */
public record CertificateProfile(
    DistinguishedName subject,
    Set<Usage> usages,
    List<String> dnsNames,
    List<String> ipAddresses,
    Duration validity,
    boolean authority) {

  /** How long certificates are valid that are issued to users, servers and nodes. */
  public static final Duration LEAF_VALIDITY = Duration.ofDays(365);

  /** How long authorities are valid. */
  public static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);

  /** The extended key usages there are. */
  public enum Usage {
    SERVER("1.3.6.1.5.5.7.3.1"),
    CLIENT("1.3.6.1.5.5.7.3.2");

    private final String oid;

    Usage(String oid) {
      this.oid = oid;
    }

    String oid() {
      return oid;
    }
  }

  public CertificateProfile {
    usages = Set.copyOf(usages);
    dnsNames = List.copyOf(new LinkedHashSet<>(dnsNames));
    ipAddresses = List.copyOf(new LinkedHashSet<>(ipAddresses));
  }

  /** An authority that is known under the name. */
  public static CertificateProfile authority(String name) {
    return new CertificateProfile(
        DistinguishedName.of(name), Set.of(), List.of(name), List.of(), AUTHORITY_VALIDITY, true);
  }

  /** A user, who is a member of the groups. */
  public static CertificateProfile client(String user, String... groups) {
    return new CertificateProfile(
        DistinguishedName.of(user, groups),
        Set.of(Usage.CLIENT),
        List.of(),
        List.of(),
        LEAF_VALIDITY,
        false);
  }

  /** A server that is reached under these DNS names and IP addresses. */
  public static CertificateProfile server(
      DistinguishedName subject, List<String> dnsNames, List<String> ipAddresses) {
    return new CertificateProfile(
        subject, Set.of(Usage.SERVER), dnsNames, ipAddresses, LEAF_VALIDITY, false);
  }

  /** The same with another validity. */
  public CertificateProfile withValidity(Duration value) {
    return new CertificateProfile(subject, usages, dnsNames, ipAddresses, value, authority);
  }
}
