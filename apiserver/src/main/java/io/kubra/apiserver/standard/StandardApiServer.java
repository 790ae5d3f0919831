package io.kubra.apiserver.standard;

import io.kubra.api.schema.Catalogue;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.admission.plugin.DefaultPlugins;
import io.kubra.apiserver.auth.Authenticator;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.AuthorizerChain;
import io.kubra.apiserver.auth.BearerTokenAuthenticator;
import io.kubra.apiserver.auth.CertificateAuthenticator;
import io.kubra.apiserver.auth.RequestAuthenticator;
import io.kubra.apiserver.auth.TokenAuthenticator;
import io.kubra.apiserver.connect.NodeProxy;
import io.kubra.apiserver.connect.PodExec;
import io.kubra.apiserver.connect.PodLog;
import io.kubra.apiserver.connect.PodPortForward;
import io.kubra.apiserver.connect.PodProxy;
import io.kubra.apiserver.connect.ServiceProxy;
import io.kubra.apiserver.discovery.DiscoveryEndpoint;
import io.kubra.apiserver.health.VersionEndpoint;
import io.kubra.apiserver.node.KubeletConnector;
import io.kubra.apiserver.node.NodeConnector;
import io.kubra.apiserver.nodeauth.NodeAuthorizer;
import io.kubra.apiserver.openapi.OpenApiEndpoint;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.Credentials;
import io.kubra.apiserver.pki.IssuedCertificate;
import io.kubra.apiserver.rbac.BootstrapRoles;
import io.kubra.apiserver.rbac.RbacAuthorizer;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.review.AccessReviews;
import io.kubra.apiserver.review.RulesReviews;
import io.kubra.apiserver.review.SelfSubjectReviews;
import io.kubra.apiserver.review.TokenReviews;
import io.kubra.apiserver.token.BootstrapTokens;
import io.kubra.apiserver.token.IssuerDiscovery;
import io.kubra.apiserver.token.ServiceAccountTokens;
import io.kubra.apiserver.token.TokenRequests;
import io.kubra.store.Store;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpHandler;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.ServerTls;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An API server with TLS, all authenticators, node and RBAC authorisation, the default admission
 * plugins and all endpoints. Certificates are renewed while it runs.
 */
public final class StandardApiServer implements AutoCloseable {
  private static final String AUTHENTICATION = "authentication.k8s.io";
  private static final String AUTHORIZATION = "authorization.k8s.io";
  private static final Duration RENEWAL_CHECK = Duration.ofHours(1);

  private final ClusterPki pki;
  private final ApiServer server;

  private StandardApiServer(ClusterPki pki, ApiServer server) {
    this.pki = pki;
    this.server = server;
  }

