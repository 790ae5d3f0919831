package io.kubra.apiserver.standard;

import io.kubra.api.schema.Catalogue;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.ExternalAccess;
import io.kubra.apiserver.SecuritySetup;
import io.kubra.apiserver.aggregation.Aggregation;
import io.kubra.apiserver.audit.Auditor;
import io.kubra.apiserver.discovery.DiscoveryEndpoint;
import io.kubra.apiserver.encryption.EncryptionFile;
import io.kubra.apiserver.file.FollowedFile;
import io.kubra.apiserver.health.VersionEndpoint;
import io.kubra.apiserver.openapi.ForeignDocuments;
import io.kubra.apiserver.openapi.OpenApiEndpoint;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.IssuedCertificate;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.apiserver.targets.ScrapeTargets;
import io.kubra.store.Store;
import io.kubra.transport.http.HttpHandler;
import io.kubra.transport.tls.ServerTls;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API server with TLS, all authenticators, node and RBAC authorisation, the default admission
 * plugins and all endpoints. Certificates are renewed while it runs.
 */
public final class StandardApiServer implements AutoCloseable {
  private static final Duration RENEWAL_CHECK = Duration.ofHours(1);

  private final ClusterPki pki;
  private final SecuritySetup security;
  private final ApiServer server;
  private final ServerTls tls;
  private final Aggregation aggregation;
  private final @Nullable Auditor auditor;
  private final @Nullable EncryptionFile encryption;
  private final List<FollowedFile> followed;

  private StandardApiServer(
      ClusterPki pki,
      SecuritySetup security,
      ApiServer server,
      ServerTls tls,
      Aggregation aggregation,
      @Nullable Auditor auditor,
      @Nullable EncryptionFile encryption,
      List<FollowedFile> followed) {
    this.auditor = auditor;
    this.encryption = encryption;
    this.followed = List.copyOf(followed);
    this.tls = tls;
    this.aggregation = aggregation;
    this.pki = pki;
    this.security = security;
    this.server = server;
  }

  /** Builds and starts a server on a store, which stays the caller's. */
  public static StandardApiServer start(StandardConfig config, Store store) {
    ClusterPki pki = ClusterPki.open(config.pki());
    int port = config.bind().getPort();
    String url = "https://" + config.advertiseAddress() + ":" + port;
    SecuritySetup security =
        new SecuritySetup(
            pki,
            "https://kubernetes.default.svc." + config.clusterDomain(),
            url,
            Clock.systemUTC());
    ExternalAccess access = config.flags().externalAccess();
    Catalogue catalogue = Catalogue.extensible();
    ForeignDocuments documents = new ForeignDocuments();
    security
        .unrestrictedPrivileged(config.unrestrictedPrivileged())
        .podSecurity(config.flags().podSecurity())
        .externalAccess(access);
    Auditor auditor =
        config.flags().audit().map(a -> a.open(config.metrics(), Clock.systemUTC())).orElse(null);
    EncryptionFile encryption =
        config
            .flags()
            .encryption()
            .map(file -> EncryptionFile.open(file, store, FollowedFile.INTERVAL, config.metrics()))
            .orElse(null);
    ApiServer.Builder builder =
        ApiServer.builder(encryption == null ? store : encryption.store())
            .catalogue(catalogue)
            .metrics(config.metrics())
            .features(config.features())
            .rules(BuiltinRules.registry(config.features()))
            .serviceCidrs(List.of(config.serviceCidr()))
            .advertise(config.advertiseAddress(), port)
            .auditor(auditor)
            .priorityAndFairness(config.flags().priorityAndFairness())
            .maxInFlight(config.flags().maxReads(), config.flags().maxWrites())
            .endpoint(ScrapeTargets::new)
            .endpoint(objects -> new DiscoveryEndpoint(catalogue))
            .endpoint(
                objects -> new OpenApiEndpoint(catalogue, VersionEndpoint.GIT_VERSION, documents));
    if (config.metricsApi()) {
      security.addMetricsApi(builder, catalogue);
    }
    ServerTls tls = tls(config, pki);
    ApiServer server = security.applyTo(builder).bind(config.bind(), tls).build();
    server.start();
    if (encryption != null) {
      encryption.start();
    }
    List<FollowedFile> followed = config.flags().followed(access);
    followed.forEach(FollowedFile::start);
    IssuedCertificate frontProxy =
        pki.frontProxyCertificate("front-proxy-client", ClusterIdentities.frontProxyClient());
    Aggregation aggregation =
        new Aggregation(
            server.objects(),
            server.groups(),
            catalogue,
            frontProxy::keyMaterial,
            documents,
            builder.metrics(),
            Clock.systemUTC());
    aggregation.start();
    pki.startRenewal(RENEWAL_CHECK);
    return new StandardApiServer(
        pki, security, server, tls, aggregation, auditor, encryption, followed);
  }

  private static ServerTls tls(StandardConfig config, ClusterPki pki) {
    List<String> addresses = new ArrayList<>(config.serverAddresses());
    addresses.add(config.advertiseAddress());
    addresses.add(firstAddress(config.serviceCidr()));
    return SecuritySetup.serverTls(
        pki, ClusterIdentities.apiServer(config.clusterDomain(), List.of(), addresses));
  }

  /** The first usable address of a network, which is the cluster IP of the API server. */
  private static String firstAddress(String cidr) {
    String network = cidr.substring(0, cidr.indexOf('/'));
    int dot = network.lastIndexOf('.');
    return network.substring(0, dot + 1) + (Integer.parseInt(network.substring(dot + 1)) + 1);
  }

  /** Serves requests from inside the process, which say who they are by a UserInfo attribute. */
  public HttpHandler handler() {
    return server.handler();
  }

  /** The server proper. */
  public ApiServer server() {
    return server;
  }

  /** With which certificate it serves, and whose clients' certificates it takes. */
  public ServerTls tls() {
    return tls;
  }

  /** The cluster's certificates. */
  public ClusterPki pki() {
    return pki;
  }

  @Override
  public void close() {
    aggregation.close();
    followed.forEach(FollowedFile::close);
    if (encryption != null) {
      encryption.close();
    }
    server.close();
    security.close();
    if (auditor != null) {
      auditor.close();
    }
    pki.close();
  }
}
