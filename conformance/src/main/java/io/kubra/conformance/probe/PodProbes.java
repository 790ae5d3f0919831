package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Findings;
import java.time.Duration;
import java.util.Map;

/** Probes of what pods may expect of nodes and scheduler. */
public final class PodProbes {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration RUN = Duration.ofSeconds(45);

  private PodProbes() {}

  /** A pod runs, and its output is read back. */
  public static final Check RUNS =
      Check.of(
          "a pod runs to its end and its log is read",
          context -> {
            String namespace = context.workspace().namespace();
            String log =
                context
                    .pods()
                    .output(new PodDraft(namespace, "runs", context.image(), "echo it runs"));
            return new Findings()
                .require(log.strip().equals("it runs"), "the log holds what the pod printed")
                .verdict();
          });

  /** A pod that asks for more than any node has stays pending, with a reason. */
  public static final Check TOO_LARGE =
      Check.of(
          "a pod larger than every node stays Pending",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .pods()
                .create(
                    new PodDraft(namespace, "too-large", context.image(), "true")
                        .main(
                            "resources: {requests: {cpu: 100000, memory: 1Pi, ephemeral-storage: 1Pi}}"));
            String path = Pods.path(namespace, "too-large");
            boolean refused =
                Await.until(
                    SOON,
                    () ->
                        Named.conditionStatus(context.kube().get(path), "PodScheduled")
                            .equals("False"));
            return new Findings()
                .require(
                    refused,
                    "PodScheduled is False: " + context.pods().state(namespace, "too-large"))
                .verdict();
          });

  /** A quota refuses what goes beyond it. */
  public static final Check QUOTA =
      Check.of(
          "a ResourceQuota refuses what goes beyond it",
          context -> {
            String namespace = context.workspace().namespace("quota", Map.of());
            Map<String, Object> quota =
                ApiProbes.yaml(
                    """
                    apiVersion: v1
                    kind: ResourceQuota
                    metadata: {name: none, namespace: %s}
                    spec: {hard: {count/secrets: "0"}}
                    """
                        .formatted(namespace));
            context.workspace().create(quota);
            Map<String, Object> secret =
                ApiProbes.yaml("{apiVersion: v1, kind: Secret, metadata: {name: beyond}}");
            String secrets = "/api/v1/namespaces/" + namespace + "/secrets?dryRun=All";
            boolean refused =
                Await.until(
                    SOON,
                    () -> {
                      Kube.Answer answer = context.kube().ask("POST", secrets, Map.of(), secret);
                      return answer.status() == 403 && answer.body().contains("exceeded quota");
                    });
            return new Findings()
                .require(refused, "a Secret beyond a quota of none is refused with 403")
                .verdict();
          });

  /** A sidecar starts first and runs beside the main container, which may end. */
  public static final Check SIDECAR =
      Check.of(
          "an init container that restarts always runs beside the main one and lets the pod end",
          context -> {
            String namespace = context.workspace().namespace();
            PodDraft draft =
                new PodDraft(
                    namespace, "sidecar", context.image(), "cat /shared/started && echo beside");
            Map<String, Object> main = Trees.maps(draft.tree(), "spec", "containers").getFirst();
            Map<String, Object> sidecar = Trees.deepCopy(main);
            sidecar.put("name", "sidecar");
            sidecar.put("restartPolicy", "Always");
            Trees.ensureList(sidecar, "command")
                .set(2, "echo sidecar > /shared/started; " + PodDraft.WAIT);
            sidecar.put(
                "startupProbe",
                ApiProbes.yaml("{exec: {command: [cat, /shared/started]}, periodSeconds: 1}"));
            Object mounts = java.util.List.of(Map.of("name", "shared", "mountPath", "/shared"));
            main.put("volumeMounts", mounts);
            sidecar.put("volumeMounts", mounts);
            draft
                .set(java.util.List.of(sidecar), "spec", "initContainers")
                .spec("volumes: [{name: shared, emptyDir: {}}]")
                .set("Never", "spec", "restartPolicy");
            context.pods().create(draft);
            String phase = context.pods().awaitEnd(namespace, "sidecar");
            String log =
                phase.isEmpty()
                    ? ""
                    : context.kube().text(Pods.path(namespace, "sidecar") + "/log?container=main");
            return new Findings()
                .require(
                    phase.equals("Succeeded"),
                    "the pod ended as Succeeded while its sidecar still ran")
                .require(
                    log.contains("sidecar") && log.contains("beside"),
                    "the sidecar had started before the main container")
                .verdict();
          });

  /** A container that fails its liveness probe is restarted. */
  public static final Check LIVENESS =
      Check.of(
          "a container that fails its liveness probe is restarted",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .pods()
                .create(
                    new PodDraft(namespace, "liveness", context.image(), PodDraft.WAIT)
                        .main(
                            "livenessProbe: {exec: {command: [\"false\"]}, periodSeconds: 1, failureThreshold: 1}"));
            String path = Pods.path(namespace, "liveness");
            boolean restarted =
                Await.until(
                    RUN,
                    () ->
                        Trees.maps(context.kube().get(path), "status", "containerStatuses").stream()
                            .anyMatch(c -> Trees.integerOr(c, 0, "restartCount") > 0));
            return new Findings().require(restarted, "its restart count rose").verdict();
          });

  /** A pod with a readiness gate is ready only once the condition is. */
  public static final Check READINESS_GATE =
      Check.of(
          "a readiness gate holds the pod's readiness",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .pods()
                .create(
                    new PodDraft(namespace, "gate", context.image(), PodDraft.WAIT)
                        .spec("readinessGates: [{conditionType: example.com/gate}]"));
            String path = Pods.path(namespace, "gate");
            Findings findings =
                new Findings()
                    .require(
                        Await.until(
                            RUN,
                            () -> Named.condition(context.kube().get(path), "ContainersReady")),
                        "its containers became ready")
                    .require(
                        !Named.condition(context.kube().get(path), "Ready"),
                        "the pod was not Ready without the condition");
            context
                .kube()
                .patch(
                    path + "/status",
                    io.kubra.client.PatchType.STRATEGIC,
                    "{\"status\":{\"conditions\":[{\"type\":\"example.com/gate\",\"status\":\"True\"}]}}");
            return findings
                .require(
                    Await.until(SOON, () -> Named.condition(context.kube().get(path), "Ready")),
                    "the pod turned Ready with it")
                .verdict();
          });

  /** Files of a volume get the pod's group. */
  public static final Check FS_GROUP =
      Check.of(
          "files on a volume get the pod's fsGroup",
          context -> {
            String namespace = context.workspace().namespace();
            String log =
                context
                    .pods()
                    .output(
                        new PodDraft(
                                namespace,
                                "fsgroup",
                                context.image(),
                                "touch /data/f && stat -c %g /data/f")
                            .main("volumeMounts: [{name: data, mountPath: /data}]")
                            .spec(
                                "{securityContext: {fsGroup: 4321}, volumes: [{name: data, emptyDir: {}}]}"));
            return new Findings()
                .require(log.strip().equals("4321"), "a new file belongs to group 4321")
                .saw("its group is " + log.strip())
                .verdict();
          });

  /** A pod in a user namespace of its own is root only there. */
  public static final Check USER_NAMESPACE =
      Check.of(
          "a pod with hostUsers: false has its root mapped to another user of the host",
          context -> {
            String namespace = context.workspace().namespace();
            String map =
                context
                    .pods()
                    .output(
                        new PodDraft(namespace, "userns", context.image(), "cat /proc/self/uid_map")
                            .root()
                            .spec("hostUsers: false"))
                    .strip();
            String[] fields = map.split("\\s+");
            boolean mapped = fields.length >= 2 && fields[0].equals("0") && !fields[1].equals("0");
            return new Findings()
                .expect(mapped, "uid_map is " + map, "root of the pod is root of the host: " + map)
                .verdict();
          });
}
