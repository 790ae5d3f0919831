package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.PemException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Probes of Ingress and of certificates for it. */
public final class EntryProbes {
  private EntryProbes() {}

  /** A rule of an Ingress leads requests of its host to the backend. */
  public static final Check INGRESS =
      Probe.alone(
          "an Ingress gets an address, and requests for its host reach the backend",
          "ingress",
          probe -> {
            List<String> classes =
                probe.context().list("/apis/networking.k8s.io/v1/ingressclasses").stream()
                    .map(Named::name)
                    .toList();
            if (classes.isEmpty()) {
              return Verdict.fail("there is no IngressClass");
            }
            Traffic traffic = new Traffic(probe);
            traffic.pair();
            traffic.service("server", "type: ClusterIP");
            String host = "probe-" + probe.context().workspace().run() + ".example.com";
            Findings findings = new Findings();
            for (String name : classes) {
              probe.create(
                  """
                  apiVersion: networking.k8s.io/v1
                  kind: Ingress
                  metadata: {name: %1$s}
                  spec:
                    ingressClassName: %1$s
                    rules:
                    - host: %2$s
                      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: server, port: {number: 8080}}}}]}
                  """
                      .formatted(name, host));
              String path = probe.path("networking.k8s.io/v1", "ingresses/" + name);
              Optional<String> address =
                  Await.some(
                      probe.soon(),
                      () ->
                          Trees.maps(probe.kube().get(path), "status", "loadBalancer", "ingress")
                              .stream()
                              .map(i -> Trees.stringOr(i, Trees.stringOr(i, "", "hostname"), "ip"))
                              .findFirst());
              if (address.isEmpty()) {
                findings.breach("an Ingress of the class " + name + " got no address");
                continue;
              }
              String ask =
                  "printf 'GET / HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' | nc -w 3 %s 80"
                      .formatted(host, address.get());
              findings.require(
                  Await.until(probe.soon(), () -> traffic.ask(ask).contains("answer server")),
                  "class " + name + ": " + host + " at " + address.get() + " reaches the backend");
            }
            return findings.verdict();
          });

  /** cert-manager issues, with a signature that is strong. */
  public static final Check CERT_MANAGER =
      Probe.alone(
          "cert-manager issues a Certificate signed with SHA-256 or better",
          "certificate",
          probe -> {
            if (!probe.context().discovery().hasKind("cert-manager.io/v1", "Certificate")) {
              return Verdict.fail("the cluster serves no Certificate in cert-manager.io/v1");
            }
            Findings findings = new Findings();
            List<String> issuers =
                probe.context().list("/apis/cert-manager.io/v1/clusterissuers").stream()
                    .filter(i -> Named.condition(i, "Ready"))
                    .map(Named::name)
                    .toList();
            findings.expect(
                !issuers.isEmpty(),
                "ClusterIssuers that are Ready: " + issuers,
                "no ClusterIssuer is Ready");
            probe.create(
                "{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: own}, spec: {selfSigned: {}}}");
            probe.create(
                """
                apiVersion: cert-manager.io/v1
                kind: Certificate
                metadata: {name: probe}
                spec: {secretName: probe-tls, dnsNames: [probe.example.com], issuerRef: {name: own}}
                """);
            boolean ready =
                probe.comesAt(
                    probe.path("cert-manager.io/v1", "certificates/probe"),
                    probe.run(),
                    c -> Named.condition(c, "Ready"));
            if (!ready) {
              return findings.breach("not so: the Certificate becomes Ready").verdict();
            }
            Map<String, Object> secret = probe.kube().get(probe.path("v1", "secrets/probe-tls"));
            String algorithm = algorithm(Trees.stringOr(secret, "", "data", "tls.crt"));
            return findings
                .saw("the Certificate became Ready")
                .require(
                    algorithm.matches("(?i)SHA(256|384|512).*|Ed25519|Ed448"),
                    "its signature algorithm is strong: " + algorithm)
                .verdict();
          });

  private static String algorithm(String encoded) {
    try {
      return Pem.certificates(Base64.getDecoder().decode(encoded)).getFirst().getSigAlgName();
    } catch (PemException | IllegalArgumentException e) {
      return "not to be read: " + e.getMessage();
    }
  }
}
