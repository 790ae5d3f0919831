package io.kubra.conformance.cluster;

import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A pod to make. It begins as one container {@code main} that runs a shell script as an ordinary
 * user with nothing granted, and ends by itself after ten minutes in case nobody removes it.
 */
public final class PodDraft {
  private static final String BASE =
      """
      apiVersion: v1
      kind: Pod
      metadata: {}
      spec:
        terminationGracePeriodSeconds: 1
        activeDeadlineSeconds: 600
        automountServiceAccountToken: false
        containers:
        - name: main
          command: [/bin/sh, -c]
          resources:
            requests: {cpu: 5m, memory: 8Mi}
            limits: {cpu: 500m, memory: 64Mi}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            runAsNonRoot: true
            runAsUser: 1000
            runAsGroup: 1000
            seccompProfile: {type: RuntimeDefault}
      """;

  /** A script that does nothing until it is told to end. */
  public static final String WAIT = "trap 'exit 0' TERM INT; while :; do sleep 1 & wait $!; done";

  private final Map<String, Object> tree;

  /** A pod that runs a script from an image with a shell. */
  public PodDraft(String namespace, String name, String image, String script) {
    tree = Yaml.parseObject(BASE.getBytes(StandardCharsets.UTF_8));
    set(namespace, "metadata", "namespace");
    set(name, "metadata", "name");
    set(name, "metadata", "labels", "app");
    container().put("image", image);
    Trees.ensureList(container(), "command").add(script);
  }

  /** Sets a field of the pod. */
  public PodDraft set(Object value, String... path) {
    Trees.set(tree, value, path);
    return this;
  }

  /** Sets a field of the container. */
  public PodDraft setMain(Object value, String... path) {
    Trees.set(container(), value, path);
    return this;
  }

  /** Merges fields given as YAML into the pod's spec at the top; lists and scalars replace. */
  public PodDraft spec(String yaml) {
    fields(yaml).forEach((key, value) -> Trees.set(tree, value, "spec", key));
    return this;
  }

  /** Merges fields given as YAML into the container at the top. */
  public PodDraft main(String yaml) {
    container().putAll(fields(yaml));
    return this;
  }

  /** Runs as root, still without capabilities. */
  public PodDraft root() {
    return main("securityContext: {runAsUser: 0}");
  }

  private static Map<String, Object> fields(String yaml) {
    return Yaml.parseObject(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, Object> container() {
    return Trees.maps(tree, "spec", "containers").getFirst();
  }

  /** The pod. */
  public Map<String, Object> tree() {
    return tree;
  }
}
