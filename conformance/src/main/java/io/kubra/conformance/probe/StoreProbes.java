package io.kubra.conformance.probe;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Probes of where the control plane keeps its state. */
public final class StoreProbes {
  private static final String FIND = NodeFacts.script("find-secret.sh");
  private static final String[] ETCD_PORTS = {"2379", "2380"};

  private StoreProbes() {}

  /** A Secret's value does not lie in plain in the files of the store. */
  public static final Check ENCRYPTED =
      Probe.shared(
          "a new Secret's value is looked for in the store's files on control-plane nodes",
          probe -> {
            String name = "sealed-" + probe.context().workspace().run();
            // Three bytes a time, so that its base64 is found inside that of any object.
            String value = "kubra-conformance-secret-" + probe.context().workspace().run();
            value = value.substring(0, value.length() / 3 * 3);
            probe.create(
                "{apiVersion: v1, kind: Secret, metadata: {name: %s}, stringData: {key: %s}}"
                    .formatted(name, value));
            String script =
                "NAME='%s'\nVALUE='%s'\nENCODED='%s'\n%s"
                    .formatted(
                        name,
                        value,
                        Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)),
                        FIND);
            Findings findings = new Findings();
            int read = 0;
            int found = 0;
            for (Map<String, Object> node : probe.context().nodes()) {
              if (!Nodes.controlPlane(node)) {
                continue;
              }
              Optional<String> printed =
                  NodeFacts.run(probe.context(), node, "store-" + read, script);
              if (printed.isEmpty()) {
                continue;
              }
              read++;
              Map<String, Object> facts = NodeFacts.parse(printed.get());
              found += NodeFacts.values(facts, "name").size();
              String where = "node " + Named.name(node) + ": ";
              for (String file : NodeFacts.values(facts, "plain")) {
                findings.breach(where + "the value lies in plain in " + file);
              }
              NodeFacts.values(facts, "sealed")
                  .forEach(f -> findings.saw(where + f + " holds encrypted values"));
            }
            if (findings.failed()) {
              return findings.verdict();
            }
            if (found == 0) {
              return unseen(read);
            }
            return findings
                .saw("the Secret's name is in " + found + " files of the store, its value is not")
                .verdict();
          });

  private static Verdict unseen(int read) {
    return Verdict.notCheckable(
        Verdict.Cause.MEANS,
        read == 0
            ? "no control-plane node can be read: none is listed or none runs pods"
            : "the store's files were not found on the control-plane nodes");
  }

  /** etcd asks its clients and peers for certificates, and pods do not reach it. */
  public static final Check GUARDED =
      Probe.shared(
          "etcd demands certificates of clients and peers, and pods cannot connect to it",
          probe -> {
            List<Components.Component> members = Components.of(probe.context(), "etcd");
            if (members.isEmpty()) {
              return Components.withoutEtcd(probe.context())
                  ? Verdict.notApplicable("the API server keeps its state itself; there is no etcd")
                  : Verdict.notCheckable(
                      Verdict.Cause.MEANS,
                      "etcd is not seen: no pod shows it, and no control-plane node that runs it"
                          + " can be read");
            }
            Findings findings = new Findings();
            for (Components.Component member : members) {
              for (String flag : List.of("client-cert-auth", "peer-client-cert-auth")) {
                String line = member.where() + ": etcd has --" + flag + "=" + member.flag(flag);
                findings.expect(member.flag(flag).equals("true"), line, line);
              }
            }
            List<String> targets = new ArrayList<>();
            for (Map<String, Object> node : probe.context().nodes()) {
              if (Nodes.controlPlane(node)) {
                Nodes.internalAddresses(node)
                    .forEach(a -> List.of(ETCD_PORTS).forEach(port -> targets.add(a + " " + port)));
              }
            }
            for (Reach.Answer answer : Reach.from(probe, "etcd-client", targets)) {
              findings.expect(
                  !answer.open(),
                  "a pod cannot connect to " + answer.target(),
                  "a pod can connect to " + answer.target());
            }
            return findings.verdict();
          });
}
