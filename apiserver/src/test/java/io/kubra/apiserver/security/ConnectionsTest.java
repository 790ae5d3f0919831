package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.UpgradeException;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.websocket.WebSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionsTest {
  private static final String POD = "/api/v1/namespaces/default/pods/p";

  @TempDir Path folder;
  private SecuredServer server;
  private FakeKubelet kubelet;
  private HttpClient client;

  @BeforeEach
  void start() throws InterruptedException {
    server = new SecuredServer(folder);
    kubelet = new FakeKubelet(server.pki());
    var admin = server.pki().certificate("admin", ClusterIdentities.admin());
    client =
        HttpClient.builder()
            .tls(
                ClientTls.trusting(List.of(server.pki().authority().certificate()))
                    .withKey(admin::keyMaterial))
            .build();
    server
        .objects()
        .create(
            new io.kubra.api.meta.GroupResource("", "nodes"),
            SecuredServer.json("{'apiVersion':'v1','kind':'Node','metadata':{'name':'n1'}}"));
    var node = server.objects().get(new io.kubra.api.meta.GroupResource("", "nodes"), "", "n1");
    node.putAll(
        SecuredServer.json(
            "{'status':{'addresses':[{'type':'InternalIP','address':'127.0.0.1'}],"
                + "'daemonEndpoints':{'kubeletEndpoint':{'Port':"
                + kubelet.port()
                + "}}}}"));
    server.objects().updateStatus(new io.kubra.api.meta.GroupResource("", "nodes"), node);
    server
        .objects()
        .create(
            new io.kubra.api.meta.GroupResource("", "pods"),
            SecuredServer.json(
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'default'},"
                    + "'spec':{'nodeName':'n1','containers':[{'name':'main','image':'i'},"
                    + "{'name':'starting','image':'i'}]}}"));
  }

  @AfterEach
  void stop() {
    client.close();
    kubelet.close();
    server.close();
  }

  private URI uri(String path) {
    return server.uri().resolve(path);
  }

  private String text(String path, int status) {
    try (HttpClientResponse response = client.send(HttpRequest.get(uri(path)))) {
      String body = new String(response.bytes(), StandardCharsets.UTF_8);
      assertThat(response.status()).as(body).isEqualTo(status);
      return body;
    }
  }

  @Test
  void aLogIsReadFromTheNodeWithTheServersOwnCertificate() {
    assertThat(text(POD + "/log?container=main&tailLines=5&timestamps=true", 200))
        .isEqualTo("first line\nlast line\n");
    assertThat(kubelet.requests)
        .containsExactly("GET /containerLogs/default/p/main?timestamps=true&tailLines=5");
    assertThat(kubelet.callers.getFirst()).contains("CN=kube-apiserver-kubelet-client");
  }

  @Test
  void aFollowedLogComesLineByLine() throws IOException {
    try (HttpClientResponse response =
            client.send(HttpRequest.get(uri(POD + "/log?container=main&follow=true")));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("first line");
      kubelet.endOfLog.countDown();
      assertThat(lines.readLine()).isEqualTo("last line");
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void whichContainerMustBeClear() {
    assertThat(text(POD + "/log", 400))
        .contains("a container name must be specified for pod p, choose one of: [main starting]");
    assertThat(text(POD + "/log?container=nope", 400))
        .contains("container nope is not valid for pod p");
  }

  @Test
  void whatTheNodeRefusesIsRefused() {
    assertThat(text(POD + "/log?container=starting", 400))
        .contains("is waiting to start: ContainerCreating")
        .contains("\"reason\":\"BadRequest\"");
    assertThat(text(POD + "/log?container=main&tailLines=-1", 422))
        .contains("must be greater than or equal to 0");
  }

  @Test
  void aWatchSendsItsEventsOverAWebSocket() {
    URI watch = uri("/api/v1/namespaces/default/pods?watch=true");
    try (WebSocket socket = client.connectWebSocket(watch, new HttpHeaders(), List.of())) {
      assertThat(socket.receive())
          .isInstanceOfSatisfying(
              WebSocket.Frame.Text.class,
              event ->
                  assertThat(event.text())
                      .startsWith("{\"type\":\"ADDED\"")
                      .contains("\"name\":\"p\""));
    }
    HttpHeaders protobuf =
        new HttpHeaders().set("Accept", "application/vnd.kubernetes.protobuf;stream=watch");
    try (WebSocket socket = client.connectWebSocket(watch, protobuf, List.of())) {
      assertThat(socket.receive())
          .isInstanceOfSatisfying(
              WebSocket.Frame.Binary.class,
              event -> assertThat(event.bytes()).startsWith(10, 5, 'A', 'D', 'D', 'E', 'D'));
    }
  }

  @Test
  void execTalksToTheNodeInTheClientsProtocol() {
    URI exec =
        URI.create(
            uri(POD
                    + "/exec?container=main&command=sh&command=-c&command=echo%20a%26b&stdin=true&stdout=true")
                .toString());
    try (WebSocket socket =
        client.connectWebSocket(exec, new HttpHeaders(), List.of("v5.channel.k8s.io"))) {
      assertThat(socket.subprotocol()).isEqualTo("v5.channel.k8s.io");
      socket.sendBinary(new byte[] {0, 'h', 'i'});
      assertThat(socket.receive())
          .isInstanceOfSatisfying(
              WebSocket.Frame.Binary.class,
              message -> assertThat(message.bytes()).containsExactly(0, 'h', 'i'));
    }
    assertThat(kubelet.requests)
        .containsExactly(
            "GET /exec/default/p/main?command=sh&command=-c&command=echo%20a%26b&input=1&output=1");
  }

  @Test
  void execWithoutAnUpgradeIsABadRequest() {
    assertThat(text(POD + "/exec?container=main&command=ls", 400))
        .contains("Upgrade request required");
  }

  @Test
  void whatIsNoUpgradeForTheNodeFailsWithItsStatus() {
    assertThatThrownBy(
            () ->
                client.connectWebSocket(
                    uri(POD + "/exec?container=nope&command=ls"),
                    new HttpHeaders(),
                    List.of("v5.channel.k8s.io")))
        .isInstanceOfSatisfying(
            UpgradeException.class,
            e -> {
              assertThat(e.status()).isEqualTo(400);
              assertThat(e.text()).contains("container nope is not valid for pod p");
            });
  }

  @Test
  void nodesAreProxied() {
    assertThat(text("/api/v1/nodes/n1/proxy/stats/summary?only=cpu", 200))
        .isEqualTo("served /stats/summary?only=cpu");
    try (HttpClientResponse response =
        client.send(HttpRequest.get(uri("/api/v1/nodes/n1/proxy/redirect")))) {
      assertThat(response.status()).isEqualTo(302);
      assertThat(response.headers().get("Location")).isEqualTo("/api/v1/nodes/n1/proxy/elsewhere");
    }
    try (HttpClientResponse response =
        client.send(HttpRequest.get(uri("/api/v1/nodes/n1/proxy")))) {
      assertThat(response.status()).isEqualTo(301);
    }
  }

  @Test
  void aServiceWithoutEndpointsIsUnavailable() {
    server.admin(
        "POST",
        "/api/v1/namespaces/default/services",
        SecuredServer.json(
            "{'apiVersion':'v1','kind':'Service','metadata':{'name':'web'},"
                + "'spec':{'ports':[{'port':80}]}}"));
    assertThat(text("/api/v1/namespaces/default/services/web/proxy/", 503))
        .contains("no endpoints available for service \\\"web\\\"");
  }

  @Test
  void aClientCertificateIsItsUser() {
    var dev =
        server
            .pki()
            .certificate("dev", io.kubra.apiserver.pki.CertificateProfile.client("dev", "team"));
    try (HttpClient other =
            HttpClient.builder()
                .tls(
                    ClientTls.trusting(List.of(server.pki().authority().certificate()))
                        .withKey(dev::keyMaterial))
                .build();
        HttpClientResponse response = other.send(HttpRequest.get(uri("/api/v1/pods")))) {
      assertThat(response.status()).isEqualTo(403);
      assertThat(new String(response.bytes(), StandardCharsets.UTF_8))
          .contains("User \\\"dev\\\" cannot list resource \\\"pods\\\"");
    }
  }
}
