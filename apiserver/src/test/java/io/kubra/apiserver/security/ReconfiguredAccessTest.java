package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.ExternalAccess;
import io.kubra.apiserver.SecuritySetup;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.authz.AuthorizationConfig;
import io.kubra.apiserver.authz.AuthorizationConfig.Step;
import io.kubra.apiserver.jwt.AuthenticationConfig;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.local.LocalTransport;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconfiguredAccessTest {
  private static final URI MAPS = URI.create("/api/v1/namespaces/default/configmaps");

  @TempDir Path folder;

  @Test
  void whoIsKnownAndWhoDecidesMayChangeWhileTheServerRuns() throws Exception {
    ExternalAccess access = ExternalAccess.none();
    try (Store store = EmbeddedStore.inMemory();
        ClusterPki pki = ClusterPki.open(folder);
        SecuritySetup security =
            new SecuritySetup(
                    pki, SecuredServer.ISSUER, "https://127.0.0.1:6443", Clock.systemUTC())
                .externalAccess(access);
        ApiServer server =
            security.applyTo(ApiServer.builder(store).rules(BuiltinRules.registry())).build()) {
      server.start();
      server.awaitReady();
      LocalTransport transport = new LocalTransport(server.handler());
      HttpRequest anonymous = HttpRequest.of("GET", MAPS, new HttpHeaders());
      HttpRequest jane = anonymous.withAttribute(UserInfo.class, UserInfo.of("jane"));
      assertThat(status(transport, anonymous)).isEqualTo(401);
      assertThat(status(transport, jane)).isEqualTo(403);

      access.configure(
          AuthenticationConfig.of(
              SecuredServer.json(
                  "{'apiVersion':'apiserver.config.k8s.io/v1','kind':'AuthenticationConfiguration','anonymous':{'enabled':true}}")));
      access.configure(new AuthorizationConfig(List.of(new Step.AlwaysAllow())));

      assertThat(status(transport, anonymous)).isEqualTo(200);
      assertThat(status(transport, jane)).isEqualTo(200);

      access.configure(AuthorizationConfig.DEFAULT);
      assertThat(status(transport, anonymous)).isEqualTo(403);
      assertThat(status(transport, jane)).isEqualTo(403);
    }
  }

  @Test
  void ofAWrongConfigurationNothingIsTaken() throws Exception {
    ExternalAccess access = ExternalAccess.none();
    try (Store store = EmbeddedStore.inMemory();
        ClusterPki pki = ClusterPki.open(folder);
        SecuritySetup security =
            new SecuritySetup(
                    pki, SecuredServer.ISSUER, "https://127.0.0.1:6443", Clock.systemUTC())
                .externalAccess(access);
        ApiServer server =
            security.applyTo(ApiServer.builder(store).rules(BuiltinRules.registry())).build()) {
      server.start();
      server.awaitReady();
      LocalTransport transport = new LocalTransport(server.handler());
      AuthenticationConfig wrong =
          AuthenticationConfig.of(
              SecuredServer.json(
                  "{'apiVersion':'apiserver.config.k8s.io/v1','kind':'AuthenticationConfiguration','anonymous':{'enabled':true},'jwt':[{'issuer':{'url':'https://a','audiences':['x'],'certificateAuthority':'-----BEGIN CERTIFICATE-----'},'claimMappings':{'username':{'claim':'sub','prefix':''}}}]}"));

      assertThatThrownBy(() -> access.configure(wrong)).isInstanceOf(RuntimeException.class);

      assertThat(status(transport, HttpRequest.of("GET", MAPS, new HttpHeaders())))
          .as("anonymous requests are refused as before")
          .isEqualTo(401);
    }
  }

  private static int status(LocalTransport transport, HttpRequest request) {
    try (HttpClientResponse response = transport.send(request)) {
      return response.status();
    }
  }
}
