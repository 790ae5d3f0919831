package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.NodeFacts;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Rows on storage from outside the nodes and on its encryption, where they are offered. */
final class VolumeRows {
  private static final String VOLUMES = "/api/v1/persistentvolumes";
  private static final String CLASSES = "/apis/storage.k8s.io/v1/storageclasses";
  private static final List<String> PROTOCOLS =
      List.of("nfs", "iscsi", "fc", "cephfs", "rbd", "glusterfs", "csi");

  private VolumeRows() {}

  /** The protocol or driver by which a volume comes from outside its node; empty if none. */
  private static Optional<String> external(Map<String, Object> volume) {
    return PROTOCOLS.stream()
        .filter(p -> Trees.map(volume, "spec", p) != null)
        .findFirst()
        .map(p -> p.equals("csi") ? Trees.stringOr(volume, p, "spec", "csi", "driver") : p);
  }

  /** The pods that mount a volume through its claim and are ready. */
  private static List<String> users(Context context, Map<String, Object> volume)
      throws InterruptedException {
    String namespace = Trees.stringOr(volume, "", "spec", "claimRef", "namespace");
    String claim = Trees.stringOr(volume, "", "spec", "claimRef", "name");
    return context.list("/api/v1/pods").stream()
        .filter(p -> Named.namespace(p).equals(namespace) && Named.condition(p, "Ready"))
        .filter(
            p ->
                Trees.maps(p, "spec", "volumes").stream()
                    .anyMatch(
                        v -> claim.equals(Trees.string(v, "persistentVolumeClaim", "claimName"))))
        .map(Named::full)
        .toList();
  }

  private static final Check EXTERNAL =
      Check.of(
          "a ready pod mounts a volume of a CSI driver or a storage protocol",
          context -> {
            TreeSet<String> offered = new TreeSet<>();
            Findings findings = new Findings();
            context
                .list("/apis/storage.k8s.io/v1/csidrivers")
                .forEach(d -> offered.add(Named.name(d)));
            for (Map<String, Object> volume : context.list(VOLUMES)) {
              Optional<String> way = external(volume);
              if (way.isEmpty()) {
                continue;
              }
              offered.add(way.get());
              for (String pod : users(context, volume)) {
                findings.saw(pod + " mounts " + Named.name(volume) + " by " + way.get());
              }
              if ("Failed".equals(Trees.string(volume, "status", "phase"))) {
                findings.breach(
                    Named.name(volume)
                        + " failed: "
                        + Trees.stringOr(volume, "", "status", "message"));
              }
            }
            if (offered.isEmpty()) {
              return Verdict.notApplicable(
                  "no storage from outside is offered: there is no CSIDriver and no volume of a"
                      + " storage protocol");
            }
            return findings.failed() || !findings.evidence().isEmpty()
                ? findings.verdict()
                : Verdict.notCheckable(
                    Verdict.Cause.MEANS,
                    "offered is " + offered + ", and no ready pod mounts a volume of it");
          });

  /** The parameters of a class that ask for encryption. */
  private static List<String> encryption(Map<String, Object> storageClass) {
    List<String> found = new ArrayList<>();
    Map<String, Object> parameters = Trees.map(storageClass, "parameters");
    if (parameters != null) {
      parameters.forEach(
          (key, value) -> {
            if (key.matches("(?i).*(encrypt|luks|kms).*") && !"false".equals(value)) {
              found.add(key);
            }
          });
    }
    return found;
  }

  private static final Check ENCRYPTED =
      Check.of(
          "a StorageClass that asks for encryption gives encrypted volumes",
          context -> {
            Findings findings = new Findings();
            List<String> classes = new ArrayList<>();
            for (Map<String, Object> storageClass : context.list(CLASSES)) {
              List<String> asked = encryption(storageClass);
              if (!asked.isEmpty()) {
                classes.add(Named.name(storageClass));
                findings.saw("StorageClass " + Named.name(storageClass) + " has " + asked);
              }
            }
            List<String> devices = new ArrayList<>();
            for (Map<String, Object> node : NodeFacts.nodes(context)) {
              NodeFacts.values(node, "encrypted-device")
                  .forEach(d -> devices.add(node.get("node") + " has the encrypted device " + d));
            }
            if (classes.isEmpty()) {
              return Verdict.notApplicable(
                  "encryption is not offered: no StorageClass has a parameter for it");
            }
            boolean bound =
                context.list(VOLUMES).stream()
                    .anyMatch(
                        v -> classes.contains(Trees.stringOr(v, "", "spec", "storageClassName")));
            devices.forEach(findings::saw);
            return bound
                ? findings.verdict()
                : new Verdict.NotCheckable(
                    Verdict.Cause.MEANS,
                    "offered by " + classes + ", and there is no volume of it to look at",
                    findings.evidence());
          });

  static void add(Rows rows) {
    rows.add("ra2.stg.003", "Repair the volumes that failed.", EXTERNAL)
        .add("ra2.stg.009", "Offer a StorageClass with encryption.", ENCRYPTED);
  }
}
