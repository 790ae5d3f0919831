package io.kubra.controllers;

import static org.awaitility.Awaitility.await;

import io.kubra.api.schema.Catalogue;
import io.kubra.apiserver.SecuritySetup;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.discovery.DiscoveryEndpoint;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.ResourceClient;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ResourceType;
import io.kubra.model.core.v1.Namespace;
import io.kubra.model.core.v1.ServiceAccount;
import io.kubra.model.meta.v1.ObjectMeta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** An API server in memory with all its guards, all controllers, and a clock to turn. */
final class ControlledCluster implements AutoCloseable {
  static final String ROOT_CA = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
  private static final String ACCOUNT = "system:serviceaccount:";
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Path folder;
  private final SecuritySetup security;
  private final TestingApiServer server;
  private final ApiClient admin;
  private final FakeKubelet kubelet;
  private final Controllers controllers;
  private volatile Duration ahead = Duration.ZERO;

  ControlledCluster() {
    try {
      folder = Files.createTempDirectory("kubra-controllers");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    security =
        new SecuritySetup(
            ClusterPki.open(folder),
            "https://kubernetes.default.svc.cluster.local",
            "https://127.0.0.1:6443",
            Clock.systemUTC());
    server =
        TestingApiServer.start(
            builder ->
                security
                    .applyTo(builder.rules(BuiltinRules.registry()))
                    .endpoint(o -> new DiscoveryEndpoint(Catalogue.builtin())));
    admin = as(UserInfo.of("admin", UserInfo.MASTERS, "system:authenticated"));
    kubelet = new FakeKubelet(admin);
    controllers =
        Controllers.start(
            user -> as(identity(user)),
            new ControllerConfig("10.244.0.0/16", 24, ROOT_CA),
            this::now,
            new MetricRegistry());
  }

  private static UserInfo identity(String user) {
    return user.startsWith(ACCOUNT)
        ? UserInfo.of(
            user,
            "system:serviceaccounts",
            "system:serviceaccounts:kube-system",
            "system:authenticated")
        : UserInfo.of(user, "system:authenticated");
  }

  private ApiClient as(UserInfo user) {
    return ApiClient.local(server.transport(), UserInfo.class, user, "test");
  }

  /** Plays the kubelet of all nodes: makes pods ready and lets deleted ones go. */
  FakeKubelet kubelet() {
    return kubelet;
  }

  ApiClient admin() {
    return admin;
  }

  TestingApiServer server() {
    return server;
  }

  <T extends KubernetesObject> ResourceClient<T> resource(ResourceType<T> type) {
    return admin.resource(type);
  }

  <T extends KubernetesObject> List<T> list(ResourceType<T> type, String namespace) {
    return resource(type).list(namespace, ListOptions.ALL).items();
  }

  /** The time on the controllers' clock. */
  Instant now() {
    return Instant.now().plus(ahead);
  }

  /** Lets the controllers' clock jump. */
  void advance(Duration time) {
    ahead = ahead.plus(time);
  }

  /** A new namespace that is ready for pods. */
  String namespace() {
    String name = "ns-" + NAMES.incrementAndGet();
    resource(Namespace.RESOURCE)
        .create(Namespace.builder().metadata(ObjectMeta.builder().name(name).build()).build());
    await().until(() -> resource(ServiceAccount.RESOURCE).find(name, "default").isPresent());
    return name;
  }

  @Override
  public void close() {
    controllers.close();
    kubelet.close();
    server.close();
    security.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
