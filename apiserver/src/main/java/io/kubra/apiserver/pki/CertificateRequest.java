package io.kubra.apiserver.pki;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate signing request (PKCS#10).
 *
 * @param otherNames how many e-mail addresses, URIs and such it asks for besides
 */
public record CertificateRequest(
    DistinguishedName subject,
    PublicKey publicKey,
    List<String> dnsNames,
    List<String> ipAddresses,
    int otherNames) {
  private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";

  /** A request with the key it was made for. */
  public record WithKey(String pem, PrivateKey key) {}

  /** Makes a new key and a request for a certificate with the profile's names. */
  public static WithKey create(CertificateProfile profile) {
    KeyPair pair = Keys.generate();
    List<byte[]> names = CertificateAuthority.alternativeNames(profile);
    byte[] attributes = new byte[0];
    if (!names.isEmpty()) {
      byte[] extension = Der.sequence(Der.oid(ALTERNATIVE_NAMES), Der.octets(Der.sequence(names)));
      attributes = Der.sequence(Der.oid(EXTENSION_REQUEST), Der.set(Der.sequence(extension)));
    }
    byte[] info =
        Der.sequence(
            Der.integer(BigInteger.ZERO),
            profile.subject().encode(),
            pair.getPublic().getEncoded(),
            Der.explicit(0, attributes));
    byte[] request =
        Der.sequence(
            info,
            Keys.signatureAlgorithm(pair.getPrivate()),
            Der.bits(Keys.sign(pair.getPrivate(), info)));
    return new WithKey(PemText.block("CERTIFICATE REQUEST", request), pair.getPrivate());
  }

  /**
   * Reads a request and checks that its sender has the private key.
   *
   * @throws PkiException if it is malformed or the signature does not match
   */
  public static CertificateRequest parse(String pem) {
    List<PemText.Block> blocks = PemText.blocks(pem);
    if (blocks.isEmpty() || !blocks.getFirst().type().equals("CERTIFICATE REQUEST")) {
      throw new PkiException("PEM block type must be CERTIFICATE REQUEST");
    }
    try {
      DerReader request = new DerReader(blocks.getFirst().content()).enter(Der.SEQUENCE);
      byte[] info = request.whole();
      String algorithm = request.enter(Der.SEQUENCE).oid();
      CertificateRequest parsed = parseInfo(info);
      if (!Keys.verify(algorithm, parsed.publicKey, info, request.bits())) {
        throw new PkiException("the request's signature does not match its key");
      }
      return parsed;
    } catch (IllegalArgumentException | UnknownHostException e) {
      throw new PkiException("malformed certificate request", e);
    }
  }

  private static CertificateRequest parseInfo(byte[] encoded) throws UnknownHostException {
    DerReader info = new DerReader(encoded).enter(Der.SEQUENCE);
    info.skip();
    DistinguishedName subject = DistinguishedName.parse(info.whole());
    PublicKey key = PemText.publicKey(info.whole());
    List<String> dns = new ArrayList<>();
    List<String> ips = new ArrayList<>();
    int others = 0;
    DerReader attributes = info.peek() == 0xa0 ? info.enter(0xa0) : new DerReader(new byte[0]);
    while (attributes.hasMore()) {
      DerReader attribute = attributes.enter(Der.SEQUENCE);
      if (attribute.oid().equals(EXTENSION_REQUEST)) {
        others += readExtensions(attribute.enter(Der.SET).enter(Der.SEQUENCE), dns, ips);
      }
    }
    return new CertificateRequest(subject, key, dns, ips, others);
  }

  private static int readExtensions(DerReader extensions, List<String> dns, List<String> ips)
      throws UnknownHostException {
    int others = 0;
    while (extensions.hasMore()) {
      DerReader extension = extensions.enter(Der.SEQUENCE);
      if (!extension.oid().equals(ALTERNATIVE_NAMES)) {
        continue;
      }
      if (extension.peek() == Der.BOOLEAN) {
        extension.skip();
      }
      DerReader names = new DerReader(extension.content(Der.OCTET_STRING)).enter(Der.SEQUENCE);
      while (names.hasMore()) {
        int tag = names.peek();
        byte[] content = names.content(tag);
        switch (tag & 0x1f) {
          case 2 -> dns.add(new String(content, StandardCharsets.US_ASCII));
          case 7 -> ips.add(InetAddress.getByAddress(content).getHostAddress());
          default -> others++;
        }
      }
    }
    return others;
  }
}
