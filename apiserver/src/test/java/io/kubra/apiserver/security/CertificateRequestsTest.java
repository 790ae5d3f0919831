package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.CertificateRequest;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.PemText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateRequestsTest {
  private static final String PATH = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final UserInfo JOINING =
      UserInfo.of("system:bootstrap:abcdef", "system:bootstrappers");

  @TempDir static Path folder;
  private static SecuredServer server;

  @BeforeAll
  static void start() throws InterruptedException {
    server = new SecuredServer(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static SecuredServer.Answer ask(
      UserInfo user, String name, String signer, String usage, String pem) {
    return server.as(
        user,
        "POST",
        PATH,
        Map.of(
            "apiVersion",
            "certificates.k8s.io/v1",
            "kind",
            "CertificateSigningRequest",
            "metadata",
            Map.of("name", name),
            "spec",
            Map.of(
                "signerName",
                signer,
                "usages",
                List.of("digital signature", usage),
                "request",
                Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)))));
  }

  private static X509Certificate issued(String name) {
    Map<String, Object> object = server.admin("GET", PATH + "/" + name, null).tree();
    String encoded = Trees.stringOr(object, "", "status", "certificate");
    assertThat(encoded).as(object.toString()).isNotEmpty();
    String pem = new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
    return PemText.certificates(pem).getFirst();
  }

  @Test
  void aJoiningNodeGetsItsCertificate() {
    var request = CertificateRequest.create(ClusterIdentities.node("edge-1"));
    var created =
        ask(
            JOINING,
            "join",
            "kubernetes.io/kube-apiserver-client-kubelet",
            "client auth",
            request.pem());
    assertThat(created.status()).as(created.message()).isEqualTo(201);
    await()
        .untilAsserted(
            () -> {
              X509Certificate certificate = issued("join");
              certificate.verify(server.pki().authority().certificate().getPublicKey());
              assertThat(certificate.getSubjectX500Principal().getName())
                  .contains("CN=system:node:edge-1")
                  .contains("O=system:nodes");
            });
    assertThat(server.admin("GET", PATH + "/join", null).tree().toString())
        .contains("type=Approved");
  }

  @Test
  void aServingCertificateWaitsForTheNodesAddresses() {
    UserInfo node = UserInfo.of("system:node:n7", "system:nodes");
    var request =
        CertificateRequest.create(
            ClusterIdentities.kubeletServing("n7", List.of("n7"), List.of("10.1.2.3")));
    var created =
        ask(node, "serving", "kubernetes.io/kubelet-serving", "server auth", request.pem());
    assertThat(created.status()).as(created.message()).isEqualTo(201);
    server.admin(
        "POST",
        "/api/v1/nodes",
        SecuredServer.json("{'apiVersion':'v1','kind':'Node','metadata':{'name':'n7'}}"));
    assertThat(
            Trees.get(server.admin("GET", PATH + "/serving", null).tree(), "status", "certificate"))
        .isNull();
    Map<String, Object> object = server.admin("GET", "/api/v1/nodes/n7", null).tree();
    Trees.set(
        object,
        List.of(Map.of("type", "InternalIP", "address", "10.1.2.3")),
        "status",
        "addresses");
    server.admin("PUT", "/api/v1/nodes/n7/status", object);
    await()
        .untilAsserted(() -> assertThat(issued("serving").getSubjectAlternativeNames()).hasSize(2));
  }

  @Test
  void aMalformedRequestIsRefused() {
    var answer =
        ask(
            JOINING,
            "bad",
            "kubernetes.io/kube-apiserver-client-kubelet",
            "client auth",
            "nonsense");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).contains("PEM block type must be CERTIFICATE REQUEST");
  }

  @Test
  void anAdministratorApprovesWhatIsNotApprovedByItself() {
    var request = CertificateRequest.create(CertificateProfile.client("jane", "devs"));
    ask(
        UserInfo.of("system:node:x", "system:nodes"),
        "jane",
        "kubernetes.io/kube-apiserver-client",
        "client auth",
        request.pem());
    Map<String, Object> object = server.admin("GET", PATH + "/jane", null).tree();
    assertThat(Trees.string(object, "spec", "username")).isEqualTo("system:node:x");
    Trees.set(
        object,
        List.of(Map.of("type", "Approved", "status", "True", "reason", "ByHand")),
        "status",
        "conditions");
    var approved = server.admin("PUT", PATH + "/jane/approval", object);
    assertThat(approved.status()).as(approved.message()).isEqualTo(200);
    await().untilAsserted(() -> assertThat(issued("jane")).isNotNull());
  }

  @Test
  void nobodyGetsACertificateForTheGroupThatMayDoEverything() {
    var request = CertificateRequest.create(ClusterIdentities.admin());
    var answer =
        ask(
            SecuredServer.ADMIN,
            "root",
            "kubernetes.io/kube-apiserver-client",
            "client auth",
            request.pem());
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message())
        .endsWith(
            "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed");
  }
}
