package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.List;
import java.util.Map;

/** Probes of Services inside the cluster: UDP, both families, names. */
public final class ServiceProbes {
  private ServiceProbes() {}

  /**
   * Datagrams through a Service reach a pod, and replies come back: questions to the cluster's own
   * DNS through a Service of the probe.
   */
  public static final Check UDP =
      Probe.alone(
          "datagrams through a UDP Service reach a pod; DNS replies come back through one",
          "udp",
          probe -> {
            Traffic traffic = new Traffic(probe);
            traffic.pair();
            String address =
                Trees.stringOr(
                    traffic.service("server", "type: ClusterIP"), "", "spec", "clusterIP");
            boolean arrives =
                Await.until(
                    probe.soon(),
                    () -> {
                      long before = traffic.counted("server").datagrams();
                      traffic.datagrams(address, 8);
                      return traffic.counted("server").datagrams() > before;
                    });
            Findings findings =
                new Findings()
                    .require(arrives, "datagrams to " + address + ":" + Traffic.UDP + " arrive");
            Dns dns = Dns.of(probe, traffic);
            if (dns.endpoints().isEmpty()) {
              return findings.breach("the client pod has no nameserver").verdict();
            }
            String own = dns.service(probe);
            String name = "server." + probe.namespace() + ".svc.cluster.local.";
            boolean replies =
                Await.until(
                    probe.soon(),
                    () -> traffic.ask("nslookup " + name + " " + own).contains(address));
            return findings
                .require(
                    replies,
                    "the DNS server at "
                        + dns.endpoints()
                        + " replies through the UDP Service "
                        + own)
                .verdict();
          });

  /** Where a cluster's DNS answers. */
  private record Dns(List<String> endpoints, long port) {
    /** By the client's nameserver: the endpoints of its Service, or itself if it has none. */
    static Dns of(Probe probe, Traffic traffic) throws InterruptedException {
      String server =
          traffic.ask("awk '$1==\"nameserver\" {print $2; exit}' /etc/resolv.conf").strip();
      for (Map<String, Object> service : probe.context().list("/api/v1/services")) {
        if (server.equals(Trees.string(service, "spec", "clusterIP"))) {
          String slices =
              "/apis/discovery.k8s.io/v1/namespaces/"
                  + Named.namespace(service)
                  + "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D"
                  + Named.name(service);
          for (Map<String, Object> slice : probe.kube().list(slices)) {
            List<String> addresses =
                Trees.maps(slice, "endpoints").stream()
                    .flatMap(e -> Trees.strings(e, "addresses").stream())
                    .toList();
            for (Map<String, Object> port : Trees.maps(slice, "ports")) {
              if ("UDP".equals(Trees.string(port, "protocol")) && !addresses.isEmpty()) {
                return new Dns(addresses, Trees.integerOr(port, 53, "port"));
              }
            }
          }
        }
      }
      return new Dns(server.isEmpty() ? List.of() : List.of(server), 53);
    }

    /** Makes a Service of the probe in front of it, and returns its address. */
    String service(Probe probe) {
      Map<String, Object> service =
          probe.create(
              "{apiVersion: v1, kind: Service, metadata: {name: names}, spec: {ports: [{name: dns, port: 53, protocol: UDP, targetPort: %d}]}}"
                  .formatted(port));
      probe.create(
          """
          apiVersion: discovery.k8s.io/v1
          kind: EndpointSlice
          metadata: {name: names-1, labels: {kubernetes.io/service-name: names}}
          addressType: %s
          endpoints: [{addresses: ["%s"]}]
          ports: [{name: dns, port: %d, protocol: UDP}]
          """
              .formatted(
                  endpoints.getFirst().contains(":") ? "IPv6" : "IPv4",
                  endpoints.getFirst(),
                  port));
      return Trees.stringOr(service, "", "spec", "clusterIP");
    }
  }

  /** The names that pods and Services have. */
  public static final Check NAMES =
      Probe.alone(
          "DNS knows Services, their ports, headless pods and addresses; an unknown name is NXDOMAIN",
          "names",
          probe -> {
            Traffic traffic = new Traffic(probe);
            String pod = traffic.pair();
            String address =
                Trees.stringOr(
                    traffic.service("server", "type: ClusterIP"), "", "spec", "clusterIP");
            traffic.service("headless", "clusterIP: None");
            String zone = probe.namespace() + ".svc.cluster.local.";
            Findings findings = new Findings();
            resolves(probe, traffic, findings, "server." + zone, address);
            resolves(probe, traffic, findings, "server", address);
            resolves(
                probe, traffic, findings, "headless." + zone, pod.substring(0, pod.indexOf(':')));
            resolves(probe, traffic, findings, "-type=srv _http._tcp.server." + zone, "8080");
            resolves(probe, traffic, findings, address, "server." + zone.replaceAll("\\.$", ""));
            String missing = traffic.ask("nslookup missing." + zone + " 2>&1");
            return findings
                .require(missing.contains("NXDOMAIN"), "missing." + zone + " is NXDOMAIN")
                .verdict();
          });

  private static void resolves(
      Probe probe, Traffic traffic, Findings findings, String question, String answer)
      throws InterruptedException {
    boolean resolved =
        Await.until(
            probe.soon(),
            () -> {
              String text = traffic.ask("nslookup " + question);
              // The first paragraph names the server that was asked.
              int body = text.indexOf("\n\n");
              return body >= 0 && text.substring(body).contains(answer);
            });
    findings.require(resolved, question + " resolves to " + answer);
  }

  /** A Service that asks for both families gets an address and slices of each. */
  public static final Check DUAL_STACK =
      Probe.shared(
          "a Service of both families gets two addresses and slices of both types",
          probe -> {
            Map<String, Object> service =
                yaml(
                    "{apiVersion: v1, kind: Service, metadata: {name: families}, spec: {ipFamilyPolicy: RequireDualStack, selector: {app: families}, ports: [{port: 80}]}}");
            Trees.set(service, probe.namespace(), "metadata", "namespace");
            var answer = probe.kube().ask("POST", probe.path("v1", "services"), Map.of(), service);
            if (answer.status() != 201) {
              return Verdict.fail(
                  "a Service with RequireDualStack was answered "
                      + answer.status()
                      + ": "
                      + answer.message());
            }
            List<String> addresses = Trees.strings(yaml(answer.body()), "spec", "clusterIPs");
            boolean slices =
                Await.until(
                    probe.soon(),
                    () ->
                        probe
                                .kube()
                                .list(
                                    probe.path(
                                        "discovery.k8s.io/v1",
                                        "endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dfamilies"))
                                .stream()
                                .map(s -> Trees.stringOr(s, "", "addressType"))
                                .distinct()
                                .count()
                            == 2);
            return new Findings()
                .require(addresses.size() == 2, "it has two addresses: " + addresses)
                .require(slices, "it has EndpointSlices of IPv4 and of IPv6")
                .verdict();
          });

  private static Map<String, Object> yaml(String text) {
    return Probe.yaml(text);
  }
}
