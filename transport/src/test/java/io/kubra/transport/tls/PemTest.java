package io.kubra.transport.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.transport.TestCertificates;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PemTest {
  private static KeyPair pair(String kind) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.startsWith("EC") ? "EC" : kind);
    switch (kind) {
      case "RSA" -> generator.initialize(2048);
      case "EC-256" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
      case "EC-384" -> generator.initialize(new ECGenParameterSpec("secp384r1"));
      default -> {}
    }
    return generator.generateKeyPair();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC-256", "EC-384", "Ed25519"})
  void keysSurviveWritingAndReading(String kind) throws Exception {
    KeyPair pair = pair(kind);
    assertThat(Pem.privateKey(Pem.write(pair.getPrivate()))).isEqualTo(pair.getPrivate());
    assertThat(Pem.publicKeys(Pem.write(pair.getPublic()))).containsExactly(pair.getPublic());
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC-256", "EC-384"})
  void keysInTheirOldFormatsAreRead(String kind) throws Exception {
    PrivateKey key = pair(kind).getPrivate();
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
    byte[] old =
        key instanceof ECPrivateKey elliptic
            ? Pem.write(
                "EC PRIVATE KEY",
                new org.bouncycastle.asn1.sec.ECPrivateKey(
                        elliptic.getParams().getOrder().bitLength(),
                        elliptic.getS(),
                        info.getPrivateKeyAlgorithm().getParameters())
                    .getEncoded())
            : Pem.write("RSA PRIVATE KEY", info.getPrivateKey().getOctets());
    PrivateKey read = Pem.privateKey(old);
    if (key instanceof ECPrivateKey elliptic) {
      assertThat(((ECPrivateKey) read).getS()).isEqualTo(elliptic.getS());
    } else {
      assertThat(read).isEqualTo(key);
    }
  }

  @Test
  void certificatesAreFoundBetweenOtherText() {
    TestCertificates authority = new TestCertificates("ca");
    KeyMaterial material = authority.server("node");
    String text =
        "# first\n"
            + new String(Pem.write(material.leaf()), UTF_8)
            + "subject=ca\n"
            + new String(Pem.write(authority.trust()), UTF_8)
            + new String(Pem.write(material.key()), UTF_8);
    assertThat(Pem.certificates(text.getBytes(UTF_8)))
        .containsExactly(material.leaf(), authority.trust().get(0));
    assertThat(KeyMaterial.fromPem(text.getBytes(UTF_8), text.getBytes(UTF_8)).key())
        .isEqualTo(material.key());
  }

  @Test
  void whatIsMissingOrMalformedIsSaid() {
    assertThatThrownBy(() -> Pem.certificates("hello".getBytes(UTF_8)))
        .isInstanceOf(PemException.class)
        .hasMessage("no certificate found in PEM text");
    assertThatThrownBy(() -> Pem.privateKey("".getBytes(UTF_8)))
        .isInstanceOf(PemException.class)
        .hasMessage("no private key found in PEM text");
    byte[] nonsense = Pem.write("EC PRIVATE KEY", new byte[] {0x30, 0x03, 0x02, 0x01, 0x01});
    assertThatThrownBy(() -> Pem.privateKey(nonsense)).isInstanceOf(PemException.class);
    assertThatThrownBy(() -> Pem.certificate(new byte[] {1, 2, 3}))
        .isInstanceOf(PemException.class);
  }

  @Test
  void aNewKeyIsUsedAtTheNextHandshake() {
    TestCertificates authority = new TestCertificates("ca");
    KeyMaterial[] current = {authority.server("one")};
    ReloadingKeys keys = new ReloadingKeys(() -> current[0]);
    String first = keys.chooseEngineServerAlias("EC", null, null);
    current[0] = authority.server("two");
    String second = keys.chooseEngineServerAlias("EC", null, null);
    assertThat(keys.getCertificateChain(first)[0].getSubjectX500Principal().getName())
        .isEqualTo("CN=one");
    assertThat(keys.getCertificateChain(second)[0].getSubjectX500Principal().getName())
        .isEqualTo("CN=two");
    assertThat(keys.chooseEngineServerAlias("RSA", null, null)).isNull();
  }
}
