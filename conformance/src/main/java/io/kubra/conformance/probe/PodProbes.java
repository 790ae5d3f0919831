package io.kubra.conformance.probe;

import static io.kubra.conformance.probe.Probe.yaml;

import io.kubra.api.tree.Trees;
import io.kubra.client.PatchType;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Findings;
import java.util.List;
import java.util.Map;

/** Probes of what pods may expect of nodes and scheduler. */
public final class PodProbes {
  private PodProbes() {}

  /** A pod runs, and its output is read back. */
  public static final Check RUNS =
      Probe.shared(
          "a pod runs to its end and its log is read",
          probe -> {
            String log = probe.pods().output(probe.pod("runs", "echo it runs"));
            return new Findings()
                .require(log.strip().equals("it runs"), "the log holds what the pod printed")
                .verdict();
          });

  /** A pod that asks for more than any node has stays pending, with a reason. */
  public static final Check TOO_LARGE =
      Probe.shared(
          "a pod larger than every node stays Pending",
          probe -> {
            probe
                .pods()
                .create(
                    probe
                        .pod("too-large", "true")
                        .main(
                            "resources: {requests: {cpu: 100000, memory: 1Pi, ephemeral-storage: 1Pi}}"));
            boolean refused =
                probe.comes(
                    "too-large",
                    probe.soon(),
                    p -> Named.conditionStatus(p, "PodScheduled").equals("False"));
            return new Findings()
                .require(
                    refused,
                    "PodScheduled is False: " + probe.pods().state(probe.namespace(), "too-large"))
                .verdict();
          });

  /** A quota refuses what goes beyond it. */
  public static final Check QUOTA =
      Probe.alone(
          "a ResourceQuota refuses what goes beyond it",
          "quota",
          probe -> {
            probe.create(
                """
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: none}
                spec: {hard: {count/secrets: "0"}}
                """);
            Map<String, Object> secret =
                yaml("{apiVersion: v1, kind: Secret, metadata: {name: beyond}}");
            String secrets = probe.path("v1", "secrets?dryRun=All");
            boolean refused =
                Await.until(
                    probe.soon(),
                    () -> {
                      Kube.Answer answer = probe.kube().ask("POST", secrets, Map.of(), secret);
                      return answer.status() == 403 && answer.body().contains("exceeded quota");
                    });
            return new Findings()
                .require(refused, "a Secret beyond a quota of none is refused with 403")
                .verdict();
          });

  /** A sidecar starts first and runs beside the main container, which may end. */
  public static final Check SIDECAR =
      Probe.shared(
          "an init container that restarts always runs beside the main one and lets the pod end",
          probe -> {
            PodDraft draft = probe.pod("sidecar", "cat /shared/started && echo beside");
            Map<String, Object> main = Trees.maps(draft.tree(), "spec", "containers").getFirst();
            Map<String, Object> sidecar = Trees.deepCopy(main);
            sidecar.put("name", "sidecar");
            sidecar.put("restartPolicy", "Always");
            Trees.ensureList(sidecar, "command")
                .set(2, "echo sidecar > /shared/started; " + PodDraft.WAIT);
            sidecar.put(
                "startupProbe",
                yaml("{exec: {command: [cat, /shared/started]}, periodSeconds: 1}"));
            Object mounts = List.of(Map.of("name", "shared", "mountPath", "/shared"));
            main.put("volumeMounts", mounts);
            sidecar.put("volumeMounts", mounts);
            draft
                .set(List.of(sidecar), "spec", "initContainers")
                .spec("volumes: [{name: shared, emptyDir: {}}]")
                .set("Never", "spec", "restartPolicy");
            probe.pods().create(draft);
            String phase = probe.pods().awaitEnd(probe.namespace(), "sidecar");
            String log =
                phase.isEmpty()
                    ? ""
                    : probe
                        .kube()
                        .text(Pods.path(probe.namespace(), "sidecar") + "/log?container=main");
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
      Probe.shared(
          "a container that fails its liveness probe is restarted",
          probe -> {
            probe
                .pods()
                .create(
                    probe
                        .waiting("liveness")
                        .main(
                            "livenessProbe: {exec: {command: [\"false\"]}, periodSeconds: 1, failureThreshold: 1}"));
            boolean restarted =
                probe.comes(
                    "liveness",
                    probe.run(),
                    p ->
                        Trees.maps(p, "status", "containerStatuses").stream()
                            .anyMatch(c -> Trees.integerOr(c, 0, "restartCount") > 0));
            return new Findings().require(restarted, "its restart count rose").verdict();
          });

  /** A pod with a readiness gate is ready only once the condition is. */
  public static final Check READINESS_GATE =
      Probe.shared(
          "a readiness gate holds the pod's readiness",
          probe -> {
            probe
                .pods()
                .create(
                    probe
                        .waiting("gate")
                        .spec("readinessGates: [{conditionType: example.com/gate}]"));
            Findings findings =
                new Findings()
                    .require(
                        probe.comes(
                            "gate", probe.run(), p -> Named.condition(p, "ContainersReady")),
                        "its containers became ready")
                    .require(
                        !Named.condition(probe.read("gate"), "Ready"),
                        "the pod was not Ready without the condition");
            probe
                .kube()
                .patch(
                    Pods.path(probe.namespace(), "gate") + "/status",
                    PatchType.STRATEGIC,
                    "{\"status\":{\"conditions\":[{\"type\":\"example.com/gate\",\"status\":\"True\"}]}}");
            return findings
                .require(
                    probe.comes("gate", probe.soon(), p -> Named.condition(p, "Ready")),
                    "the pod turned Ready with it")
                .verdict();
          });

  /** Files of a volume get the pod's group. */
  public static final Check FS_GROUP =
      Probe.shared(
          "files on a volume get the pod's fsGroup",
          probe -> {
            String log =
                probe
                    .pods()
                    .output(
                        probe
                            .pod("fsgroup", "touch /data/f && stat -c %g /data/f")
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
      Probe.shared(
          "a pod with hostUsers: false has its root mapped to another user of the host",
          probe -> {
            String map =
                probe
                    .pods()
                    .output(
                        probe
                            .pod("userns", "cat /proc/self/uid_map")
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
