package io.kubra.apiserver.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPkiTest {
  @TempDir Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  private ClusterPki open() {
    return ClusterPki.open(folder.resolve("pki"), now::get);
  }

  private static CertificateProfile server(String... names) {
    return ClusterIdentities.apiServer(
        "cluster.local", List.of(names), List.of("10.96.0.1", "fd00::1"));
  }

  @Test
  void whatItIssuesIsValidToTheJdk() throws Exception {
    ClusterPki pki = open();
    X509Certificate certificate =
        pki.certificate("apiserver", server("api.example")).get().certificate();
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(pki.authority().certificate(), null)));
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
            parameters);
    assertThat(certificate.getSubjectAlternativeNames().toString())
        .contains("kubernetes.default.svc.cluster.local", "api.example", "10.96.0.1");
    assertThat(pki.authority().certificate().getBasicConstraints()).isNotNegative();
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void everythingIsFoundAgain() {
    ClusterPki first = open();
    var certificate = first.certificate("apiserver", server()).get().certificate();
    ClusterPki second = open();
    assertThat(second.authority().certificate()).isEqualTo(first.authority().certificate());
    assertThat(second.certificate("apiserver", server()).get().certificate())
        .isEqualTo(certificate);
    assertThat(second.tokenKeys().accepted()).isEqualTo(first.tokenKeys().accepted());
  }

  @Test
  void newNamesMakeANewCertificate() {
    var before = open().certificate("apiserver", server()).get().certificate();
    var after = open().certificate("apiserver", server("other")).get().certificate();
    assertThat(after).isNotEqualTo(before);
  }

  @Test
  void aCertificateIsRenewedWhenAThirdOfItsLifeIsLeft() {
    ClusterPki pki = open();
    IssuedCertificate issued = pki.certificate("admin", ClusterIdentities.admin());
    AtomicInteger changes = new AtomicInteger();
    issued.onChange(changes::incrementAndGet);
    var first = issued.keyMaterial();
    now.updateAndGet(t -> t.plus(Duration.ofDays(200)));
    pki.refresh();
    assertThat(issued.keyMaterial()).isSameAs(first);
    now.updateAndGet(t -> t.plus(Duration.ofDays(60)));
    pki.refresh();
    assertThat(issued.keyMaterial().leaf()).isNotEqualTo(first.leaf());
    assertThat(changes).hasValue(1);
  }

  @Test
  void onlyTheOwnerReadsTheFiles() throws Exception {
    open().certificate("admin", ClusterIdentities.admin());
    try (Stream<Path> files = Files.list(folder.resolve("pki"))) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .as(file.toString())
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void anAuthorityWithoutItsKeyIsNotReplaced() throws Exception {
    open();
    Files.delete(folder.resolve("pki/ca.key"));
    assertThatThrownBy(this::open).isInstanceOf(PkiException.class).hasMessageContaining("ca.crt");
  }

  @Test
  void aKeyThatIsNotTheCertificatesIsReplacedWithIt() throws Exception {
    ClusterPki pki = open();
    var before = pki.certificate("admin", ClusterIdentities.admin()).get();
    pki.certificate("other", ClusterIdentities.scheduler());
    Path folderOfKeys = folder.resolve("pki");
    Files.copy(
        folderOfKeys.resolve("other.key"),
        folderOfKeys.resolve("admin.key"),
        StandardCopyOption.REPLACE_EXISTING);
    var after = open().certificate("admin", ClusterIdentities.admin()).get();
    assertThat(after.certificate()).isNotEqualTo(before.certificate());
  }

  @Test
  void aRequestIsReadBackAsItWasMade() {
    CertificateProfile profile =
        ClusterIdentities.kubeletServing("n1", List.of("n1", "n1.example"), List.of("10.0.0.7"));
    CertificateRequest request = CertificateRequest.parse(CertificateRequest.create(profile).pem());
    assertThat(request.subject()).isEqualTo(DistinguishedName.of("system:node:n1", "system:nodes"));
    assertThat(request.dnsNames()).containsExactly("n1", "n1.example");
    assertThat(request.ipAddresses()).containsExactly("10.0.0.7");
  }

  @Test
  void aRequestThatWasChangedIsRefused() {
    String pem = CertificateRequest.create(ClusterIdentities.node("n1")).pem();
    byte[] der = PemText.blocks(pem).getFirst().content();
    for (int i = 0; i < der.length; i++) {
      byte[] changed = der.clone();
      changed[i] ^= 0x20;
      String text = PemText.block("CERTIFICATE REQUEST", changed);
      try {
        CertificateRequest request = CertificateRequest.parse(text);
        assertThat(request).as("byte %d", i).isNull();
      } catch (PkiException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      }
    }
  }
}
