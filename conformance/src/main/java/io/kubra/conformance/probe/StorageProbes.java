package io.kubra.conformance.probe;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.verdict.Findings;

/** Probes of volumes. */
public final class StorageProbes {
  private StorageProbes() {}

  /** One pod mounts an emptyDir, a Secret and a ConfigMap. */
  public static final Check PROJECTED =
      Probe.shared(
          "a pod mounts emptyDir, Secret and ConfigMap volumes",
          probe -> {
            probe.create(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: mounted}, data: {a: map}}");
            probe.create(
                "{apiVersion: v1, kind: Secret, metadata: {name: mounted}, stringData: {a: secret}}");
            String log =
                probe
                    .pods()
                    .output(
                        probe
                            .pod(
                                "volumes",
                                "echo $(cat /map/a) $(cat /secret/a) $(echo empty > /empty/a; cat /empty/a)")
                            .main(
                                "volumeMounts: [{name: m, mountPath: /map}, {name: s, mountPath: /secret}, {name: e, mountPath: /empty}]")
                            .spec(
                                "volumes: [{name: m, configMap: {name: mounted}}, {name: s, secret: {secretName: mounted}}, {name: e, emptyDir: {}}]"));
            return new Findings()
                .require(log.strip().equals("map secret empty"), "all three are read in the pod")
                .saw("the pod read: " + log.strip())
                .verdict();
          });

  /** Data written through a claim outlives the pod that wrote it. */
  public static final Check CLAIM =
      Probe.shared(
          "data in a dynamically provisioned claim outlives its pod",
          probe -> {
            probe.create(
                """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: kept}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 16Mi}}}
                """);
            probe.pods().output(user(probe, "writer", "echo kept > /data/f"));
            probe.remove("writer");
            String log = probe.pods().output(user(probe, "reader", "cat /data/f"));
            return new Findings()
                .require(log.strip().equals("kept"), "a second pod reads what the first wrote")
                .verdict();
          });

  private static PodDraft user(Probe probe, String name, String script) {
    return probe
        .pod(name, script)
        .main("volumeMounts: [{name: data, mountPath: /data}]")
        .spec(
            "{securityContext: {fsGroup: 1000}, volumes: [{name: data, persistentVolumeClaim: {claimName: kept}}]}");
  }
}
