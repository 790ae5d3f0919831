package io.kubra.conformance.probe;

import static io.kubra.conformance.probe.Probe.yaml;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Discovery;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.PemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Probes of what the objects of single API groups bring about. */
public final class GroupProbes {
  /** A request for a certificate; the key that belongs to it was thrown away. */
  private static final String REQUEST =
      """
      -----BEGIN CERTIFICATE REQUEST-----
      MIHWMH4CAQAwHDEaMBgGA1UEAwwRa3VicmEtY29uZm9ybWFuY2UwWTATBgcqhkjO
      PQIBBggqhkjOPQMBBwNCAAQ04OHNhMVhIZQ/DOIO0mFSHKJJ8uq+T0K+dKayJ7n5
      uzIyZgPTkAlafK3PgdWasYMBPcMSPz4gj8x+iZqOUMJToAAwCgYIKoZIzj0EAwID
      SAAwRQIhANEMlOEn7z361kR3vB7Rf+jnHc7E1fk3dvelGhMRbL8AAiAxIWwCdxSV
      x/nMNdDd7DkdylLDM3F830ZDN0AU3NKSUw==
      -----END CERTIFICATE REQUEST-----
      """;

  private GroupProbes() {}

  /** Aggregated groups answer, and one whose server is missing is reported as unavailable. */
  public static final Check AGGREGATION =
      Probe.shared(
          "APIServices are Available, aggregated groups answer, one without a server is not Available",
          probe -> {
            String root = "/apis/apiregistration.k8s.io/v1/apiservices";
            Findings findings = new Findings();
            int local = 0;
            for (Map<String, Object> service : probe.context().list(root)) {
              String name = Named.name(service);
              if (Trees.get(service, "spec", "service") == null) {
                local++;
                if (!Named.condition(service, "Available")) {
                  findings.breach(name + " of the server itself is not Available");
                }
              } else if (Named.condition(service, "Available")) {
                String group =
                    Trees.stringOr(service, "", "spec", "group")
                        + "/"
                        + Trees.stringOr(service, "", "spec", "version");
                int status =
                    probe.kube().ask("GET", Discovery.root(group), Map.of(), null).status();
                String line = name + " is Available, its group was answered " + status;
                findings.expect(status == 200, line, line);
              } else {
                findings.saw(name + " is not Available now");
              }
            }
            String group = "gone" + probe.context().workspace().run() + ".conformance.kubra.io";
            Map<String, Object> missing =
                yaml(
                    """
                    apiVersion: apiregistration.k8s.io/v1
                    kind: APIService
                    metadata: {name: v1.%1$s}
                    spec:
                      group: %1$s
                      version: v1
                      groupPriorityMinimum: 100
                      versionPriority: 10
                      insecureSkipTLSVerify: true
                      service: {name: none, namespace: %2$s}
                    """
                        .formatted(group, probe.namespace()));
            probe.context().workspace().create(missing);
            String path = probe.context().workspace().path(missing);
            boolean unavailable =
                probe.comesAt(
                    path, probe.soon(), s -> Named.conditionStatus(s, "Available").equals("False"));
            probe.kube().delete(path);
            return findings
                .require(local > 0, "the server's own groups are listed: " + local)
                .require(unavailable, "one whose Service is missing becomes Available=False")
                .verdict();
          });

  /** Whoever asks learns what they may do, and an account without rights learns that it may not. */
  public static final Check SELF_REVIEW =
      Probe.shared(
          "SelfSubjectAccessReview allows this user and refuses an account without rights",
          probe -> {
            Map<String, Object> review =
                yaml(
                    """
                    apiVersion: authorization.k8s.io/v1
                    kind: SelfSubjectAccessReview
                    spec: {resourceAttributes: {namespace: %s, verb: create, resource: configmaps}}
                    """
                        .formatted(probe.namespace()));
            String path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
            Map<String, Object> own = probe.kube().create(path, Trees.deepCopy(review));
            Map<String, String> other =
                Map.of(
                    "Impersonate-User", "system:serviceaccount:" + probe.namespace() + ":default");
            Kube.Answer answer = probe.kube().ask("POST", path, other, review);
            boolean allowed =
                answer.status() == 201 && Trees.bool(yaml(answer.body()), "status", "allowed");
            return new Findings()
                .require(
                    Trees.bool(own, "status", "allowed"),
                    "this user may create ConfigMaps in the probe's namespace")
                .require(!allowed, "a service account without a binding may not")
                .saw("as the account it was answered " + answer.status())
                .verdict();
          });

