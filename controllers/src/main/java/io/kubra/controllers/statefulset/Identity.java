package io.kubra.controllers.statefulset;

import io.kubra.controllers.runtime.PodControl;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.apps.v1.StatefulSetOrdinals;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.PersistentVolumeClaimVolumeSource;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodTemplateSpec;
import io.kubra.model.core.v1.Volume;
import io.kubra.model.meta.v1.LabelSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names, labels and volumes of the pods of StatefulSets. */
final class Identity {
  static final String REVISION = "controller-revision-hash";
  private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
  private static final String POD_INDEX = "apps.kubernetes.io/pod-index";
  private static final Pattern NAME = Pattern.compile("(.*)-([0-9]{1,9})");

  private Identity() {}

  /** The ordinal in the name of one of the set's pods, or -1. */
  static int ordinal(StatefulSet set, Pod pod) {
    Matcher matcher = NAME.matcher(pod.metadata().name());
    return matcher.matches() && matcher.group(1).equals(set.metadata().name())
        ? Integer.parseInt(matcher.group(2))
        : -1;
  }

  static int start(StatefulSet set) {
    StatefulSetOrdinals ordinals = set.spec().ordinals();
    return ordinals == null ? 0 : Objects.requireNonNullElse(ordinals.start(), 0);
  }

  static int replicas(StatefulSet set) {
    return Objects.requireNonNullElse(set.spec().replicas(), 1);
  }

  static String revision(Pod pod) {
    return pod.metadata().labels().getOrDefault(REVISION, "");
  }

  /** The pod of an ordinal after a revision's template, with its claims as volumes. */
  static Pod pod(StatefulSet set, PodTemplateSpec template, String revision, int ordinal) {
    Pod pod = PodControl.fromTemplate(set, template);
    String name = set.metadata().name() + "-" + ordinal;
    Map<String, String> labels = labels(pod.metadata().labels(), name, ordinal);
    labels.put(REVISION, revision);
    List<Volume> volumes = new ArrayList<>();
    for (PersistentVolumeClaim claim : set.spec().volumeClaimTemplates()) {
      volumes.add(
          Volume.builder()
              .name(claim.metadata().name())
              .persistentVolumeClaim(
                  PersistentVolumeClaimVolumeSource.builder()
                      .claimName(claimName(set, claim, ordinal))
                      .readOnly(false)
                      .build())
              .build());
    }
    for (Volume volume : template.spec().volumes()) {
      if (volumes.stream().noneMatch(v -> v.name().equals(volume.name()))) {
        volumes.add(volume);
      }
    }
    return pod.toBuilder()
        .metadata(pod.metadata().toBuilder().generateName("").name(name).labels(labels).build())
        .spec(
            template.spec().toBuilder()
                .hostname(name)
                .subdomain(set.spec().serviceName())
                .volumes(volumes)
                .build())
        .build();
  }

  private static Map<String, String> labels(Map<String, String> given, String name, int ordinal) {
    Map<String, String> labels = new LinkedHashMap<>(given);
    labels.put(POD_NAME, name);
    labels.put(POD_INDEX, Integer.toString(ordinal));
    return labels;
  }

  /** The pod with the labels of its identity; the same if it has them. */
  static Pod identified(StatefulSet set, Pod pod) {
    Map<String, String> labels =
        labels(pod.metadata().labels(), pod.metadata().name(), ordinal(set, pod));
    return labels.equals(pod.metadata().labels())
        ? pod
        : pod.withMetadata(pod.metadata().toBuilder().labels(labels).build());
  }

  static String claimName(StatefulSet set, PersistentVolumeClaim template, int ordinal) {
    return template.metadata().name() + "-" + set.metadata().name() + "-" + ordinal;
  }

  /** The claims of an ordinal. */
  static List<PersistentVolumeClaim> claims(StatefulSet set, int ordinal) {
    List<PersistentVolumeClaim> claims = new ArrayList<>();
    LabelSelector selector = set.spec().selector();
    for (PersistentVolumeClaim template : set.spec().volumeClaimTemplates()) {
      Map<String, String> labels = new LinkedHashMap<>(template.metadata().labels());
      if (selector != null) {
        labels.putAll(selector.matchLabels());
      }
      claims.add(
          template.withMetadata(
              template.metadata().toBuilder()
                  .name(claimName(set, template, ordinal))
                  .namespace(set.metadata().namespace())
                  .labels(labels)
                  .build()));
    }
    return claims;
  }

  static boolean memberOf(StatefulSet set, Pod pod) {
    return ordinal(set, pod) >= 0;
  }

  static boolean runningAndReady(Pod pod) {
    return "Running".equals(pod.status().phase()) && Pods.ready(pod);
  }

  static boolean available(StatefulSet set, Pod pod, Instant now) {
    int least = Objects.requireNonNullElse(set.spec().minReadySeconds(), 0);
    return runningAndReady(pod) && Pods.available(pod, least, now);
  }

  /** Whether the pod is stored: one that is still to be created has no uid. */
  static boolean created(Pod pod) {
    return !pod.metadata().uid().isEmpty();
  }
}
