package io.kubra.conformance.probe;

import static io.kubra.conformance.probe.ApiProbes.yaml;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Findings;
import java.time.Duration;

/** Probes of volumes. */
public final class StorageProbes {
  private static final Duration SOON = Duration.ofSeconds(30);

  private StorageProbes() {}

  /** One pod mounts an emptyDir, a Secret and a ConfigMap. */
  public static final Check PROJECTED =
      Check.of(
          "a pod mounts emptyDir, Secret and ConfigMap volumes",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .workspace()
                .create(
                    yaml(
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: mounted, namespace: %s}, data: {a: map}}"
                            .formatted(namespace)));
            context
                .workspace()
                .create(
                    yaml(
                        "{apiVersion: v1, kind: Secret, metadata: {name: mounted, namespace: %s}, stringData: {a: secret}}"
                            .formatted(namespace)));
            String log =
                context
                    .pods()
                    .output(
                        new PodDraft(
                                namespace,
                                "volumes",
                                context.image(),
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
      Check.of(
          "data in a dynamically provisioned claim outlives its pod",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .workspace()
                .create(
                    yaml(
                        """
                        apiVersion: v1
                        kind: PersistentVolumeClaim
                        metadata: {name: kept, namespace: %s}
                        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 16Mi}}}
                        """
                            .formatted(namespace)));
            context
                .pods()
                .output(user(namespace, context.image(), "writer", "echo kept > /data/f"));
            String path = Pods.path(namespace, "writer");
            context.kube().delete(path);
            Await.until(SOON, () -> context.kube().find(path).isEmpty());
            String log =
                context.pods().output(user(namespace, context.image(), "reader", "cat /data/f"));
            return new Findings()
                .require(log.strip().equals("kept"), "a second pod reads what the first wrote")
                .verdict();
          });

  private static PodDraft user(String namespace, String image, String name, String script) {
    return new PodDraft(namespace, name, image, script)
        .main("volumeMounts: [{name: data, mountPath: /data}]")
        .spec(
            "{securityContext: {fsGroup: 1000}, volumes: [{name: data, persistentVolumeClaim: {claimName: kept}}]}");
  }
}