  /** Builds and starts a server on a store, which stays the caller's. */
  public static StandardApiServer start(StandardConfig config, Store store) {
    ClusterPki pki = ClusterPki.open(config.pki());
    List<String> addresses = new ArrayList<>(config.serverAddresses());
    addresses.add(config.advertiseAddress());
    addresses.add(firstAddress(config.serviceCidr()));
    IssuedCertificate serving =
        pki.certificate(
            "apiserver",
            ClusterIdentities.apiServer(config.clusterDomain(), List.of(), addresses));
    ServerTls tls =
        new ServerTls(
            () -> serving.get().keyMaterial(), () -> List.of(pki.authority().certificate()));
    Assembly assembly = new Assembly(config, pki);
    ApiServer server = assembly.configure(store).bind(config.bind(), tls).build();
    server.start();
    pki.startRenewal(RENEWAL_CHECK);
    return new StandardApiServer(pki, server);
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

  /** The cluster's certificates. */
  public ClusterPki pki() {
    return pki;
  }

  @Override
  public void close() {
    server.close();
    pki.close();
  }

  /** The parts that need the server's objects are made once, when the server is being built. */
  private static final class Assembly {
    private final StandardConfig config;
    private final ClusterPki pki;
    private final String issuer;
    private final InstantSource clock = InstantSource.system();
    private final HttpClient proxies = HttpClient.builder().tls(ClientTls.insecure()).build();
    private Optional<Parts> parts = Optional.empty();
    private @Nullable NodeConnector nodeConnector;

    private record Parts(
        RbacAuthorizer rbac, Authorizer authorizer, ServiceAccountTokens tokens) {}

    Assembly(StandardConfig config, ClusterPki pki) {
      this.config = config;
      this.pki = pki;
      this.issuer = "https://kubernetes.default.svc." + config.clusterDomain();
    }

    private Parts parts(ObjectReader objects) {
      if (parts.isEmpty()) {
        RbacAuthorizer rbac = new RbacAuthorizer(objects);
        Authorizer authorizer =
            new AuthorizerChain(List.of(new NodeAuthorizer(objects), rbac));
        parts =
            Optional.of(
                new Parts(
                    rbac,
                    authorizer,
                    new ServiceAccountTokens(issuer, pki.tokenKeys(), objects, clock)));
      }
      return parts.get();
    }

    ApiServer.Builder configure(Store store) {
      String external =
          config.advertiseAddress() + ":" + config.bind().getPort();
      ApiServer.Builder builder = ApiServer.builder(store);
      connect(builder);
      return builder
          .authenticator(this::authenticator)
          .authorizer(objects -> parts(objects).authorizer)
          .admission(
              objects ->
                  DefaultPlugins.create(objects, parts(objects).authorizer, parts(objects).rbac))
          .serviceCidrs(List.of(config.serviceCidr()))
          .advertise(config.advertiseAddress(), config.bind().getPort())
          .hook(objects -> new BootstrapRoles())
          .endpoint(objects -> new DiscoveryEndpoint(Catalogue.builtin()))
          .endpoint(
              objects -> new OpenApiEndpoint(Catalogue.builtin(), VersionEndpoint.GIT_VERSION))
          .endpoint(objects -> new IssuerDiscovery(parts(objects).tokens, "https://" + external))
          .create(
              "",
              "serviceaccounts",
              "token",
              objects -> new TokenRequests(parts(objects).tokens, objects))
          .create(
              AUTHENTICATION,
              "tokenreviews",
              "",
              objects -> new TokenReviews(parts(objects).tokens, List.of(issuer)))
          .create(AUTHENTICATION, "selfsubjectreviews", "", objects -> new SelfSubjectReviews())
          .create(
              AUTHORIZATION,
              "subjectaccessreviews",
              "",
              objects -> reviews(objects, AccessReviews.Scope.ANYBODY))
          .create(
              AUTHORIZATION,
              "selfsubjectaccessreviews",
              "",
              objects -> reviews(objects, AccessReviews.Scope.SELF))
          .create(
              AUTHORIZATION,
              "localsubjectaccessreviews",
              "",
              objects -> reviews(objects, AccessReviews.Scope.NAMESPACE))
          .create(
              AUTHORIZATION,
              "selfsubjectrulesreviews",
              "",
              objects -> new RulesReviews(parts(objects).rbac));
    }

    /** What reaches into nodes, pods and services. */
    private void connect(ApiServer.Builder builder) {
      Supplier<Credentials> credentials =
          pki.certificate(
              "apiserver-kubelet-client", ClusterIdentities.apiServerKubeletClient());
      Function<ObjectAccess, NodeConnector> nodes =
          objects -> nodeConnector(objects, credentials);
      builder
          .connect("", "pods", "log", o -> new PodLog(o, nodes.apply(o)))
          .connect("", "pods", "exec", o -> new PodExec(PodExec.Mode.EXEC, o, nodes.apply(o)))
          .connect("", "pods", "attach", o -> new PodExec(PodExec.Mode.ATTACH, o, nodes.apply(o)))
          .connect("", "pods", "portforward", o -> new PodPortForward(o, nodes.apply(o)))
          .connect("", "pods", "proxy", o -> new PodProxy(o, proxies))
          .connect("", "services", "proxy", o -> new ServiceProxy(o, proxies))
          .connect("", "nodes", "proxy", o -> new NodeProxy(nodes.apply(o), proxies));
    }

    private synchronized NodeConnector nodeConnector(
        ObjectAccess objects, Supplier<Credentials> credentials) {
      NodeConnector known = nodeConnector;
      if (known == null) {
        known = new KubeletConnector(
                objects, pki.authority().certificate(), () -> credentials.get().keyMaterial());
        nodeConnector = known;
      }
      return known;
    }

    private AccessReviews reviews(ObjectAccess objects, AccessReviews.Scope scope) {
      return new AccessReviews(scope, parts(objects).authorizer);
    }

    private Authenticator authenticator(ObjectAccess objects) {
      Parts p = parts(objects);
      return new RequestAuthenticator(
          List.of(
              new CertificateAuthenticator(clock),
              new BearerTokenAuthenticator(
                  TokenAuthenticator.anyOf(
                      List.of(p.tokens, new BootstrapTokens(objects, clock))))),
          p.authorizer);
    }
  }
}
