package io.kubra.apiserver;

import io.kubra.api.schema.Catalogue;
import io.kubra.apiserver.admission.plugin.DefaultPlugins;
import io.kubra.apiserver.admission.podsecurity.PodSecurityConfig;
import io.kubra.apiserver.admission.policy.PolicyStatus;
import io.kubra.apiserver.admission.webhook.AdmissionWebhooks;
import io.kubra.apiserver.aggregation.AuthenticationConfigMap;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.BearerTokenAuthenticator;
import io.kubra.apiserver.auth.CertificateAuthenticator;
import io.kubra.apiserver.auth.RequestAuthenticator;
import io.kubra.apiserver.auth.RequestHeaderAuthenticator;
import io.kubra.apiserver.auth.TokenAuthenticator;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.connect.NodeProxy;
import io.kubra.apiserver.connect.PodExec;
import io.kubra.apiserver.connect.PodLog;
import io.kubra.apiserver.connect.PodPortForward;
import io.kubra.apiserver.connect.PodProxy;
import io.kubra.apiserver.connect.ServiceProxy;
import io.kubra.apiserver.csr.CertificateRequests;
import io.kubra.apiserver.metricsapi.MetricsApi;
import io.kubra.apiserver.metricsapi.MetricsResources;
import io.kubra.apiserver.node.KubeletConnector;
import io.kubra.apiserver.pki.CertificateAuthority;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.IssuedCertificate;
import io.kubra.apiserver.pki.PemText;
import io.kubra.apiserver.rbac.BootstrapRoles;
import io.kubra.apiserver.rbac.RbacAuthorizer;
import io.kubra.apiserver.rbac.RoleAggregation;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.review.AccessReviews;
import io.kubra.apiserver.review.RulesReviews;
import io.kubra.apiserver.review.SelfSubjectReviews;
import io.kubra.apiserver.review.TokenReviews;
import io.kubra.apiserver.token.BootstrapTokens;
import io.kubra.apiserver.token.IssuerDiscovery;
import io.kubra.apiserver.token.ServiceAccountTokens;
import io.kubra.apiserver.token.StaticTokens;
import io.kubra.apiserver.token.TokenRequests;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.ServerTls;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives a server all that identities need: authentication, authorisation, admission, reviews,
 * tokens, certificate requests and the connections to nodes and pods. Made for one server.
 */
public final class SecuritySetup implements AutoCloseable {
  private static final String AUTHENTICATION = "authentication.k8s.io";
  private static final String AUTHORIZATION = "authorization.k8s.io";
  private final ClusterPki pki;
  private final String issuer;
  private final String externalUrl;
  private final Clock clock;
  private final Map<String, UserInfo> staticTokens = new HashMap<>();
  private final RoleAggregation aggregation = new RoleAggregation();
  private final HttpClient proxyClient = HttpClient.builder().tls(ClientTls.insecure()).build();
  private boolean privilegedInSandbox = true;
  private PodSecurityConfig podSecurity = PodSecurityConfig.DEFAULT;
  private ExternalAccess access = ExternalAccess.none();
  private @Nullable Parts parts;
  private @Nullable PolicyStatus policyStatus;
  private @Nullable MetricsApi metricsApi;
  private @Nullable AdmissionWebhooks webhooks;

  /** What is shared by several of the server's parts. */
  private record Parts(
      RbacAuthorizer rbac,
      Authorizer authorizer,
      ServiceAccountTokens accountTokens,
      TokenAuthenticator tokens,
      KubeletConnector nodes,
      CertificateRequests requests) {}

  /**
   * @param issuer the issuer of service account tokens, usually {@code
   *     https://kubernetes.default.svc.cluster.local}
   * @param externalUrl where the server is reached from outside
   */
  public SecuritySetup(ClusterPki pki, String issuer, String externalUrl, Clock clock) {
    this.pki = pki;
    this.issuer = issuer;
    this.externalUrl = externalUrl;
    this.clock = clock;
  }

  /** Accepts a fixed token for a user; before {@link #applyTo}. */
  public SecuritySetup staticToken(String token, UserInfo user) {
    staticTokens.put(token, user);
    return this;
  }

  /** Lets privileged pods run outside of sandboxes; before {@link #applyTo}. */
  public SecuritySetup unrestrictedPrivileged(boolean unrestricted) {
    privilegedInSandbox = !unrestricted;
    return this;
  }

  /** Who else knows users and what they may do; before {@link #applyTo}. */
  public SecuritySetup externalAccess(ExternalAccess value) {
    access = value;
    return this;
  }

  /** What is asked of pods in namespaces without labels; before {@link #applyTo}. */
  public SecuritySetup podSecurity(PodSecurityConfig value) {
    podSecurity = value;
    return this;
  }

  /**
   * The server's TLS settings: a certificate for the names, renewed while the server runs, and
   * client certificates of the cluster's authority.
   */
  public static ServerTls serverTls(ClusterPki pki, CertificateProfile profile) {
    IssuedCertificate serving = pki.certificate("apiserver", profile);
    var trusted = List.of(pki.authority().certificate(), pki.frontProxyAuthority().certificate());
    return new ServerTls(serving::keyMaterial, () -> trusted);
  }

  /** Adds everything to the builder. */
  public ApiServer.Builder applyTo(ApiServer.Builder builder) {
    builder
        .authorizer(objects -> parts(objects).authorizer())
        .authenticator(objects -> authenticator(objects, builder.metrics()))
        .admission(
            objects ->
                DefaultPlugins.create(
                    objects,
                    parts(objects).authorizer(),
                    parts(objects).rbac(),
                    webhooks(objects, builder),
                    privilegedInSandbox,
                    podSecurity,
                    builder.metrics()))
        .endpoint(objects -> new IssuerDiscovery(parts(objects).accountTokens(), externalUrl))
        .hook(objects -> new BootstrapRoles())
        .hook(
            objects ->
                new AuthenticationConfigMap(pem(pki.authority()), pem(pki.frontProxyAuthority())))
        .hook(objects -> aggregation)
        .hook(objects -> policyStatus(builder))
        .hook(objects -> parts(objects).requests());
    addReviews(builder);
    addConnections(builder);
    return builder;
  }