  /** An approved request for a client's certificate is signed. */
  public static final Check CERTIFICATE =
      Probe.shared(
          "an approved CertificateSigningRequest gets a certificate of its subject",
          probe -> {
            String name = "conformance-" + probe.context().workspace().run();
            Map<String, Object> request =
                yaml(
                    """
                    apiVersion: certificates.k8s.io/v1
                    kind: CertificateSigningRequest
                    metadata: {name: %s}
                    spec:
                      signerName: kubernetes.io/kube-apiserver-client
                      expirationSeconds: 600
                      usages: [digital signature, client auth]
                    """
                        .formatted(name));
            byte[] pem = REQUEST.getBytes(StandardCharsets.US_ASCII);
            Trees.set(request, Base64.getEncoder().encodeToString(pem), "spec", "request");
            Map<String, Object> made = probe.context().workspace().create(request);
            String path = probe.context().workspace().path(request);
            Findings findings =
                new Findings()
                    .require(
                        Trees.string(made, "status", "certificate") == null,
                        "before approval there is no certificate");
            Map<String, Object> approved = probe.kube().get(path);
            Trees.set(
                approved,
                List.of(
                    yaml(
                        "{type: Approved, status: \"True\", reason: Probe, message: by a conformance probe}")),
                "status",
                "conditions");
            probe.kube().update(path + "/approval", approved);
            boolean signed =
                probe.comesAt(
                    path, probe.soon(), r -> Trees.string(r, "status", "certificate") != null);
            String subject =
                signed
                    ? subject(Trees.stringOr(probe.kube().get(path), "", "status", "certificate"))
                    : "";
            return findings
                .require(signed, "after approval the signer issued one")
                .require(subject.equals("CN=kubra-conformance"), "its subject is as asked")
                .saw("subject " + subject)
                .verdict();
          });

  private static String subject(String encoded) {
    try {
      return Pem.certificates(Base64.getDecoder().decode(encoded))
          .getFirst()
          .getSubjectX500Principal()
          .getName();
    } catch (PemException | IllegalArgumentException e) {
      return "not to be read: " + e.getMessage();
    }
  }

