package io.kubra.apiserver.admission.policy;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A server with nothing but policies between its clients and its store. */
final class PolicyServer implements AutoCloseable {
  static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
  static final String POLICIES = GROUP + "validatingadmissionpolicies";
  static final String BINDINGS = GROUP + "validatingadmissionpolicybindings";
  static final String MUTATING = GROUP + "mutatingadmissionpolicies";
  static final String MUTATING_BINDINGS = GROUP + "mutatingadmissionpolicybindings";
  static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

  /** Everybody may get pods, nobody may do anything else. */
  private static final Authorizer ONLY_PODS =
      a ->
          a.resource().equals("pods") && a.verb().equals("get")
              ? Decision.ALLOWED
              : Decision.NO_OPINION;

  private final MetricRegistry metrics = new MetricRegistry();
  private final PolicyStatus status = new PolicyStatus(Catalogue.builtin());
  private final TestingApiServer api =
      TestingApiServer.start(
          b ->
              b.hook(objects -> status)
                  .admission(
                      objects -> {
                        AdmissionPolicies policies =
                            new AdmissionPolicies(objects, ONLY_PODS, metrics);
                        return List.of(
                            policies.mutating(), policies.parameterAccess(), policies.validating());
                      }));

  Response send(String method, String path, String yaml) {
    return api.send(method, path, yaml.isEmpty() ? null : tree(yaml));
  }

  Response create(String path, String yaml) {
    return api.send("POST", path, tree(yaml));
  }

  /** Creates as somebody without rights in authorisation. */
  Response createAs(String user, String path, String yaml) {
    HttpRequest request =
        HttpRequest.of(
                "POST",
                URI.create(path),
                HttpHeaders.of("Content-Type", "application/json"),
                Json.write(tree(yaml)))
            .withAttribute(UserInfo.class, UserInfo.of(user));
    try (HttpClientResponse r = api.transport().send(request)) {
      return new Response(r.status(), r.headers(), r.bytes());
    }
  }

  /** Creates what must not be refused. */
  Response made(String path, String yaml) {
    Response made = create(path, yaml);
    if (made.status() != 201) {
      throw new AssertionError(made.text());
    }
    return made;
  }

  /** A policy for all writes of config maps and a binding, both of that name; awaits its effect. */
  void validating(String name, String spec, String actions) {
    made(POLICIES, policy("ValidatingAdmissionPolicy", name, "configmaps", spec));
    made(
        BINDINGS,
        "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, "
            + "metadata: {name: %s-binding}, spec: {policyName: %s, validationActions: [%s]}}"
                .formatted(name, name, actions));
  }

  static String policy(String kind, String name, String resources, String spec) {
    return """
        apiVersion: admissionregistration.k8s.io/v1
        kind: %s
        metadata: {name: %s}
        spec:
          matchConstraints:
            resourceRules:
            - {apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: [%s]}
        """
            .formatted(kind, name, resources)
        + spec.indent(2);
  }

  static String configMap(String name, String rest) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}%s}"
        .formatted(name, rest.isEmpty() ? "" : ", " + rest);
  }

  /** The answer to a request, asked in dry runs until policies that were just made are in force. */
  Response await(String path, String yaml, int status) {
    Map<String, Object> tree = tree(yaml);
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .pollInterval(2, TimeUnit.MILLISECONDS)
        .until(() -> api.send("POST", path + "?dryRun=All", tree).status() == status);
    return api.send("POST", path + "?dryRun=All", tree);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> tree(String yaml) {
    return (Map<String, Object>)
        Objects.requireNonNull(Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8)), yaml);
  }

  static String message(Response response) {
    return Trees.stringOr(response.tree(), "", "message");
  }

  TestingApiServer api() {
    return api;
  }

  /** What the server counted, as it would be scraped. */
  String metrics() {
    return new String(metrics.text(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    status.close();
    api.close();
  }
}