  /** Adds the metrics API, which reads the nodes as the API server does. */
  public ApiServer.Builder addMetricsApi(ApiServer.Builder builder, Catalogue catalogue) {
    MetricsResources.addTo(catalogue);
    return builder.group(this::metricsApi).hook(objects -> metricsApi(objects).hook());
  }

  private synchronized MetricsApi metricsApi(ObjectAccess objects) {
    MetricsApi known = metricsApi;
    if (known == null) {
      known = new MetricsApi(objects, parts(objects).nodes(), clock);
      metricsApi = known;
    }
    return known;
  }

  private synchronized AdmissionWebhooks webhooks(ObjectAccess objects, ApiServer.Builder builder) {
    AdmissionWebhooks known = webhooks;
    if (known == null) {
      known = new AdmissionWebhooks(objects, parts(objects).authorizer(), builder.metrics());
      webhooks = known;
    }
    return known;
  }

  private synchronized PolicyStatus policyStatus(ApiServer.Builder builder) {
    PolicyStatus known = policyStatus;
    if (known == null) {
      known = new PolicyStatus(builder.catalogue());
      policyStatus = known;
    }
    return known;
  }

  private static String pem(CertificateAuthority authority) {
    return PemText.ofCertificates(List.of(authority.certificate()));
  }

  private RequestAuthenticator authenticator(ObjectAccess objects, MetricRegistry metrics) {
    Parts p = parts(objects);
    return new RequestAuthenticator(
        List.of(
            new RequestHeaderAuthenticator(
                () -> List.of(pki.frontProxyAuthority().certificate()),
                Set.of("front-proxy-client"),
                clock),
            new CertificateAuthenticator(
                () -> List.of(pki.authority().certificate()), clock, metrics),
            new BearerTokenAuthenticator(p.tokens())),
        p.authorizer(),
        access::anonymous,
        metrics);
  }

  private void addReviews(ApiServer.Builder builder) {
    builder
        .create("", "serviceaccounts", "token", o -> new TokenRequests(parts(o).accountTokens(), o))
        .create(
            AUTHENTICATION,
            "tokenreviews",
            "",
            o -> new TokenReviews(parts(o).tokens(), List.of(issuer)))
        .create(AUTHENTICATION, "selfsubjectreviews", "", o -> new SelfSubjectReviews())
        .create(
            AUTHORIZATION, "subjectaccessreviews", "", o -> review(AccessReviews.Scope.ANYBODY, o))
        .create(
            AUTHORIZATION, "selfsubjectaccessreviews", "", o -> review(AccessReviews.Scope.SELF, o))
        .create(
            AUTHORIZATION,
            "localsubjectaccessreviews",
            "",
            o -> review(AccessReviews.Scope.NAMESPACE, o))
        .create(
            AUTHORIZATION, "selfsubjectrulesreviews", "", o -> new RulesReviews(parts(o).rbac()));
  }

  private AccessReviews review(AccessReviews.Scope scope, ObjectAccess objects) {
    return new AccessReviews(scope, parts(objects).authorizer());
  }

  private void addConnections(ApiServer.Builder builder) {
    builder
        .connect("", "pods", "log", o -> new PodLog(o, parts(o).nodes()))
        .connect("", "pods", "exec", o -> new PodExec(PodExec.Mode.EXEC, o, parts(o).nodes()))
        .connect("", "pods", "attach", o -> new PodExec(PodExec.Mode.ATTACH, o, parts(o).nodes()))
        .connect("", "pods", "portforward", o -> new PodPortForward(o, parts(o).nodes()))
        .connect("", "pods", "proxy", o -> new PodProxy(o, proxyClient))
        .connect("", "services", "proxy", o -> new ServiceProxy(o, proxyClient))
        .connect("", "nodes", "proxy", o -> new NodeProxy(parts(o).nodes(), proxyClient));
  }

  private synchronized Parts parts(ObjectAccess objects) {
    Parts known = parts;
    if (known != null) {
      return known;
    }
    RbacAuthorizer rbac = new RbacAuthorizer(objects);
    Authorizer authorizer = access.authorizer(objects, rbac);
    ServiceAccountTokens accountTokens =
        new ServiceAccountTokens(issuer, pki.tokenKeys(), objects, clock);
    TokenAuthenticator tokens =
        access.tokens(
            List.of(
                new StaticTokens(staticTokens),
                new BootstrapTokens(objects, clock),
                accountTokens));
    IssuedCertificate kubeletClient =
        pki.certificate("apiserver-kubelet-client", ClusterIdentities.apiServerKubeletClient());
    KubeletConnector nodes =
        new KubeletConnector(objects, pki.authority().certificate(), kubeletClient::keyMaterial);
    known =
        new Parts(
            rbac,
            authorizer,
            accountTokens,
            tokens,
            nodes,
            new CertificateRequests(pki.authority(), authorizer, clock));
    parts = known;
    return known;
  }

  @Override
  public synchronized void close() {
    aggregation.close();
    if (policyStatus != null) {
      policyStatus.close();
    }
    access.close();
    proxyClient.close();
    if (metricsApi != null) {
      metricsApi.close();
    }
    if (webhooks != null) {
      webhooks.close();
    }
    Parts known = parts;
    if (known != null) {
      known.requests().close();
      known.nodes().close();
    }
  }
}