  /** An autoscaler moves its target, and both versions show it. */
  public static final Check AUTOSCALER =
      Probe.shared(
          "a HorizontalPodAutoscaler raises a Deployment to its least replicas; v1 and v2 show it",
          probe -> {
            probe.create(ApiProbes.deployment(probe.context(), probe.namespace(), "scaled", 1));
            probe.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaled}
                spec:
                  minReplicas: 2
                  maxReplicas: 3
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}
                  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 90}}}]
                """);
            boolean raised =
                probe.comesAt(
                    probe.path("apps/v1", "deployments/scaled"),
                    probe.run(),
                    d -> Trees.integerOr(d, 0, "spec", "replicas") >= 2);
            Map<String, Object> old =
                probe.kube().get(probe.path("autoscaling/v1", "horizontalpodautoscalers/scaled"));
            return new Findings()
                .require(raised, "the Deployment's replicas rose from 1 to minReplicas")
                .require(
                    Trees.integerOr(old, 0, "spec", "targetCPUUtilizationPercentage") == 90,
                    "what v2 stored is read in v1")
                .verdict();
          });

  /** Slices follow the ready pods of a Service. */
  public static final Check SLICES =
      Probe.alone(
          "EndpointSlices follow the ready pods of a Service",
          "slices",
          probe -> {
            Traffic traffic = new Traffic(probe);
            traffic.service("server", "type: ClusterIP");
            String address = Traffic.address(probe.pods().ready(traffic.server("server")));
            String slices =
                probe.path(
                    "discovery.k8s.io/v1",
                    "endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dserver");
            boolean there =
                Await.until(probe.soon(), () -> readyEndpoints(probe, slices).contains(address));
            probe.remove("server");
            boolean gone = Await.until(probe.soon(), () -> readyEndpoints(probe, slices).isEmpty());
            return new Findings()
                .require(there, "a slice of the Service lists the ready pod's address " + address)
                .require(gone, "after the pod's deletion it does not")
                .verdict();
          });

  private static List<String> readyEndpoints(Probe probe, String slices) {
    return probe.kube().list(slices).stream()
        .flatMap(s -> Trees.maps(s, "endpoints").stream())
        .filter(e -> !Boolean.FALSE.equals(Trees.get(e, "conditions", "ready")))
        .flatMap(e -> Trees.strings(e, "addresses").stream())
        .toList();
  }

  /** The addresses of Services are objects, from ranges that are objects. */
  public static final Check ADDRESSES =
      Probe.shared(
          "a Service's address is an IPAddress of a ServiceCIDR that is Ready",
          probe -> {
            Map<String, Object> service =
                probe.create(
                    "{apiVersion: v1, kind: Service, metadata: {name: addressed}, spec: {ports: [{port: 80}]}}");
            String address = Trees.stringOr(service, "", "spec", "clusterIP");
            String path = "/apis/networking.k8s.io/v1/ipaddresses/" + address;
            List<String> ready =
                probe.kube().listIfServed("/apis/networking.k8s.io/v1/servicecidrs").stream()
                    .filter(c -> Named.condition(c, "Ready"))
                    .map(c -> Named.name(c) + " " + Trees.strings(c, "spec", "cidrs"))
                    .toList();
            return new Findings()
                .expect(
                    !ready.isEmpty(),
                    "ServiceCIDRs that are Ready: " + ready,
                    "no ServiceCIDR is Ready")
                .require(
                    probe.comesAt(
                        path,
                        probe.soon(),
                        a -> "addressed".equals(Trees.string(a, "spec", "parentRef", "name"))),
                    "the IPAddress " + address + " names the Service")
                .verdict();
          });

  /** A pod that names a class of runtime that is not there is refused; one that is there runs. */
  public static final Check RUNTIME_CLASS =
      Probe.shared(
          "a pod runs under an existing RuntimeClass and is refused under a missing one",
          probe -> {
            String missing = "missing-" + probe.context().workspace().run();
            Kube.Answer answer =
                probe
                    .kube()
                    .ask(
                        "POST",
                        probe.path("v1", "pods?dryRun=All"),
                        Map.of(),
                        probe.waiting("no-class").set(missing, "spec", "runtimeClassName").tree());
            Findings findings =
                new Findings()
                    .expect(
                        answer.status() == 403,
                        "a pod under a missing class is refused with 403",
                        "a pod under a missing class was answered " + answer.status());
            List<String> classes =
                probe.context().list("/apis/node.k8s.io/v1/runtimeclasses").stream()
                    .map(Named::name)
                    .sorted()
                    .toList();
            if (classes.isEmpty()) {
              return findings.saw("there is no RuntimeClass, so none was tried").verdict();
            }
            String name = classes.getFirst();
            String log =
                probe
                    .pods()
                    .output(
                        probe.pod("in-class", "echo runs").set(name, "spec", "runtimeClassName"));
            return findings
                .require(log.strip().equals("runs"), "a pod runs under the class " + name)
                .verdict();
          });

  /** An eviction that would break a budget is refused, one within it is not. */
  public static final Check EVICTION =
      Probe.alone(
          "an eviction beyond a PodDisruptionBudget is answered 429, one within it is carried out",
          "eviction",
          probe -> {
            probe.create(
                """
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: kept}
                spec: {minAvailable: 1, selector: {matchLabels: {app: guarded}}}
                """);
            probe.pods().ready(probe.waiting("guarded"));
            String budget = probe.path("policy/v1", "poddisruptionbudgets/kept");
            boolean counted =
                probe.comesAt(
                    budget,
                    probe.soon(),
                    b -> Trees.integerOr(b, 0, "status", "currentHealthy") == 1);
            Kube.Answer refused = evict(probe);
            probe.kube().merge(budget, "{\"spec\":{\"minAvailable\":0}}");
            boolean allowed =
                Await.until(
                    probe.soon(),
                    () ->
                        evict(probe).status() / 100 == 2
                            || probe.kube().find(pod(probe)).isEmpty());
            return new Findings()
                .require(counted, "the budget counts the pod as healthy")
                .expect(
                    refused.status() == 429,
                    "an eviction beyond it was answered 429",
                    "an eviction beyond it was answered "
                        + refused.status()
                        + ": "
                        + refused.message())
                .require(allowed, "with minAvailable 0 the pod is evicted")
                .verdict();
          });

  private static String pod(Probe probe) {
    return probe.path("v1", "pods/guarded");
  }

  private static Kube.Answer evict(Probe probe) {
    Map<String, Object> eviction =
        yaml("{apiVersion: policy/v1, kind: Eviction, metadata: {name: guarded}}");
    Trees.set(eviction, probe.namespace(), "metadata", "namespace");
    return probe.kube().ask("POST", pod(probe) + "/eviction", Map.of(), eviction);
  }

  /** Objects that upstream's API server keeps by itself are there. */
  public static final Check SUGGESTED_FLOWS =
      Check.of(
          "the suggested flow schemas and priority levels exist",
          context -> {
            String root = "/apis/flowcontrol.apiserver.k8s.io/v1/";
            Findings findings = new Findings();
            for (String name :
                List.of(
                    "flowschemas/system-nodes",
                    "flowschemas/system-node-high",
                    "flowschemas/system-leader-election",
                    "flowschemas/workload-leader-election",
                    "flowschemas/kube-system-service-accounts",
                    "flowschemas/service-accounts",
                    "flowschemas/global-default",
                    "flowschemas/probes",
                    "prioritylevelconfigurations/exempt",
                    "prioritylevelconfigurations/catch-all",
                    "prioritylevelconfigurations/system",
                    "prioritylevelconfigurations/node-high",
                    "prioritylevelconfigurations/leader-election",
                    "prioritylevelconfigurations/workload-high",
                    "prioritylevelconfigurations/workload-low",
                    "prioritylevelconfigurations/global-default")) {
              findings.require(context.kube().find(root + name).isPresent(), name + " exists");
            }
            return findings.verdict();
          });
}
