package io.kubra.apiserver.pki;

import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * The parts of an X.509 name that mean something in Kubernetes: the common name is a user, the
 * organisations are groups. {@code others} counts the attributes of other types.
 */
public record DistinguishedName(String commonName, List<String> organizations, int others) {
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String ORGANIZATION = "2.5.4.10";

  public DistinguishedName {
    organizations = List.copyOf(organizations);
  }

  /** A name of these parts alone. */
  public static DistinguishedName of(String commonName, String... organizations) {
    return new DistinguishedName(commonName, List.of(organizations), 0);
  }

  /** Reads a certificate's subject or issuer. */
  public static DistinguishedName of(X500Principal principal) {
    return parse(principal.getEncoded());
  }

  static DistinguishedName parse(byte[] encoded) {
    String commonName = "";
    List<String> organizations = new ArrayList<>(2);
    int others = 0;
    DerReader name = new DerReader(encoded).enter(Der.SEQUENCE);
    while (name.hasMore()) {
      DerReader relative = name.enter(Der.SET);
      while (relative.hasMore()) {
        DerReader attribute = relative.enter(Der.SEQUENCE);
        switch (attribute.oid()) {
          case COMMON_NAME -> commonName = attribute.text();
          case ORGANIZATION -> organizations.add(attribute.text());
          default -> others++;
        }
      }
    }
    return new DistinguishedName(commonName, organizations, others);
  }

  byte[] encode() {
    List<byte[]> parts = new ArrayList<>();
    for (String organization : organizations) {
      parts.add(attribute(ORGANIZATION, organization));
    }
    if (!commonName.isEmpty()) {
      parts.add(attribute(COMMON_NAME, commonName));
    }
    return Der.sequence(parts);
  }

  private static byte[] attribute(String type, String value) {
    return Der.set(Der.sequence(Der.oid(type), Der.utf8(value)));
  }
}
